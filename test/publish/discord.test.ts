import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { defaultEffects, type PublishEffects } from '../../pipeline/publish/effects.js'
import { type PublishOptions, publish } from '../../pipeline/publish/publish.js'
import { openWebhook } from '../../pipeline/publish/webhook.js'
import { type DiscordServer, startDiscordServer } from '../support/discord-server.js'
import { openPublishRoom, type PublishRoom, sampleDigest } from './publish-room.js'

const week: PublishOptions = { kind: 'weekly', period: '2026-W07', dryRun: false, repost: false }

let server: DiscordServer
let room: PublishRoom
let sleptMs: number[]

beforeEach(async () => {
  server = await startDiscordServer()
  room = await openPublishRoom()
  sleptMs = []
})

afterEach(async () => {
  const seen = JSON.stringify([room.events, await room.db.rows('select * from state.deliveries')])
  room.close()
  await server.stop()
  expect(seen, 'the token must be in no event and in no row').not.toContain(server.token)
})

describe('a digest in Discord', () => {
  it('is one message with the picture, and it pings nobody', async () => {
    room.writeDigest({ ...sampleDigest(), sentences: ['Done by @everyone and <@123>, hi @here <@&5>'] })
    const result = await send()
    const message = onlyMessage()
    expect(result).toEqual({
      deliveries: [
        {
          target: 's3',
          status: 'off',
          detail: 'S3 is not configured (publish.s3); the report stays on this machine',
        },
        {
          target: `discord:${server.webhookId}`,
          status: 'delivered',
          detail: `posted as message ${message.id}`,
        },
      ],
      isComplete: true,
    })
    expect(message.pings).toEqual([])
    expect(message.body.allowed_mentions).toEqual({ parse: [] })
    expect(message.body.content).toBe(
      'Done by @\u200deveryone and \\<\u200d@123\\>, hi @\u200dhere \\<\u200d@&5\\>',
    )
    expect(message.body.attachments?.[0]?.description).toBe('Cost by day')
    expect(message.files.map(({ name, bytes }) => [name, bytes.toString('hex')])).toEqual([
      ['digest.png', '89504e470d0a1a0a0001ff00fe'],
    ])
    expect(message.body.embeds?.[0]?.image?.url).toBe('attachment://digest.png')
  })

  it('is edited, and its picture replaced, when the week is published again with other content', async () => {
    await send()
    room.writeDigest({ ...sampleDigest(), sentences: ['Late data changed the week.'] })
    const result = await send()
    const message = onlyMessage()
    expect(result.deliveries[1]).toMatchObject({
      status: 'delivered',
      detail: `edited message ${message.id}`,
    })
    expect(message.body.content).toBe('Late data changed the week.')
    expect(message.files.map(({ name }) => name)).toEqual(['digest.png'])
    expect(methods()).toEqual(['POST', 'PATCH'])
  })

  it('loses its picture when the week has none any more', async () => {
    await send()
    room.writeDigest({ ...sampleDigest(), image: null })
    await send()
    expect(onlyMessage().files).toEqual([])
    expect(onlyMessage().body.embeds?.[0]?.image).toBeUndefined()
  })

  it('is left alone when nothing changed', async () => {
    await send()
    const result = await send()
    expect(result.deliveries[1]?.status).toBe('unchanged')
    expect(result.isComplete).toBe(true)
    expect(methods()).toEqual(['POST'])
  })

  it('is posted anew when somebody deleted the message', async () => {
    await send()
    server.messages.clear()
    room.writeDigest({ ...sampleDigest(), title: 'Another title' })
    expect((await send()).deliveries[1]?.status).toBe('delivered')
    expect(methods()).toEqual(['POST', 'PATCH', 'POST'])
    expect((await send()).deliveries[1]).toMatchObject({
      status: 'unchanged',
      detail: expect.stringContaining(onlyMessage().id),
    })
  })

  it('goes into a thread, as a target of its own', async () => {
    const yaml = `${discordYaml()}\n${discordYaml('77').split('\n').slice(1).join('\n')}`
    const result = await publish(room.context(yaml, env()), week, room.db, effects())
    expect(result.deliveries.map((delivery) => delivery.target)).toEqual([
      's3',
      `discord:${server.webhookId}`,
      `discord:${server.webhookId}:77`,
    ])
    expect([...server.messages.values()].map((message) => message.threadId)).toEqual([null, '77'])
  })

  it('drops a picture above the upload limit and says so', async () => {
    const { writeFileSync } = await import('node:fs')
    writeFileSync(`${room.site}/digest.png`, Buffer.alloc(10 * 1024 * 1024 + 1))
    expect((await send()).deliveries[1]?.status).toBe('delivered')
    expect(onlyMessage().files).toEqual([])
    expect(room.events).toContainEqual(expect.objectContaining({ action: 'warn', subject: 'digest.png' }))
  })
})

describe('an answer that is no message', () => {
  it('429 is waited out', async () => {
    server.troubles.push({ kind: 'rate-limit', retryAfterSeconds: 0.4 })
    expect((await send()).deliveries[1]?.status).toBe('delivered')
    expect(server.requests.map((request) => request.status)).toEqual([429, 200])
    const [first, second] = server.requests
    expect((second?.atMs ?? 0) - (first?.atMs ?? 0)).toBeGreaterThanOrEqual(400)
    expect(server.messages.size).toBe(1)
  })

  it('429 for longer than five minutes is a failure that the next run mends', async () => {
    server.troubles.push({ kind: 'rate-limit', retryAfterSeconds: 3600 })
    const result = await send()
    expect(result.isComplete).toBe(false)
    expect(result.deliveries[1]).toMatchObject({
      status: 'failed',
      detail: expect.stringContaining('asks to wait 3601 s'),
    })
    expect((await send()).deliveries[1]?.status).toBe('delivered')
  })

  it('500 is retried with growing pauses', async () => {
    server.troubles.push({ kind: 'status', status: 500 }, { kind: 'status', status: 503 })
    expect((await send()).deliveries[1]?.status).toBe('delivered')
    expect(sleptMs).toEqual([1000, 2000])
    expect(server.messages.size).toBe(1)
  })

  it('500 for good is a failure that the next run mends', async () => {
    for (let i = 0; i < 4; i++) server.troubles.push({ kind: 'status', status: 500 })
    const result = await send()
    expect(result).toMatchObject({
      isComplete: false,
      deliveries: [{}, { status: 'failed', detail: 'Discord answered 500' }],
    })
    expect(sleptMs).toEqual([1000, 2000, 4000])
    expect((await send()).deliveries[1]?.status).toBe('delivered')
  })

  it('a wrong token is refused in plain words', async () => {
    const result = await publish(
      room.context(discordYaml(), {
        DISCORD_WEBHOOK_URL: server.webhookUrl.replace(server.token, 'another-token-0123456789'),
      }),
      week,
      room.db,
      effects(),
    )
    expect(result.deliveries[1]?.status).toBe('failed')
    expect(result.deliveries[1]?.detail).toBe('Invalid Webhook Token (401, code 50027)')
  })

  it('a refused connection is a failure that the next run mends', async () => {
    await server.stop()
    const result = await send()
    expect(result.deliveries[1]).toMatchObject({
      status: 'failed',
      detail: 'Discord could not be reached (ECONNREFUSED)',
    })
    expect(await rows()).toMatchObject([{ status: 'failed', remote_id: null }])
    server = await startDiscordServer()
    expect((await send()).deliveries[1]?.status).toBe('delivered')
  })
})

describe.each(['drop', 'hang'] as const)('a send whose answer never came (%s)', (kind) => {
  it('is unknown, is not repeated, and is resolved by a repost', async () => {
    server.troubles.push({ kind })
    const first = await send()
    expect(first).toMatchObject({ isComplete: false, deliveries: [{}, { status: 'unknown' }] })
    expect(await rows()).toMatchObject([{ status: 'unknown', remote_id: null }])

    const second = await send()
    expect(second).toMatchObject({ isComplete: false, deliveries: [{}, { status: 'unknown' }] })
    expect(second.deliveries[1]?.detail).toContain('debrief publish --repost')
    expect(methods()).toEqual(['POST'])

    const third = await send({ ...week, repost: true })
    expect(third).toMatchObject({ isComplete: true, deliveries: [{}, { status: 'delivered' }] })
    expect(methods()).toEqual(['POST', 'POST'])
  })
})

describe('the ledger', () => {
  it('knows the intent before the request is made', async () => {
    const seen: unknown[] = []
    await publish(room.context(discordYaml(), env()), week, room.db, {
      ...effects(),
      openWebhook: async (address) => {
        const webhook = await openWebhook(address)
        const send: typeof webhook.send = async (...args) => {
          seen.push(await rows())
          return webhook.send(...args)
        }
        return { ...webhook, send }
      },
    })
    expect(seen).toMatchObject([
      [{ delivery_id: `discord:${server.webhookId}/weekly/2026-W07`, status: 'intended' }],
    ])
    expect(await rows()).toMatchObject([{ status: 'delivered', remote_id: onlyMessage().id, error: null }])
  })

  it('that ends at an intent makes the next run ask instead of sending', async () => {
    await room.db.run(
      `insert into state.deliveries (delivery_id, target, period_kind, period, status, intended_at)
       values ('discord:${server.webhookId}/weekly/2026-W07', 'discord:${server.webhookId}', 'weekly', '2026-W07', 'intended', '2026-02-16')`,
    )
    expect((await send()).deliveries[1]?.status).toBe('unknown')
    expect(methods()).toEqual([])
  })

  it('lets an edit without an answer be repeated, since that does no harm', async () => {
    await send()
    room.writeDigest({ ...sampleDigest(), title: 'Another title' })
    server.troubles.push({ kind: 'drop' })
    expect((await send()).deliveries[1]?.status).toBe('delivered')
    expect(methods()).toEqual(['POST', 'PATCH', 'PATCH'])
    expect(server.messages.size).toBe(1)
  })
})

describe('publishing', () => {
  it('says what is off without configuration, and needs no report for that', async () => {
    const result = await publish(room.context(''), { ...week, period: '2026-W01' }, room.db)
    expect(result).toMatchObject({
      isComplete: true,
      deliveries: [
        { target: 's3', status: 'off' },
        { target: 'discord', status: 'off' },
      ],
    })
    expect(room.events.map((event) => event.message)).toEqual([
      'off: S3 is not configured (publish.s3); the report stays on this machine',
      'off: Discord is not configured (discord); no digest is posted',
    ])
  })

  it('names the command that renders a missing report', async () => {
    await expect(
      publish(room.context(discordYaml(), env()), { ...week, period: '2026-W01' }, room.db),
    ).rejects.toMatchObject({
      name: 'UserError',
      hint: 'debrief report weekly --for 2026-W01',
    })
  })

  it('shows the message in a dry run, sends and records nothing, and shows no address', async () => {
    const result = await publish(room.context(discordYaml(), env()), { ...week, dryRun: true }, null)
    expect(result.deliveries[1]?.status).toBe('dry-run')
    expect(result.deliveries[1]?.detail).toContain('"content": "A calm week: less spent, more finished."')
    expect(result.deliveries[1]?.detail).toContain('digest.png (13 bytes) attached')
    expect(JSON.stringify(result)).not.toContain(server.token)
    expect(server.requests).toEqual([])
  })

  it('fails, and names the variable, where the address is missing or no webhook of Discord', async () => {
    const missing = await publish(room.context(discordYaml()), week, room.db)
    expect(missing).toMatchObject({
      isComplete: false,
      deliveries: [{}, { target: 'discord:DISCORD_WEBHOOK_URL', status: 'failed' }],
    })
    const secret = 'https://elsewhere.example.com/hooks/very-secret-part'
    const wrong = await publish(room.context('discord: [{}]', { DISCORD_WEBHOOK_URL: secret }), week, room.db)
    expect(wrong.deliveries[1]?.detail).toBe(
      'expected DISCORD_WEBHOOK_URL to be https://discord.com/api/webhooks/<id>/<token>, got something else',
    )
    expect(await rows()).toEqual([])
  })
})

function send(options = week) {
  return publish(room.context(discordYaml(), env()), options, room.db, effects())
}

/** The real client, with pauses that are only noted, and half a second of patience. */
function effects(): PublishEffects {
  return {
    ...defaultEffects,
    openWebhook: (address) => openWebhook(address, 500),
    sleep: async (milliseconds) => {
      sleptMs.push(milliseconds)
    },
  }
}

function discordYaml(threadId?: string): string {
  return `discord:\n  - {api_base_url: "${server.baseUrl}"${threadId ? `, thread_id: "${threadId}"` : ''}}`
}

function env(): Record<string, string> {
  return { DISCORD_WEBHOOK_URL: server.webhookUrl }
}

function methods(): string[] {
  return server.requests.map((request) => request.method)
}

function onlyMessage() {
  expect(server.messages.size).toBe(1)
  const [message] = server.messages.values()
  if (!message) throw new Error('expected a message')
  return message
}

function rows() {
  return room.db.rows('select * from state.deliveries order by delivery_id')
}
