// What a tool call was about, from its name and input: the same for every agent that is read by entries.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { stableJson } from '../stable-json.js'
import { seedFile } from '../warehouse/read-sql.js'
import type { Fields, ToolErrorKind } from './formats/entries.js'
import { errorKinds, programAndVerb, programCall, programsWithVerbs, testCommand } from './tool-patterns.js'

export type ToolKind = 'read' | 'edit' | 'write' | 'search' | 'shell' | 'web' | 'delegate' | 'mcp' | 'other'

let kinds: ReadonlyMap<string, ToolKind> | null = null

/** As in sql/seeds/tool_kinds.csv. */
export function toolKindOf(name: string): ToolKind {
  return readKinds().get(name) ?? (name.startsWith('mcp__') ? 'mcp' : 'other')
}

/** Every tool of which the kind is known. */
export function toolNames(): string[] {
  return [...readKinds().keys()]
}

function readKinds(): ReadonlyMap<string, ToolKind> {
  kinds ??= new Map(
    readFileSync(seedFile('tool_kinds'), 'utf8')
      .trim()
      .split(/\r?\n/)
      .slice(1)
      .map((line) => line.split(',') as [string, ToolKind]),
  )
  return kinds
}

/** The first input of these names that is text is the path that a tool reads, edits, writes or searches in. */
const pathKeys = [
  'file_path',
  'filePath',
  'absolute_path',
  'path',
  'notebook_path',
  'filename',
  'dir_path',
  'directory',
]
const commandKeys = ['command', 'cmd', 'script', 'input']

export interface ToolFacts {
  /** Path, program, host or agent; never a whole command. */
  readonly target: string | null
  readonly isCommit: boolean
  readonly isTestRun: boolean
  /** Equal for equal calls: 64 bits, as a decimal number. */
  readonly inputHash: string
  /** Lines that a whole-file write wrote. */
  readonly inputLineCount: number | null
}

export function toolFactsOf(name: string, input: Fields, delegatedAgent: string | null): ToolFacts {
  const kind = toolKindOf(name)
  const command = kind === 'shell' ? commandOf(input) : null
  return {
    target: targetOf(kind, input, command, delegatedAgent),
    isCommit: command !== null && /\bgit\s+(-\S+\s+\S+\s+)*commit\b/.test(command),
    isTestRun: command !== null && testRun.test(command),
    inputHash: createHash('sha256')
      .update(`${name} ${stableJson(input)}`)
      .digest()
      .readBigUInt64LE()
      .toString(),
    inputLineCount: kind === 'write' ? lineCountOf(input.content ?? input.text ?? input.file_text) : null,
  }
}

/** A shell call's command as text: as logged, or the script that a list of words runs. */
function commandOf(input: Fields): string | null {
  for (const key of commandKeys) {
    const value = input[key]
    if (typeof value === 'string') return value
    if (Array.isArray(value) && value.every((word) => typeof word === 'string'))
      return /^(ba|z|da)?sh$/.test(String(value[0])) && value.length > 2
        ? String(value.at(-1))
        : value.join(' ')
  }
  return null
}

function targetOf(
  kind: ToolKind,
  input: Fields,
  command: string | null,
  agent: string | null,
): string | null {
  if (kind === 'delegate') return agent
  if (kind === 'shell') return command === null ? null : programOf(command)
  if (kind === 'web') {
    const url = typeof input.url === 'string' ? input.url : ''
    return /^[a-z]+:\/\/(?:[^/?#]*@)?([^/:?#@]+)/.exec(url)?.[1] ?? null
  }
  if (kind === 'mcp' || kind === 'other') return null
  for (const key of pathKeys) if (typeof input[key] === 'string') return input[key]
  return null
}

const program = new RegExp(programCall)
const verb = new RegExp(programAndVerb)
const hasVerb = new RegExp(programsWithVerbs)
const testRun = new RegExp(testCommand)
const errorShapes = errorKinds.map(([pattern, kind]) => [new RegExp(pattern, 'i'), kind] as const)

function programOf(command: string): string | null {
  const name = program.exec(command)?.[1]
  if (name === undefined) return null
  const argument = hasVerb.test(name) ? verb.exec(command)?.[2] : undefined
  return argument === undefined ? name : `${name} ${argument}`
}

/** Lines of a text, whether or not its last one ends; null where it is none. */
export function lineCountOf(content: unknown): number | null {
  if (typeof content !== 'string') return null
  if (content === '') return 0
  return content.split('\n').length - (content.endsWith('\n') ? 1 : 0)
}

/** Why a call failed, as its answer says. */
export function errorKindOf(text: string): ToolErrorKind {
  const opening = text.slice(0, 400)
  return errorShapes.find(([shape]) => shape.test(opening))?.[1] ?? 'other'
}
