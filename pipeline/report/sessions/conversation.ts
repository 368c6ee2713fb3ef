// A session's words for its page, where the settings allow them: cleared of secrets, and shortened to a budget.
import { clearSecrets, shortenHomePaths } from '../../clear.js'
import type { Config } from '../../config.js'
import type { Transcript, TranscriptMessage } from '../../transcript.js'
import { formatCount, formatTime } from '../format.js'

export interface ConversationMessage {
  readonly ordinal: number
  /** "You", "Agent", "Tool" or "Note". */
  readonly who: string
  readonly role: TranscriptMessage['role']
  readonly time: string
  /** Seconds since 1970 as the clock on the wall told them; empty where the log has no time. */
  readonly localSeconds: string
  readonly text: string
}

export interface Conversation {
  readonly messages: readonly ConversationMessage[]
  /** What is left out, or why there is nothing. */
  readonly note: string
}

/** Characters that the page gives to all its sessions' words together; each has an equal share, at most this many. */
export const conversationBudget = { pageChars: 2_000_000, sessionChars: 12_000 } as const
const messageChars: Readonly<Record<TranscriptMessage['role'], number>> = {
  human: 800,
  assistant: 500,
  tool: 160,
  note: 160,
}
// A secret cut in two is not known for one: so much is cleared, and its end is never shown.
const clearedChars = 12_000
const unsafeTailChars = 4_000
const names = { human: 'You', assistant: 'Agent', tool: 'Tool', note: 'Note' } as const
const invisible = /[\p{Cc}\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/gu

export type ReadTranscript = (sessionId: string) => Promise<Transcript | null>

/** The words of these sessions as far as they fall between the two instants; none unless the settings allow them. */
export async function readConversations(
  sessionIds: readonly string[],
  config: Config,
  { starts_at, ends_at }: { readonly starts_at: string; readonly ends_at: string },
  readTranscript: ReadTranscript,
): Promise<Map<string, Conversation>> {
  const conversations = new Map<string, Conversation>()
  if (config.privacy.content !== 'transcripts') return conversations
  const { pageChars, sessionChars } = conversationBudget
  const maxChars = Math.min(sessionChars, Math.floor(pageChars / Math.max(1, sessionIds.length)))
  const isWithin = ({ at }: TranscriptMessage) => at === null || (at >= starts_at && at < ends_at)
  for (const sessionId of sessionIds) {
    const transcript = await readTranscript(sessionId)
    conversations.set(
      sessionId,
      transcript === null
        ? { messages: [], note: 'The log is gone, and its words with it.' }
        : conversationOf(transcript.messages.filter(isWithin), config, maxChars),
    )
  }
  return conversations
}

function conversationOf(all: readonly TranscriptMessage[], config: Config, maxChars: number): Conversation {
  const messages: ConversationMessage[] = []
  let isCut = false
  let leftChars = maxChars
  let usedCount = 0
  for (const message of all) {
    if (leftChars <= 0) break
    usedCount += 1
    const { text, isShort } = shownMessage(message, config)
    isCut ||= isShort
    if (text === '') continue
    leftChars -= text.length
    messages.push({
      ordinal: message.ordinal,
      who: names[message.role],
      role: message.role,
      time: message.at === null ? '' : formatTime(message.at, config.timezone),
      localSeconds: message.at === null ? '' : String(localSeconds(message.at, config.timezone)),
      text,
    })
  }
  return { messages, note: noteOf(all.length - usedCount, isCut) }
}

function noteOf(leftCount: number, isCut: boolean): string {
  const left = leftCount > 0 ? `The last ${formatCount(leftCount)} messages are left out. ` : ''
  return `${left}${isCut ? 'Long messages are shortened. ' : ''}What looks like a secret is taken out.`
}

/** Its beginning, cleared; what it called stands for an answer without words. */
function shownMessage(
  { text, role, toolCalls }: TranscriptMessage,
  config: Config,
): { text: string; isShort: boolean } {
  const maxChars = messageChars[role]
  const calls = role === 'assistant' ? toolCalls.map(({ name }) => `[${name}]`).join(' ') : ''
  const raw = [text, calls].filter(Boolean).join('\n')
  const isLong = raw.length > clearedChars
  const safe = clearSecrets(raw.slice(0, clearedChars), Object.values(config.secrets))
  const homeless = config.privacy.redact_paths ? shortenHomePaths(safe, config.home) : safe
  const whole = isLong ? homeless.slice(0, Math.max(0, homeless.length - unsafeTailChars)) : homeless
  const visible = whole
    .replace(/\t/g, ' ')
    .replace(/[\r\n]+/g, '\n')
    .replace(invisible, (sign) => (sign === '\n' ? sign : ''))
  const characters = [...visible.trim()]
  if (characters.length <= maxChars) return { text: characters.join(''), isShort: isLong }
  return { text: `${characters.slice(0, maxChars - 1).join('')}…`, isShort: true }
}

/** Seconds since 1970 of the wall clock in this zone, so that the page needs no time zones. */
export function localSeconds(instant: string, timezone: string): number {
  const parts = new Intl.DateTimeFormat('sv-SE', {
    timeZone: timezone,
    dateStyle: 'short',
    timeStyle: 'medium',
  }).format(new Date(instant))
  return Date.parse(`${parts.replace(' ', 'T')}Z`) / 1000
}
