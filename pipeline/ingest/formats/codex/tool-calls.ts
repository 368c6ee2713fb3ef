// What a tool was called with, whatever kind of item the call is.
import { type Fields, fieldsAt, isFields, listAt, textAt } from '../entries.js'
import { editOfPatch, type PatchEdit } from './patch.js'

export interface CodexCall {
  readonly callId: string | null
  readonly toolName: string
  readonly input: Fields
  readonly delegatedAgent: string | null
  /** What the patch says that was called for. */
  readonly edit: PatchEdit | null
}

/** The call that an item is; null where it is none. */
export function callOf(payload: Fields, workingDirectory: string | null): CodexCall | null {
  const callId = textAt(payload, 'call_id') ?? textAt(payload, 'id')
  switch (payload.type) {
    case 'function_call':
      return namedCall(callId, nameOf(payload), argumentsOf(payload.arguments), workingDirectory)
    case 'custom_tool_call':
      return namedCall(callId, nameOf(payload), { input: textAt(payload, 'input') ?? '' }, workingDirectory)
    case 'local_shell_call':
      return namedCall(callId, 'local_shell', fieldsAt(payload, 'action') ?? {}, workingDirectory)
    case 'web_search_call':
      return namedCall(callId, 'web_search', fieldsAt(payload, 'action') ?? {}, workingDirectory)
    case 'tool_search_call':
      return namedCall(callId, 'tool_search', argumentsOf(payload.arguments), workingDirectory)
    case 'image_generation_call':
      return namedCall(callId, 'image_generation', {}, workingDirectory)
    default:
      return null
  }
}

/** Codex takes `apply_patch` out of a shell's command and runs it itself: then it is that tool. */
export function namedCall(
  callId: string | null,
  toolName: string,
  input: Fields,
  workingDirectory: string | null,
): CodexCall {
  const patch = patchIn(toolName, input)
  const edit = patch === null ? null : editOfPatch(patch)
  if (edit === null) return { callId, toolName, input, delegatedAgent: agentOf(toolName, input), edit: null }
  return editCall(callId, { ...input, input: patch }, edit, workingDirectory)
}

export function editCall(
  callId: string | null,
  input: Fields,
  edit: PatchEdit,
  workingDirectory: string | null,
): CodexCall {
  const path = absolutePath(edit.path, workingDirectory)
  return { callId, toolName: 'apply_patch', input: { ...input, path }, delegatedAgent: null, edit }
}

/** An MCP tool's name comes in two parts. */
function nameOf(payload: Fields): string {
  const name = textAt(payload, 'name') ?? 'unknown'
  const namespace = textAt(payload, 'namespace')
  if (!namespace?.startsWith('mcp__') || name.startsWith('mcp__')) return name
  return namespace + (namespace.endsWith('_') || name.startsWith('_') ? '' : '__') + name
}

function argumentsOf(logged: unknown): Fields {
  if (isFields(logged)) return logged
  if (typeof logged !== 'string') return {}
  try {
    const value: unknown = JSON.parse(logged)
    return isFields(value) ? value : { input: logged }
  } catch {
    return { input: logged }
  }
}

const patchStart = '*** Begin Patch'
const patchCommand = /^\s*(?:cd\s+[^&;|]+(?:&&|;)\s*)?apply_patch\b/

function patchIn(toolName: string, input: Fields): string | null {
  if (toolName === 'apply_patch') return typeof input.input === 'string' ? input.input : null
  const command = input.cmd ?? input.command
  const words = typeof command === 'string' ? [command] : Array.isArray(command) ? command : []
  const text = words.find((word) => typeof word === 'string' && word.includes(patchStart))
  const isPatch = text !== undefined && (words[0] === 'apply_patch' || patchCommand.test(text))
  return isPatch ? text.slice(text.indexOf(patchStart)) : null
}

function agentOf(toolName: string, input: Fields): string | null {
  if (toolName !== 'spawn_agent') return null
  return typeof input.agent_type === 'string' ? input.agent_type : 'default'
}

function absolutePath(path: string, workingDirectory: string | null): string {
  if (workingDirectory === null || /^([\\/~]|[A-Za-z]:[\\/])/.test(path)) return path
  return `${workingDirectory.replace(/[\\/]$/, '')}/${path}`
}

/** The command of an item that tells of one, as `exec_command` would be called. */
export function commandInput(item: Fields): Fields {
  return { command: listAt(item, 'command') }
}
