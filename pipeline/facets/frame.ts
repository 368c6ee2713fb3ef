// The frame around what a model is to judge: one line of JSON a message, which no text in it can leave or imitate.
import { createHash } from 'node:crypto'
import { instructionPassages } from './planted-instructions.js'

export interface FramedMessage {
  readonly ordinal: number
  readonly from: 'person' | 'agent' | 'tool' | 'log'
  readonly text: string
  readonly calls?: readonly string[]
  /** Of a tool's answer: the call, and how it ended. */
  readonly call?: string
  readonly result?: string
  readonly summary?: string
}

const mostWarnings = 3
const warningChars = 80

/** Keys in this order; what is empty is left out. */
export function frameMessage(message: FramedMessage): string {
  const { ordinal, from, text, calls = [], call, result, summary } = message
  const said = [text, summary ?? '', call ?? '', ...calls].join('\n')
  return encode({
    n: ordinal,
    from,
    ...(call === undefined ? {} : { call }),
    ...(result === undefined ? {} : { result }),
    ...(summary === undefined ? {} : { summary }),
    ...(text === '' ? {} : { text }),
    ...(calls.length === 0 ? {} : { calls }),
    ...warningsOf(said, from === 'person'),
  })
}

function warningsOf(said: string, isHuman: boolean): { reads_as_instruction?: string[] } {
  const warnings = instructionPassages(said, isHuman)
    .slice(0, mostWarnings)
    .map((passage) => passage.replaceAll(/\s+/g, ' ').trim().slice(0, warningChars))
  return warnings.length === 0 ? {} : { reads_as_instruction: warnings }
}

/** What was counted of the session, not said in it. */
export function frameCounts(counted: Readonly<Record<string, number | string>>): string {
  return encode({ counted })
}

/** Title and folder are words like the others: a model or a file may have given them. */
export function frameName(name: { readonly title: string | null; readonly project: string | null }): string {
  const warnings = warningsOf(`${name.title ?? ''}\n\n${name.project ?? ''}`, false)
  return encode({ title: name.title, project: name.project, ...warnings })
}

export function frameGap(ordinals: readonly number[]): string {
  const [first, last, count] = [ordinals[0], ordinals.at(-1), ordinals.length]
  return encode(
    `[${count} message${count === 1 ? '' : 's'} left out: ${first === last ? first : `${first} to ${last}`}]`,
  )
}

/** No line begins but with `{` or `"`, and no `<` stands in any: the marks at both ends are the only ones. */
export function frame(name: 'transcript' | 'answer', lines: readonly string[]): string {
  const digest = createHash('sha256').update(lines.join('\n')).digest('hex').slice(0, 12)
  return [`<${name}-${digest}>`, ...lines, `</${name}-${digest}>`].join('\n')
}

/** JSON on one line, without angle brackets, and without the separators that some take for the end of a line. */
export function encode(value: unknown): string {
  return JSON.stringify(value).replaceAll(
    /[<>\u0085\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
