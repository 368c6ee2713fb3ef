// A Claude Code session's conversation: lines merged into messages; wrappers, repeats and branches that were left are
// left out.
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import type { Transcript, TranscriptMessage, TranscriptToolCall } from '../../../transcript.js'
import { splitObjects } from '../../split-objects.js'
import { withoutAbandoned } from './abandoned.js'
import { humanText, slashCommand } from './prompt-text.js'

type Fields = Readonly<Record<string, unknown>>
type Message = Omit<TranscriptMessage, 'ordinal'>

interface OpenMessage {
  role: Message['role']
  at: string | null
  texts: string[]
  toolCalls: TranscriptToolCall[]
  uuid: string | null
  isTypedPrompt: boolean
}

interface Reading {
  readonly messages: OpenMessage[]
  readonly byMessageId: Map<string, OpenMessage>
  readonly toolNames: Map<string, string>
  readonly seenUuids: Set<string>
  readonly parents: Map<string, string>
  readonly summaries: { leafUuid: string; text: string }[]
  title: string | null
}

/** Reads the session's main file or files, in the order given; a line that cannot be read is passed over. */
export async function readTranscript(files: readonly string[], sessionId: string): Promise<Transcript> {
  const reading: Reading = {
    messages: [],
    byMessageId: new Map(),
    toolNames: new Map(),
    seenUuids: new Set(),
    parents: new Map(),
    summaries: [],
    title: null,
  }
  for (const file of files) {
    const lines = createInterface({
      input: createReadStream(file, 'utf8'),
      crlfDelay: Number.POSITIVE_INFINITY,
    })
    for await (const line of lines)
      for (const entry of entriesOf(line)) if (isOf(sessionId, entry)) takeEntry(reading, entry)
  }
  const summary = reading.summaries.findLast(({ leafUuid }) => reading.seenUuids.has(leafUuid))
  return {
    sessionId,
    title: reading.title ?? summary?.text ?? null,
    messages: withoutAbandoned(reading.messages, reading.parents).map(({ texts, ...message }, i) => ({
      ordinal: i + 1,
      role: message.role,
      text: texts.join('\n\n'),
      at: message.at,
      toolCalls: message.toolCalls,
    })),
  }
}

/** A line is one object; where lines were glued, each whole one. */
function entriesOf(line: string): Fields[] {
  try {
    return [fieldsOf(JSON.parse(line))]
  } catch {
    const { objects } = splitObjects(
      line,
      (object) => 'type' in object && ('uuid' in object || 'sessionId' in object),
    )
    return objects.map((object) => fieldsOf(JSON.parse(object)))
  }
}

/** A file may hold a second session; lines that name none, such as summaries, are of its own. */
function isOf(sessionId: string, entry: Fields): boolean {
  return typeof entry.sessionId !== 'string' || entry.sessionId === sessionId
}

function takeEntry(reading: Reading, entry: Fields): void {
  if (entry.type === 'custom-title') reading.title = textOf(entry.customTitle) ?? reading.title
  if (entry.type === 'summary') takeSummary(reading, entry)
  const uuid = textOf(entry.uuid)
  if (entry.isSidechain === true || (uuid !== null && reading.seenUuids.has(uuid))) return
  if (uuid !== null) reading.seenUuids.add(uuid)
  const parent = textOf(entry.parentUuid)
  if (uuid !== null && parent !== null) reading.parents.set(uuid, parent)
  const messageCount = reading.messages.length
  takeMessage(reading, entry)
  for (const message of reading.messages.slice(messageCount)) message.uuid = uuid
}

function takeMessage(reading: Reading, entry: Fields): void {
  const at = instantOf(entry.timestamp)
  if (entry.isCompactSummary === true) add(reading, 'note', at, 'Conversation compacted')
  else if (entry.isMeta === true) return
  else if (entry.type === 'assistant') takeAssistant(reading, entry, at)
  else if (entry.type === 'user') takeUser(reading, entry, at)
  else if (entry.type === 'attachment') takeAttachment(reading, entry, at)
}

function takeSummary(reading: Reading, entry: Fields): void {
  const leafUuid = textOf(entry.leafUuid)
  const text = textOf(entry.summary)
  if (leafUuid !== null && text !== null) reading.summaries.push({ leafUuid, text })
}

/** Lines that share a message id are one message; each may carry other blocks, or the same ones again. */
function takeAssistant(reading: Reading, entry: Fields, at: string | null): void {
  const message = fieldsOf(entry.message)
  const blocks = blocksOf(message.content)
  if (entry.isApiErrorMessage === true || message.model === '<synthetic>') {
    if (entry.isApiErrorMessage === true) add(reading, 'note', at, plainText(blocks))
    return
  }
  const id = textOf(message.id)
  const open = (id === null ? undefined : reading.byMessageId.get(id)) ?? add(reading, 'assistant', at)
  if (id !== null) reading.byMessageId.set(id, open)
  for (const block of blocks) takeAssistantBlock(reading, open, block)
}

function takeAssistantBlock(reading: Reading, open: OpenMessage, block: Fields): void {
  const text = block.type === 'text' ? textOf(block.text) : null
  if (text?.trim() && !open.texts.includes(text)) open.texts.push(text)
  const id = textOf(block.id)
  if (block.type !== 'tool_use' || id === null || reading.toolNames.has(id)) return
  const name = textOf(block.name) ?? 'unknown'
  reading.toolNames.set(id, name)
  open.toolCalls.push({ id, name, input: fieldsOf(block.input), isError: false })
}

function takeUser(reading: Reading, entry: Fields, at: string | null): void {
  const blocks = blocksOf(fieldsOf(entry.message).content)
  for (const block of blocks) if (block.type === 'tool_result') takeToolResult(reading, block, at)
  const text = plainText(blocks)
  const human = humanText(text)
  const command = slashCommand(text)
  if (text.trimStart().startsWith('[Request interrupted')) add(reading, 'note', at, text.trim())
  else if (command !== null) add(reading, 'note', at, command)
  else if (human !== null) add(reading, 'human', at, human).isTypedPrompt = true
  else if (blocks.some((block) => block.type === 'tool_result')) return
  else if (text === '' && blocks.some((block) => block.type === 'image'))
    add(reading, 'human', at, '[image]').isTypedPrompt = true
}

function takeToolResult(reading: Reading, block: Fields, at: string | null): void {
  const id = textOf(block.tool_use_id) ?? ''
  const name = reading.toolNames.get(id) ?? 'unknown'
  const open = add(reading, 'tool', at, plainText(blocksOf(block.content)))
  open.toolCalls.push({ id, name, input: {}, isError: block.is_error === true })
}

/** What was typed while the agent worked reaches it as an attachment. */
function takeAttachment(reading: Reading, entry: Fields, at: string | null): void {
  const attachment = fieldsOf(entry.attachment)
  if (attachment.type !== 'queued_command' || (attachment.commandMode ?? 'prompt') !== 'prompt') return
  const human = humanText(plainText(blocksOf(attachment.prompt)))
  if (human !== null) add(reading, 'human', at, human)
}

function add(reading: Reading, role: Message['role'], at: string | null, text?: string): OpenMessage {
  const open: OpenMessage = {
    role,
    at,
    texts: text ? [text] : [],
    toolCalls: [],
    uuid: null,
    isTypedPrompt: false,
  }
  reading.messages.push(open)
  return open
}

function plainText(blocks: readonly Fields[]): string {
  return blocks.flatMap((block) => (block.type === 'text' ? (textOf(block.text) ?? []) : [])).join('\n')
}

function blocksOf(content: unknown): Fields[] {
  if (typeof content === 'string') return [{ type: 'text', text: content }]
  return Array.isArray(content) ? content.map(fieldsOf) : []
}

function fieldsOf(value: unknown): Fields {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Fields) : {}
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}

function instantOf(value: unknown): string | null {
  const millis = typeof value === 'string' ? Date.parse(value) : Number.NaN
  return Number.isNaN(millis) ? null : new Date(millis).toISOString()
}
