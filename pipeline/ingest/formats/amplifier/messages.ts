// transcript.jsonl: the conversation as it goes to the model, without most of its times.
import { type Fields, instantAt, isFields, listAt, textAt } from '../entries.js'

export interface TranscriptCall {
  readonly id: string | null
  readonly name: string
  readonly input: Fields
}

export interface Message {
  readonly role: string
  readonly at: string | null
  readonly text: string
  /** On the assistant's. */
  readonly calls: readonly TranscriptCall[]
  /** On a tool's answer. */
  readonly callId: string | null
  readonly toolName: string | null
}

export function messageOf(fields: Fields): Message {
  const blocks = typeof fields.content === 'string' ? [] : listAt(fields, 'content').filter(isFields)
  return {
    role: textAt(fields, 'role') ?? '',
    at: instantAt(fields, 'metadata', 'timestamp') ?? instantAt(fields, 'timestamp'),
    text: typeof fields.content === 'string' ? fields.content : textOf(blocks),
    calls: callsOf(fields, blocks),
    callId: textAt(fields, 'tool_call_id'),
    toolName: textAt(fields, 'name'),
  }
}

/** What hooks put in the person's mouth is in tags of its own. */
export function isAsked(message: Message): boolean {
  return message.role === 'user' && message.text.trim() !== '' && !/^\s*<system-reminder\b/.test(message.text)
}

function textOf(blocks: readonly Fields[]): string {
  return blocks
    .filter((block) => block.type === 'text')
    .map((block) => textAt(block, 'text') ?? '')
    .join('\n\n')
}

/** Calls stand beside the content, in it, or in both. */
function callsOf(fields: Fields, blocks: readonly Fields[]): TranscriptCall[] {
  const beside = listAt(fields, 'tool_calls').filter(isFields)
  const calls =
    beside.length > 0
      ? beside
      : blocks.filter((block) => block.type === 'tool_call' || block.type === 'tool_use')
  return calls.map((call) => ({
    id: textAt(call, 'id'),
    name: textAt(call, 'tool') ?? textAt(call, 'name') ?? 'unknown',
    input: [call.arguments, call.input].find(isFields) ?? {},
  }))
}
