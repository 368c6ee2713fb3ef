import { cpSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { packageRoot } from '../../pipeline/root.js'
import { type Ceph, missingCephPrograms, startCeph } from '../support/ceph.js'
import { type DiscordServer, startDiscordServer } from '../support/discord-server.js'
import type { StoredMessage } from '../support/discord-store.js'
import { createMachine, type Ended, type Machine } from './debrief-command.js'

/** A machine whose week is rendered, and what the run said that was told to send nothing; copied for each test. */
let rendered: Machine
let kept: Ended
let requestsOfPreparation: number
let machine: Machine
let discord: DiscordServer

beforeAll(async () => {
  discord = await startDiscordServer()
  rendered = createMachine()
  const fixture = join(packageRoot, 'fixtures/logs/claude-code/bad-lines/home')
  cpSync(fixture, rendered.folder, { recursive: true })
  rendered.configure(discordYaml())
  kept = await rendered.debriefWith(webhook(), 'run', 'weekly', ...week, '--no-publish')
  requestsOfPreparation = discord.requests.length
})
afterAll(async () => {
  rendered.remove()
  await discord.stop()
})
beforeEach(() => {
  machine = createMachine()
  cpSync(rendered.folder, machine.folder, { recursive: true })
  discord.messages.clear()
  discord.requests.length = 0
})
afterEach(() => {
  const bytes = machine.everything()
  machine.remove()
  expect(bytes.includes(discord.token), 'the token is in no output and no file').toBe(false)
})

const week = ['--for', '2026-W07'] as const
const discordYaml = () => `discord: [{api_base_url: "${discord.baseUrl}"}]\n`
const webhook = () => ({ DISCORD_WEBHOOK_URL: discord.webhookUrl })

function onlyMessage(): StoredMessage {
  const [message, ...others] = discord.messages.values()
  if (!message || others.length > 0) throw new Error(`expected one message, got ${discord.messages.size}`)
  return message
}

const missing = missingCephPrograms()
const skipped = missing.length > 0 ? ` (SKIPPED: not installed: ${missing.join(', ')})` : ''

describe.skipIf(missing.length > 0)(`debrief with S3 and Discord${skipped}`, () => {
  let ceph: Ceph
  let client: S3Client
  let bucket = ''
  let bucketCount = 0

  beforeAll(async () => {
    ceph = await startCeph()
    const { endpoint, ...credentials } = ceph
    client = new S3Client({ region: 'us-east-1', endpoint, forcePathStyle: true, credentials })
  })
  afterAll(async () => {
    client?.destroy()
    await ceph?.stop()
  })
  beforeEach(async () => {
    bucket = `debriefs-${++bucketCount}`
    await client.send(new CreateBucketCommand({ Bucket: bucket }))
    machine.configure(
      `user: tester\nmachine: bench\ntimezone: UTC\n${discordYaml()}publish: {s3: {endpoint: "${ceph.endpoint}", bucket: ${bucket}}}\n`,
    )
  })

  const env = () => ({
    ...webhook(),
    AWS_ACCESS_KEY_ID: ceph.accessKeyId,
    AWS_SECRET_ACCESS_KEY: ceph.secretAccessKey,
  })

  async function keys(): Promise<string[]> {
    const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: bucket }))
    return Contents.map(({ Key = '' }) => Key)
  }

  it('lists what a dry run would send, and sends nothing', async () => {
    const { code, stdout } = await machine.debriefWith(env(), 'publish', ...week, '--dry-run')
    expect(code).toBe(0)
    expect(stdout).toContain('debrief/tester/bench/site/weekly/2026-W07/index.html')
    expect(stdout).toContain('would post this message')
    expect([await keys(), discord.requests]).toEqual([[], []])
  })

  it('uploads, posts one message with the link, and edits it the next time', async () => {
    const sent = await machine.debriefWith(env(), 'run', 'weekly', ...week)
    expect(sent.code).toBe(0)
    const Key = 'debrief/tester/bench/site/weekly/2026-W07/index.html'
    const object = await client.send(new GetObjectCommand({ Bucket: bucket, Key }))
    const report = readFileSync(join(machine.out, 'site/weekly/2026-W07/index.html'))
    expect(Buffer.from((await object.Body?.transformToByteArray()) ?? []).equals(report)).toBe(true)
    expect([object.ContentType, object.CacheControl]).toEqual(['text/html; charset=utf-8', 'no-cache'])
    const first = onlyMessage().id
    const [link = ''] = /(?<=\(<)http[^>]+/.exec(onlyMessage().body.content ?? '') ?? []
    expect(Buffer.from(await (await fetch(link)).arrayBuffer()).equals(report)).toBe(true)
    expect(onlyMessage().files.map(({ name }) => name)).toEqual(['digest.png'])

    const again = await machine.debriefWith(env(), 'run', 'weekly', ...week)
    expect([again.code, onlyMessage().id]).toEqual([0, first])
    expect(again.stdout).toContain(`edited message ${first}`)
    expect(discord.requests.map(({ method }) => method)).toEqual(['POST', 'PATCH'])
    expect(machine.everything().includes(ceph.secretAccessKey)).toBe(false)
  })

  it('with a wrong secret says so, ends with exit code 3, and shows neither secret nor token', async () => {
    const secret = 'wrong/secret+that-must-not-be-seen'
    const ended = await machine.debriefWith({ ...env(), AWS_SECRET_ACCESS_KEY: secret }, 'publish', ...week)
    expect(ended.code).toBe(3)
    expect(ended.stdout).toContain(
      's3: the secret was not accepted: expected AWS_SECRET_ACCESS_KEY to belong to',
    )
    expect(machine.everything().includes(secret)).toBe(false)
    expect(await keys()).toEqual([])

    const mended = await machine.debriefWith(env(), 'publish', ...week)
    expect([mended.code, (await keys()).length > 0]).toEqual([0, true])
    expect(onlyMessage().body.content).toContain('[Read the report](<http')
  })
})

describe('debrief with Discord', () => {
  it('sends nothing with --no-publish, and says so', () => {
    expect([kept.code, kept.stdout]).toEqual([
      0,
      expect.stringContaining('Publishing is off (--no-publish).'),
    ])
    expect(requestsOfPreparation).toBe(0)
  })

  it('that never answers ends with exit code 3, does not repeat the message, and is resolved by --repost', async () => {
    discord.troubles.push({ kind: 'drop' })
    const lost = await machine.debriefWith(webhook(), 'publish', ...week)
    expect(lost.code).toBe(3)
    expect(lost.stdout).toContain('`debrief publish --repost` sends it again')
    const next = await machine.debriefWith(webhook(), 'run', 'weekly', ...week)
    expect([next.code, next.stdout]).toEqual([3, expect.stringContaining('an earlier send got no answer')])
    expect(discord.requests, 'it was sent once').toHaveLength(1)
    const deliveries = await machine.debrief('query', 'select status from deliveries', '--json')
    expect(JSON.parse(deliveries.stdout)).toEqual([{ status: 'unknown' }])

    discord.messages.clear()
    const reposted = await machine.debriefWith(webhook(), 'publish', ...week, '--repost')
    expect([reposted.code, reposted.stdout]).toEqual([
      0,
      expect.stringContaining(`posted as message ${onlyMessage().id}`),
    ])
    const settled = await machine.debriefWith(webhook(), 'publish', ...week)
    expect([settled.code, settled.stdout]).toEqual([0, expect.stringContaining('says the same already')])
    expect(discord.requests).toHaveLength(2)
  })

  it('that refuses the token ends with exit code 3, and shows no token', async () => {
    const wrong = 'wrong-token-that-must-not-be-seen-0123456789'
    const url = discord.webhookUrl.replace(discord.token, wrong)
    const ended = await machine.debriefWith({ DISCORD_WEBHOOK_URL: url }, 'publish', ...week, '--json')
    expect(ended.code).toBe(3)
    expect(JSON.parse(ended.stdout)).toMatchObject({ deliveries: [{ status: 'off' }, { status: 'failed' }] })
    expect(machine.everything().includes(wrong)).toBe(false)
    expect(discord.messages.size).toBe(0)
  })

  it('whose address is not in the environment names the variable', async () => {
    const ended = await machine.debrief('publish', ...week)
    expect(ended.code).toBe(3)
    expect(ended.stdout).toContain('DISCORD_WEBHOOK_URL is not set')
  })
})

describe('debrief without a place to publish to', () => {
  it('says that it is off, and that is a success', async () => {
    machine.configure('')
    const { code, stdout } = await machine.debriefWith(webhook(), 'publish', ...week)
    expect(code).toBe(0)
    expect(stdout).toContain('S3 is not configured (publish.s3)')
    expect(stdout).toContain('Discord is not configured (discord)')
    expect(discord.requests).toEqual([])
  })
})

it('debrief publish of a week that was never rendered says what to do', async () => {
  const { code, stderr } = await machine.debriefWith(webhook(), 'publish', '--for', '2026-W06')
  expect([code, stderr]).toEqual([2, expect.stringContaining('2026-W06')])
  expect(discord.requests).toEqual([])
})
