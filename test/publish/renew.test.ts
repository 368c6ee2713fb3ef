import { cpSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { defaultEffects, type PublishEffects } from '../../pipeline/publish/effects.js'
import { publish, renewMessages } from '../../pipeline/publish/publish.js'
import { type DiscordServer, startDiscordServer } from '../support/discord-server.js'
import { openPublishRoom, type PublishRoom, sampleDigest } from './publish-room.js'

const weeks = ['2026-W03', '2026-W04', '2026-W05', '2026-W06', '2026-W07']
const keys = { AWS_ACCESS_KEY_ID: 'AKEXAMPLE', AWS_SECRET_ACCESS_KEY: 'not-a-secret-0123456789' }

let room: PublishRoom
let discord: DiscordServer
let signedAt: string
beforeEach(async () => {
  room = await openPublishRoom()
  discord = await startDiscordServer()
  for (const period of weeks) {
    const folder = join(room.folder, 'out/site/weekly', period)
    if (folder !== room.site) cpSync(room.site, folder, { recursive: true })
    writeFileSync(join(folder, 'digest.json'), JSON.stringify({ ...sampleDigest(), period, title: period }))
  }
})
afterEach(async () => {
  room.close()
  await discord.stop()
})

/** Signs as S3 does: with the time in the link. */
const effects: PublishEffects = {
  ...defaultEffects,
  openBucket: async () => ({
    list: async () => new Map(),
    put: async () => {},
    remove: async () => {},
    presign: async (key) => `https://s3.example.com/debriefs/${key}?X-Amz-Date=${signedAt}`,
    close: () => {},
  }),
  sleep: async () => {},
}

function contextAt(now: string, access = 'presigned') {
  const yaml = `timezone: America/New_York
publish: {s3: {bucket: debriefs, prefix: team, access: ${access}}}
discord: [{api_base_url: "${discord.baseUrl}"}]`
  signedAt = now.replaceAll(/[-:]/g, '')
  return {
    ...room.context(yaml, { ...keys, DISCORD_WEBHOOK_URL: discord.webhookUrl }),
    now: () => new Date(now),
  }
}

const renewAt = (now: string) => renewMessages(contextAt(now), room.db, effects)
const signedIn = (mark: string) =>
  [...discord.messages.values()].filter(({ body }) => body.content?.includes(mark)).length

async function publishAll(): Promise<void> {
  for (const period of weeks) {
    const options = { kind: 'weekly', period, dryRun: false, repost: false } as const
    await publish(contextAt('2026-02-16T11:00:00Z'), options, room.db, effects)
  }
  expect(signedIn('20260216T110000Z')).toBe(weeks.length)
}

it('the links of the last four messages are renewed once a local day', async () => {
  await publishAll()
  expect(await renewAt('2026-02-16T20:00:00Z')).toEqual({ renewedCount: 0, failedCount: 0 })
  // Not a new day yet where the user is.
  expect(await renewAt('2026-02-17T03:00:00Z')).toEqual({ renewedCount: 0, failedCount: 0 })
  expect(await renewAt('2026-02-17T09:30:00Z')).toEqual({ renewedCount: 4, failedCount: 0 })
  expect([discord.messages.size, signedIn('20260217T093000Z'), signedIn('20260216T110000Z')]).toEqual([
    5, 4, 1,
  ])
  expect(await renewAt('2026-02-17T23:00:00Z')).toEqual({ renewedCount: 0, failedCount: 0 })
})

it('a renewal that fails is tried again by the next run, and posts nothing anew', async () => {
  await publishAll()
  discord.troubles.push(...Array.from({ length: 4 }, () => ({ kind: 'status', status: 403 }) as const))
  expect(await renewAt('2026-02-17T09:30:00Z')).toEqual({ renewedCount: 0, failedCount: 4 })
  expect(room.events.filter(({ action }) => action === 'fail')).toHaveLength(4)
  expect(await renewAt('2026-02-17T10:30:00Z')).toEqual({ renewedCount: 4, failedCount: 0 })
  expect(discord.messages.size).toBe(weeks.length)
})

it('public links need no renewal', async () => {
  await publishAll()
  const requestCount = discord.requests.length
  const result = await renewMessages(contextAt('2026-02-17T09:30:00Z', 'public'), room.db, effects)
  expect([result.renewedCount, discord.requests.length]).toEqual([0, requestCount])
})

it('a message that was deleted stays deleted', async () => {
  await publishAll()
  const [last] = [...discord.messages.keys()].slice(-1)
  discord.messages.delete(last ?? '')
  expect(await renewAt('2026-02-17T09:30:00Z')).toEqual({ renewedCount: 3, failedCount: 1 })
  expect(await renewAt('2026-02-17T10:30:00Z')).toMatchObject({ failedCount: 0 })
  expect(discord.messages.size).toBe(weeks.length - 1)
})
