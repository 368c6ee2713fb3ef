// What one message of a Gemini session says.
import {
  countAt,
  type Fields,
  fieldsAt,
  instantAt,
  isFields,
  type LogEntry,
  listAt,
  type NoteEntry,
  textAt,
} from '../entries.js'
import { toolEntries } from './tool-call.js'

export function messageEntries(id: string, message: Fields): readonly LogEntry[] {
  const at = instantAt(message, 'timestamp')
  const text = textOf(message.displayContent ?? message.content)
  switch (textAt(message, 'type')) {
    case 'user':
      return userEntries(id, at, text)
    case 'gemini':
      return [
        ...usageEntries(id, at, message),
        ...(text === '' ? [] : [{ kind: 'assistant', at, id, text } as const]),
        ...listAt(message, 'toolCalls').flatMap((call) => toolEntries(id, at, call)),
      ]
    case 'info':
    case 'warning':
    case 'error':
      return [{ kind: noteKindOf(text), at, id, text }]
    default:
      return []
  }
}

/** Slash commands are recorded as if said. A path also begins with a slash, but has another. */
const slashCommand = /^\/[\w:-]+(?=\s|$)/

function userEntries(id: string, at: string | null, text: string): readonly LogEntry[] {
  if (text === '' || text === '?') return []
  const command = slashCommand.exec(text)?.[0]
  return [
    command === undefined
      ? { kind: 'prompt', at, id, text, promptSource: null }
      : { kind: 'command', at, id, name: command },
  ]
}

/** Cached input is part of `input`; thoughts are not part of `output`, nor what tools add of `input`. */
function usageEntries(id: string, at: string | null, message: Fields): readonly LogEntry[] {
  if (fieldsAt(message, 'tokens') === undefined) return []
  const input = countAt(message, 'tokens', 'input')
  const output = countAt(message, 'tokens', 'output')
  const cached = countAt(message, 'tokens', 'cached')
  return [
    {
      kind: 'llm_call',
      at,
      id,
      model: textAt(message, 'model'),
      inputTokens:
        input === null
          ? null
          : Math.max(input - (cached ?? 0), 0) + (countAt(message, 'tokens', 'tool') ?? 0),
      outputTokens: output === null ? null : output + (countAt(message, 'tokens', 'thoughts') ?? 0),
      cacheReadTokens: cached,
      // Gemini caches by itself and bills no writing.
      cacheWriteTokens: 0,
      webSearchCount: 0,
      loggedCostUsd: null,
    },
  ]
}

function noteKindOf(text: string): NoteEntry['kind'] {
  if (/^Request cancelled/i.test(text)) return 'interruption'
  if (/^Chat history compressed/i.test(text)) return 'compaction'
  return /^\[API Error/i.test(text) ? 'api_error' : 'system'
}

/** What the program puts beside or in place of what was typed. */
const injected =
  /^\s*(<(session_context|hook_context|state_snapshot)>|This is the Gemini CLI\. We are setting up the context)/

/** Text, or a part or list of parts: those that think, call and answer tools or hold data have none to show. */
function textOf(content: unknown): string {
  const texts: string[] = []
  for (const part of Array.isArray(content) ? content : [content]) {
    const text = typeof part === 'string' ? part : isFields(part) && part.thought !== true ? part.text : null
    if (typeof text !== 'string' || injected.test(text)) continue
    const referenced = text.search(/^\s*--- Content from referenced files ---/m)
    texts.push(referenced === -1 ? text : text.slice(0, referenced))
    if (referenced !== -1) break
  }
  return texts.join('\n').trim()
}
