import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openBot } from '../../pipeline/publish/bot.js'
import { type DiscordMessage, digestMessage, tipMessage } from '../../pipeline/publish/message.js'
import { openWebhook } from '../../pipeline/publish/webhook.js'
import { Secret } from '../../pipeline/secret.js'
import { drawnMentions, type MessageBody, pingsOf, validateMessage } from '../support/discord-limits.js'
import { type DiscordServer, startDiscordServer } from '../support/discord-server.js'
import { hostileDigest, textsOfDigest } from './hostile-digests.js'

const link = 'https://reports.example.com/debrief/index.html?X-Amz-Signature=abc'
const messageCount = 5000

const weeks = Array.from({ length: messageCount }, (_, seed) => {
  const digest = hostileDigest(seed)
  const longLink = `${link}${'x'.repeat((seed % 40) * 60)}`
  const owner = `${'sam '.repeat(seed % 90)}on laptop`
  return { seed, digest, message: digestMessage(digest, seed % 3 === 0 ? null : longLink, owner) }
})

test('the weeks are empty, small and enormous', () => {
  const lengths = weeks.map(({ message }) => textsOf(message).join('').length)
  expect(lengths.filter((length) => length < 100).length).toBeGreaterThan(500)
  expect(lengths.filter((length) => length > 5800).length).toBeGreaterThan(100)
})

test(`${messageCount} weeks, empty, enormous and hostile, all stay within every limit and ping nobody`, () => {
  const problems: unknown[] = []
  for (const { seed, digest, message: ofWeek } of weeks)
    for (const message of [ofWeek, ...digest.tips.slice(0, 1).map(tipMessage)]) {
      const texts = textsOf(message)
      const refused = validateMessage(bodyOf(message), filesOf(message))
      if (refused) problems.push([seed, refused])
      for (const text of texts) {
        if (/\p{Cs}/u.test(text)) problems.push([seed, 'half a character', text])
        if (/[\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069]/.test(text))
          problems.push([seed, 'invisible', text])
        if (drawnMentions(text).length > 0) problems.push([seed, 'a mention', text])
        if (openMarkdown(text)) problems.push([seed, 'Markdown', text])
      }
      if (pingsOf({ content: message.content }).length > 0) problems.push([seed, 'a ping'])
    }
  expect(problems.slice(0, 3)).toEqual([])
})

test('what was shortened ends after a whole word, but for a word that is longer than the room', () => {
  let shortenedCount = 0
  for (const { seed, digest, message } of weeks.filter((_, i) => i % 5 === 0)) {
    const sources = textsOfDigest(digest).map(letters)
    for (const line of textsOf(message).flatMap((text) => text.split('\n'))) {
      const kept = /^(?:• )?(.+?) ?…$/u.exec(line)?.[1]
      if (kept === undefined || kept.startsWith('… and ')) continue
      const shown = letters(kept)
      const from = sources.filter((text) => text.startsWith(shown) && text.length > shown.length)
      if (from.length === 0 || shown === '') continue
      shortenedCount++
      expect(from.every((source) => isCutWithin(source, shown)) ? [seed, line] : null).toBeNull()
    }
  }
  expect(shortenedCount).toBeGreaterThan(100)
})

describe('the loopback server, which refuses what Discord would', () => {
  let server: DiscordServer
  beforeAll(async () => {
    server = await startDiscordServer()
  })
  afterAll(() => server.stop())

  test('takes 300 of them from a webhook and from a bot', async () => {
    const shared = { apiBaseUrl: server.baseUrl, target: 'discord:test' }
    const webhook = await openWebhook({
      ...shared,
      kind: 'webhook',
      id: server.webhookId,
      token: new Secret(server.token),
      threadId: null,
      threadName: null,
    })
    const { channelId, token } = server.bot
    const bot = await openBot({ ...shared, kind: 'bot', channelId, token: new Secret(token) })
    for (const { seed, message } of weeks.slice(0, 300)) {
      const picture = message.picture === null ? null : Buffer.from('PNG')
      const channel = seed % 2 === 0 ? bot : webhook
      await channel.send(message, picture, { nonce: String(seed), threadName: null })
    }
    webhook.close()
    bot.close()
    expect(server.messages.size).toBe(300)
    expect(server.requests.every(({ status }) => status === 200)).toBe(true)
  })
})

function bodyOf({ content, embeds, allowedMentions, picture }: DiscordMessage): MessageBody {
  const attachments = picture ? [{ id: '0', description: picture.altText }] : []
  return { content, embeds, attachments, allowed_mentions: allowedMentions }
}

function filesOf(message: DiscordMessage) {
  return message.picture ? [{ name: message.picture.name, bytes: Buffer.from('x') }] : []
}

function textsOf({ content, embeds }: DiscordMessage): string[] {
  const own = content.replace(/\[Read the report\]\(<[^>]*>\)$/, '').trimEnd()
  const [embed] = embeds
  if (!embed) return [own]
  const fields = embed.fields.flatMap(({ name, value }) => [name, value])
  return [own, embed.title, embed.description ?? '', ...fields]
}

/** Markdown that is not ours: after escapes, code spans and our own bold figures nothing may be left that means something. */
function openMarkdown(text: string): boolean {
  const bare = text
    .replace(/^`[^`\n]+`$/gmu, '')
    .replace(/^-# (?:`[^`]+` · )?/gmu, '')
    .replace(/\\[^\p{L}\p{N}\s]/gu, 'x')
    .replace(/\*\*[^*]+\*\*/gu, '')
  return /[*_~`|[\]<>\\]|https?:\/\//u.test(bare)
}

/** What is left of a text when escapes, spaces and everything that is not shown are gone; spaces stay as one. */
function letters(text: string): string {
  return text
    .replace(/\\([^\p{L}\p{N}\s])/gu, '$1')
    .replace(/[\u115f\u1160\u2800\u3164\uffa0]/gu, ' ')
    .replace(/[\p{Cc}\p{Cs}\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/gu, (c) =>
      /\s/u.test(c) ? ' ' : '',
    )
    .replace(/(\p{M}{8})\p{M}+/gu, '$1')
    .replace(/\s+/gu, ' ')
    .trim()
}

const isLetter = /[\p{L}\p{N}_]$/u
const hasSpaces =
  /[\p{Script=Latin}\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Devanagari}\p{Script=Hangul}]$/u

/** Whether letters stand on both sides of the cut, in a script with spaces, and the word is not the first one. */
function isCutWithin(source: string, shown: string): boolean {
  const next = source.slice(shown.length)
  const isWithin = isLetter.test(shown) && hasSpaces.test(shown) && /^[\p{L}\p{N}_]/u.test(next)
  const before = shown.slice(0, Math.max(0, shown.lastIndexOf(' ')))
  return (
    isWithin && hasSpaces.test([...next][0] ?? '') && /[\p{L}\p{N}\p{Extended_Pictographic}]/u.test(before)
  )
}
