// What the loopback Discord holds: messages, their files and reactions, and the answers it gives about them.
import type { IncomingMessage, ServerResponse } from 'node:http'
import { type DiscordFile, type MessageBody, pingsOf, validateMessage } from './discord-limits.js'

export interface StoredFile extends DiscordFile {
  readonly id: string
}

export interface StoredMessage {
  readonly id: string
  readonly threadId: string | null
  /** Of the bot or the webhook that posted it. */
  readonly authorId: string
  readonly nonce: string | null
  body: MessageBody
  /** Attachments as they stand now. */
  files: StoredFile[]
  /** Whom Discord would have notified. */
  pings: string[]
  /** Who reacted, by emoji. */
  readonly reactions: Map<string, Set<string>>
}

export interface Answer {
  readonly status: number
  readonly body?: object
}

export const unknownMessage: Answer = { status: 404, body: { message: 'Unknown Message', code: 10008 } }
export const unknownChannel: Answer = { status: 404, body: { message: 'Unknown Channel', code: 10003 } }
export const notAllowed: Answer = { status: 405, body: { message: '405: Method Not Allowed', code: 0 } }
export const notFound: Answer = { status: 404, body: { message: '404: Not Found', code: 0 } }

export class DiscordStore {
  readonly messages = new Map<string, StoredMessage>()
  #lastId = 9000000000000000000n

  nextId(): string {
    return String(++this.#lastId)
  }

  /** The refusal, or the message as it was stored. */
  async post(
    request: IncomingMessage,
    raw: Buffer,
    place: { readonly threadId: string | null; readonly authorId: string },
  ): Promise<{ refused: Answer } | { message: StoredMessage }> {
    const { body, files } = await parseMessage(request, raw)
    const problem = validateMessage(body, files)
    if (problem) return { refused: problem }
    const known = body.enforce_nonce
      ? [...this.messages.values()].find(
          ({ nonce, authorId }) => nonce === body.nonce && authorId === place.authorId,
        )
      : undefined
    if (known) return { message: known }
    const message: StoredMessage = {
      id: this.nextId(),
      ...place,
      nonce: body.nonce ?? null,
      body,
      files: files.map((file) => this.#withId(file)),
      pings: pingsOf(body),
      reactions: new Map(),
    }
    this.messages.set(message.id, message)
    return { message }
  }

  async patch(message: StoredMessage, request: IncomingMessage, raw: Buffer): Promise<Answer> {
    const { body, files } = await parseMessage(request, raw)
    const merged = { ...message.body, ...body }
    const problem = validateMessage(merged, files)
    if (problem) return problem
    // Old attachments stay unless `attachments` lists what to keep; files of this request are always added.
    const kept = message.files.filter(
      ({ id }) => !body.attachments || body.attachments.some((a) => String(a.id) === id),
    )
    message.files = [...kept, ...files.map((file) => this.#withId(file))]
    message.body = merged
    message.pings = pingsOf(merged)
    return { status: 200, body: shown(message) }
  }

  #withId(file: DiscordFile): StoredFile {
    return { ...file, id: this.nextId() }
  }
}

/** A message as Discord gives it back; `readerId` decides which reactions are `me`. A nonce is not kept. */
export function shown(message: StoredMessage, readerId = message.authorId, channelId = '1'): object {
  const { nonce: _nonce, enforce_nonce: _enforce, ...body } = message.body
  const attachments = message.files.map(({ id, name, bytes }) => ({ id, filename: name, size: bytes.length }))
  const reactions = [...message.reactions]
    .filter(([, users]) => users.size > 0)
    .map(([name, users]) => ({ emoji: { id: null, name }, count: users.size, me: users.has(readerId) }))
  const author = { id: message.authorId, bot: true }
  return {
    id: message.id,
    type: 0,
    channel_id: message.threadId ?? channelId,
    author,
    ...body,
    attachments,
    ...(reactions.length > 0 ? { reactions } : {}),
  }
}

export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

export function answer(response: ServerResponse, { status, body }: Answer): void {
  response.writeHead(status, body ? { 'content-type': 'application/json' } : {})
  response.end(body ? JSON.stringify(body) : undefined)
}

export async function parseMessage(
  request: IncomingMessage,
  raw: Buffer,
): Promise<{ body: MessageBody; files: DiscordFile[] }> {
  const type = request.headers['content-type'] ?? ''
  if (!type.startsWith('multipart/form-data'))
    return { body: JSON.parse(raw.toString('utf8')) as MessageBody, files: [] }
  const form = await new Response(new Uint8Array(raw), { headers: { 'content-type': type } }).formData()
  const files: DiscordFile[] = []
  for (const [field, value] of form.entries()) {
    if (typeof value === 'string' || !field.startsWith('files[')) continue
    files.push({ name: value.name, bytes: Buffer.from(await value.arrayBuffer()) })
  }
  return { body: JSON.parse(String(form.get('payload_json') ?? '{}')) as MessageBody, files }
}
