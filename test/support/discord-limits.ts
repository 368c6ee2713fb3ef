// Discord's documented limits on a message, as checks that answer the way Discord does.

export interface DiscordFile {
  readonly name: string
  readonly bytes: Buffer
}

export interface EmbedBody {
  readonly title?: string
  readonly description?: string
  readonly url?: string
  readonly fields?: readonly { readonly name?: string; readonly value?: string }[]
  readonly footer?: { readonly text?: string }
  readonly author?: { readonly name?: string }
  readonly image?: { readonly url?: string }
}

export interface MessageBody {
  readonly content?: string | null
  readonly embeds?: readonly EmbedBody[]
  readonly thread_name?: string
  readonly nonce?: string
  readonly enforce_nonce?: boolean
  readonly attachments?: readonly { readonly id: string | number; readonly description?: string }[]
  readonly allowed_mentions?: {
    readonly parse?: readonly string[]
    readonly users?: readonly string[]
    readonly roles?: readonly string[]
  }
}

const attachmentBytesLimit = 10 * 1024 * 1024
const messageLimits = {
  content: 2000,
  embeds: 10,
  files: 10,
  altText: 1024,
  embedsTotal: 6000,
  threadName: 100,
  nonce: 25,
}
const embedLimits = {
  title: 256,
  description: 4096,
  fields: 25,
  fieldName: 256,
  fieldValue: 1024,
  footer: 2048,
  author: 256,
  url: 2048,
}

interface Problem {
  readonly path: string
  readonly code: string
  readonly message: string
}

/** The answer Discord gives to a message it refuses, or null where it takes it. */
export function validateMessage(
  body: MessageBody,
  files: readonly DiscordFile[],
): { status: number; body: object } | null {
  if (files.some((file) => file.bytes.length > attachmentBytesLimit))
    return { status: 413, body: { message: 'Request entity too large', code: 40005 } }
  const problems = [
    ...messageProblems(body, files),
    ...(body.embeds ?? []).flatMap((embed, i) => embedProblems(embed, `embeds.${i}`, files)),
  ]
  if (problems.length > 0)
    return { status: 400, body: { message: 'Invalid Form Body', code: 50035, errors: nested(problems) } }
  const isEmpty = !visible(body.content ?? undefined) && !body.embeds?.length && files.length === 0
  return isEmpty ? { status: 400, body: { message: 'Cannot send an empty message', code: 50006 } } : null
}

function messageProblems(body: MessageBody, files: readonly DiscordFile[]): Problem[] {
  const embeds = body.embeds ?? []
  const total = embeds.reduce((sum, embed) => sum + embedLength(embed), 0)
  return [
    ...tooLong('content', body.content ?? undefined, messageLimits.content),
    ...tooLong('thread_name', body.thread_name, messageLimits.threadName),
    ...(body.thread_name === undefined ? [] : blank('thread_name', body.thread_name)),
    ...tooLong('nonce', body.nonce, messageLimits.nonce),
    ...tooMany('embeds', embeds.length, messageLimits.embeds),
    ...tooMany('attachments', files.length, messageLimits.files),
    ...(body.attachments ?? []).flatMap((a, i) =>
      tooLong(`attachments.${i}.description`, a.description, messageLimits.altText),
    ),
    ...(total > messageLimits.embedsTotal
      ? [
          {
            path: 'embeds',
            code: 'MAX_EMBED_SIZE_EXCEEDED',
            message: `Embed size exceeds maximum size of ${messageLimits.embedsTotal}`,
          },
        ]
      : []),
  ]
}

function embedProblems(embed: EmbedBody, path: string, files: readonly DiscordFile[]): Problem[] {
  const fields = embed.fields ?? []
  return [
    ...tooLong(`${path}.title`, embed.title, embedLimits.title),
    ...tooLong(`${path}.description`, embed.description, embedLimits.description),
    ...tooLong(`${path}.footer.text`, embed.footer?.text, embedLimits.footer),
    ...tooLong(`${path}.author.name`, embed.author?.name, embedLimits.author),
    ...tooLong(`${path}.url`, embed.url, embedLimits.url),
    ...notHttp(`${path}.url`, embed.url),
    ...missingImage(`${path}.image.url`, embed.image?.url, files),
    ...tooMany(`${path}.fields`, fields.length, embedLimits.fields),
    ...fields.flatMap((field, i) => [
      ...blank(`${path}.fields.${i}.name`, field.name),
      ...blank(`${path}.fields.${i}.value`, field.value),
      ...tooLong(`${path}.fields.${i}.name`, field.name, embedLimits.fieldName),
      ...tooLong(`${path}.fields.${i}.value`, field.value, embedLimits.fieldValue),
    ]),
  ]
}

function embedLength(embed: EmbedBody): number {
  const texts = [embed.title, embed.description, embed.footer?.text, embed.author?.name]
  const fieldTexts = (embed.fields ?? []).flatMap((field) => [field.name, field.value])
  return [...texts, ...fieldTexts].reduce((sum, text) => sum + (text?.length ?? 0), 0)
}

function tooLong(path: string, text: string | undefined, limit: number): Problem[] {
  if ((text?.length ?? 0) <= limit) return []
  return [{ path, code: 'BASE_TYPE_MAX_LENGTH', message: `Must be ${limit} or fewer in length.` }]
}

function tooMany(path: string, count: number, limit: number): Problem[] {
  if (count <= limit) return []
  return [{ path, code: 'BASE_TYPE_MAX_LENGTH', message: `Must be ${limit} or fewer in length.` }]
}

function blank(path: string, text: string | undefined): Problem[] {
  return visible(text) ? [] : [{ path, code: 'BASE_TYPE_REQUIRED', message: 'This field is required' }]
}

/** Stricter than Discord may be: white space and what draws nothing is no text. */
function visible(text: string | undefined): boolean {
  return /[^\s\p{C}\p{M}\u115f\u1160\u2800\u3164\uffa0]/u.test(text ?? '')
}

function notHttp(path: string, url: string | undefined): Problem[] {
  if (url === undefined || (/^https?:\/\//.test(url) && URL.canParse(url))) return []
  return [{ path, code: 'URL_TYPE_INVALID_URL', message: 'Not a well formed URL.' }]
}

/** `attachment://name` must name a file of this request; everything else must be http(s). */
function missingImage(path: string, url: string | undefined, files: readonly DiscordFile[]): Problem[] {
  const name = url?.startsWith('attachment://') ? url.slice('attachment://'.length) : null
  if (name === null) return notHttp(path, url)
  if (files.some((file) => file.name === name)) return []
  return [{ path, code: 'URL_TYPE_INVALID_URL', message: 'No such attachment.' }]
}

function nested(problems: readonly Problem[]): object {
  const root: Record<string, unknown> = {}
  for (const { path, code, message } of problems) {
    let node = root
    for (const key of path.split('.')) {
      node[key] ??= {}
      node = node[key] as Record<string, unknown>
    }
    node._errors = [...((node._errors as object[] | undefined) ?? []), { code, message }]
  }
  return root
}

/** Whom the content notifies under its allowed_mentions; without them Discord obeys everything it finds. */
export function pingsOf(body: MessageBody): string[] {
  const content = body.content ?? ''
  const isAllowed = (kind: string) =>
    body.allowed_mentions?.parse?.includes(kind) ?? body.allowed_mentions === undefined
  return [
    ...(isAllowed('everyone') ? (content.match(/@everyone|@here/g) ?? []) : []),
    ...(isAllowed('users') ? (content.match(/<@!?\d+>/g) ?? []) : []),
    ...(isAllowed('roles') ? (content.match(/<@&\d+>/g) ?? []) : []),
  ]
}

/** Text that Discord would draw as a mention, whether or not it notifies anybody. */
export function drawnMentions(text: string): string[] {
  return text.match(/@everyone|@here|<@[!&]?\d+>|<#\d+>|<\/[^>]+:\d+>|<id:\w+>/g) ?? []
}
