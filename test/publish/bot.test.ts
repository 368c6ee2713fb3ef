import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openBot } from '../../pipeline/publish/bot.js'
import { defaultEffects, type PublishEffects } from '../../pipeline/publish/effects.js'
import { type PublishOptions, publish } from '../../pipeline/publish/publish.js'
import { readTipAnswers, recordTipAnswer } from '../../pipeline/publish/read-reactions.js'
import { openWebhook } from '../../pipeline/publish/webhook.js'
import { type DiscordServer, startDiscordServer } from '../support/discord-server.js'
import { openPublishRoom, type PublishRoom, sampleDigest } from './publish-room.js'

const week: PublishOptions = { kind: 'weekly', period: '2026-W07', dryRun: false, repost: false }
const tips = ['corrections', 'refused_actions'].map((rule) => ({
  tip_id: `${rule}/weekly/2026-W07`,
  name: `${rule}/2026-W07`,
  text: `What to do about ${rule}.`,
}))

let server: DiscordServer
let room: PublishRoom

beforeEach(async () => {
  server = await startDiscordServer()
  room = await openPublishRoom()
  room.writeDigest({ ...sampleDigest(), tips })
})

afterEach(async () => {
  const seen = JSON.stringify([room.events, await room.db.rows('select * from state.deliveries')])
  room.close()
  await server.stop()
  expect(seen, 'the token must be in no event and in no row').not.toContain(server.bot.token)
})

describe('a bot', () => {
  test('posts the digest, then each tip with the two reactions that answer it', async () => {
    const result = await send()
    expect(result.isComplete).toBe(true)
    const [digest, ...ofTips] = messages()
    expect(digest?.body.embeds?.[0]?.title).toBe('Week of 9 February 2026')
    expect(digest?.files.map(({ name }) => name)).toEqual(['digest.png'])
    expect(ofTips.map(({ body }) => body.content?.split('\n')[0])).toEqual([
      'What to do about corrections.',
      'What to do about refused\\_actions.',
    ])
    for (const { reactions } of ofTips)
      expect([...reactions]).toEqual([
        ['👍', new Set([server.bot.id])],
        ['👎', new Set([server.bot.id])],
      ])
    expect(await tipRows()).toMatchObject([
      { message_id: ofTips[0]?.id, tip_id: 'corrections/weekly/2026-W07', helpful_count: 0 },
      { message_id: ofTips[1]?.id, tip_id: 'refused_actions/weekly/2026-W07', dismissed_count: 0 },
    ])
  })

  test('posts nothing twice, and edits what changed', async () => {
    await send()
    await send()
    expect(server.messages.size).toBe(3)
    room.writeDigest({ ...sampleDigest(), tips, sentences: ['Late data changed the week.'] })
    await send()
    expect(server.messages.size).toBe(3)
    expect(messages()[0]?.body.content).toBe('Late data changed the week.')
    expect(messages()[0]?.files).toHaveLength(1)
  })

  test('gives a monthly digest and a running week no tips of their own', async () => {
    room.writeDigest({ ...sampleDigest(), tips, is_so_far: true })
    await send()
    expect(server.messages.size).toBe(1)
  })

  test('waits out a 429 between reactions', async () => {
    const sent = send()
    server.troubles.push({ kind: 'rate-limit', retryAfterSeconds: 0.1 })
    expect((await sent).isComplete).toBe(true)
    expect(server.messages.size).toBe(3)
  })

  test.each([
    ['ViewChannel', 'it needs View Channel'],
    ['SendMessages', 'it needs Send Messages'],
  ] as const)('without %s says what it needs', async (permission, words) => {
    server.bot.missing.add(permission)
    const result = await send()
    expect(result.isComplete).toBe(false)
    expect(result.deliveries[1]?.detail).toContain(words)
    server.bot.missing.clear()
    expect((await send()).isComplete).toBe(true)
    expect(server.messages.size).toBe(3)
  })

  test('without Add Reactions posts the tips all the same, and says so', async () => {
    server.bot.missing.add('AddReactions')
    const result = await send()
    expect(result.isComplete).toBe(true)
    expect(result.deliveries.at(-1)?.detail).toContain('without reactions to tap')
    expect(await tipRows()).toHaveLength(2)
  })
})

describe('a send of the bot that was not answered', () => {
  test.each(['drop', 'hang'] as const)('is repeated at once under the same nonce (%s)', async (kind) => {
    server.troubles.push({ kind })
    const result = await send()
    expect(result.isComplete).toBe(true)
    expect(server.messages.size).toBe(3)
  })

  test('and that no repetition mended is looked up by the next run, and found', async () => {
    for (let i = 0; i < 4; i++) server.troubles.push({ kind: 'drop' })
    expect((await send()).deliveries[1]).toMatchObject({ status: 'unknown' })
    expect(server.messages.size).toBe(1)
    const [{ id } = { id: '' }] = messages()
    expect((await send()).deliveries[1]).toEqual({
      target: `discord:bot:${server.bot.channelId}`,
      status: 'delivered',
      detail: `edited message ${id}`,
    })
    expect(server.messages.size).toBe(3)
  })

  test('is sent again where the channel does not show it', async () => {
    await intend()
    expect((await send()).deliveries[1]?.detail).toContain('posted as message')
    expect(server.messages.size).toBe(3)
  })

  test('is found after more messages than one page, and not taken for that of another machine', async () => {
    const bot = await openBotHere()
    const foreign = { ...noise(''), embeds: [embedOf('Debrief · weekly 2026-W07 · me on laptop')] }
    await bot.send(foreign, null, { nonce: 'foreign', threadName: null })
    for (let i = 0; i < 120; i++)
      await bot.send(noise(`message ${i}`), null, { nonce: `n${i}`, threadName: null })
    bot.close()
    await intend()
    expect((await send()).deliveries[1]?.detail).toContain('posted as message')
    const own = messages()[121]
    await room.db.run('delete from state.deliveries')
    await intend()
    expect((await send()).deliveries[1]?.detail).toBe(`edited message ${own?.id}`)
  })

  test('stays unknown where the bot may not read, and says what it needs', async () => {
    await send()
    await room.db.run('delete from state.deliveries')
    await intend()
    server.bot.missing.add('ReadMessageHistory')
    const { deliveries } = await send()
    expect(deliveries[1]).toMatchObject({ status: 'unknown' })
    expect(deliveries[1]?.detail).toContain('Read Message History')
    expect(server.messages.size).toBe(3)
  })
})

describe('reactions on tips', () => {
  test('are read once each, the bot’s own not counted, and only what changed', async () => {
    await send()
    expect(await answers()).toEqual([])
    tap(1, '👍', 'anna')
    tap(2, '👎', 'anna')
    expect(await answers()).toEqual([
      ['corrections/weekly/2026-W07', 'helpful', 1, 0],
      ['refused_actions/weekly/2026-W07', 'dismissed', 0, 1],
    ])
    expect(await answers()).toEqual([])
    tap(1, '👍', 'ben')
    expect(await answers()).toEqual([['corrections/weekly/2026-W07', null, 2, 0]])
    for (const who of ['carl', 'dora', 'emil']) tap(1, '👎', who)
    expect(await answers()).toEqual([['corrections/weekly/2026-W07', 'dismissed', 2, 3]])
  })

  test('on a message that somebody deleted are nobody’s', async () => {
    await send()
    tap(2, '👍', 'anna')
    server.messages.delete(messages()[1]?.id ?? '')
    expect(await answers()).toEqual([['refused_actions/weekly/2026-W07', 'helpful', 1, 0]])
  })

  test('that cannot be read are warned of and stop nothing', async () => {
    await send()
    server.bot.missing.add('ViewChannel')
    expect(await answers()).toEqual([])
    expect(room.events).toContainEqual(
      expect.objectContaining({ action: 'warn', message: expect.stringContaining('View Channel') }),
    )
  })
})

describe('a webhook of a forum', () => {
  const forumYaml = () => `discord:\n  - {api_base_url: "${server.baseUrl}", thread_name: "Debrief {period}"}`
  const sendToForum = () => publish(room.context(forumYaml(), env()), week, room.db, effects())

  test('makes a post for the period, and edits it there afterwards', async () => {
    server.forum.isOn = true
    await sendToForum()
    const [message] = messages()
    expect(message?.body.thread_name).toBe('Debrief 2026-W07')
    expect(await room.db.rows('select thread_id from state.deliveries')).toEqual([
      { thread_id: message?.threadId },
    ])
    room.writeDigest({ ...sampleDigest(), sentences: ['Late data changed the week.'] })
    expect((await sendToForum()).deliveries[1]?.detail).toBe(`edited message ${message?.id}`)
    expect(messages()[0]?.body.content).toBe('Late data changed the week.')
    server.messages.clear()
    room.writeDigest(sampleDigest())
    expect((await sendToForum()).deliveries[1]?.status).toBe('delivered')
    expect(messages()[0]?.body.thread_name).toBe('Debrief 2026-W07')
  })

  test('says what is missing where the channel is one, or is none', async () => {
    expect((await sendToForum()).deliveries[1]?.detail).toContain('leave thread_name away')
    server.forum.isOn = true
    const yamlWithout = `discord:\n  - {api_base_url: "${server.baseUrl}"}`
    const result = await publish(room.context(yamlWithout, env()), week, room.db, effects())
    expect(result.deliveries[1]?.detail).toContain('give thread_name or thread_id')
  })
})

test('a place that wants only monthly digests gets no weekly one', async () => {
  const text = `${yaml().slice(0, -1)}, digests: [monthly]}`
  const result = await publish(room.context(text, env()), week, room.db, effects())
  expect(result.deliveries[1]).toMatchObject({ status: 'off', detail: expect.stringContaining('weekly') })
  expect(server.requests).toEqual([])
})

function send() {
  return publish(room.context(yaml(), env()), week, room.db, effects())
}

function yaml(): string {
  return `discord:\n  - {kind: bot, channel_id: "${server.bot.channelId}", api_base_url: "${server.baseUrl}"}`
}

function env(): Record<string, string> {
  return { DISCORD_BOT_TOKEN: server.bot.token, DISCORD_WEBHOOK_URL: server.webhookUrl }
}

/** The real clients, with pauses that are skipped, and half a second of patience. */
function effects(): PublishEffects {
  return {
    ...defaultEffects,
    openWebhook: (address) => openWebhook(address, 500),
    openBot: (address) => openBot(address, 500),
    sleep: async () => {},
  }
}

function openBotHere() {
  const address = room.context(yaml(), env()).config.secrets.DISCORD_BOT_TOKEN
  if (!address) throw new Error('expected the token')
  return openBot({
    kind: 'bot',
    target: 'discord:bot:test',
    channelId: server.bot.channelId,
    token: address,
    apiBaseUrl: server.baseUrl,
  })
}

function noise(content: string) {
  return { content, embeds: [], allowedMentions: { parse: [] }, picture: null } as const
}

function embedOf(footer: string) {
  return { title: 'Week of 9 February 2026', color: 0, fields: [], footer: { text: footer } }
}

/** The ledger as a run leaves it that was cut off while it sent the digest. */
async function intend(): Promise<void> {
  const target = `discord:bot:${server.bot.channelId}`
  await room.db.run(
    `insert into state.deliveries (delivery_id, target, period_kind, period, status, intended_at)
     values ('${target}/weekly/2026-W07', '${target}', 'weekly', '2026-W07', 'intended', '2026-02-16')`,
  )
}

function messages() {
  return [...server.messages.values()]
}

function tipRows() {
  return room.db.rows('select * from state.tip_messages order by tip_id')
}

/** Somebody answers the tip in the nth message. */
function tap(index: number, emoji: string, user: string): void {
  messages()[index]?.reactions.get(emoji)?.add(user)
}

async function answers() {
  const ctx = room.context(yaml(), env())
  const read = await readTipAnswers(ctx, room.db, effects())
  for (const answer of read) await recordTipAnswer(room.db, answer, ctx.now())
  return read.map(({ tipId, verdict, helpfulCount, dismissedCount }) => [
    tipId,
    verdict,
    helpfulCount,
    dismissedCount,
  ])
}
