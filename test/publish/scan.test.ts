import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { findLeaks } from '../../pipeline/leaks.js'
import { defaultEffects, type PublishEffects } from '../../pipeline/publish/effects.js'
import { type PublishOptions, publish } from '../../pipeline/publish/publish.js'
import { scanText } from '../../pipeline/publish/scan.js'
import { Secret } from '../../pipeline/secret.js'
import { type DiscordServer, startDiscordServer } from '../support/discord-server.js'
import { openPublishRoom, type PublishRoom, sampleDigest } from './publish-room.js'

const week: PublishOptions = { kind: 'weekly', period: '2026-W07', dryRun: false, repost: false }
const keys = { AWS_ACCESS_KEY_ID: 'AKEXAMPLE', AWS_SECRET_ACCESS_KEY: 'not-a-secret-0123456789' }
const token = `ghp_${'a1B2c3D4e5F6g7H8i9J0'}`

let room: PublishRoom
let discord: DiscordServer
let uploaded: string[]
beforeEach(async () => {
  room = await openPublishRoom()
  discord = await startDiscordServer()
  uploaded = []
})
afterEach(async () => {
  const seen = JSON.stringify([room.events, await room.db.rows('from state.deliveries')])
  room.close()
  await discord.stop()
  expect(seen, 'what was found is in no event and in no row').not.toContain(token)
})

const effects: PublishEffects = {
  ...defaultEffects,
  openBucket: async () => ({
    list: async () => new Map(),
    put: async ({ key }) => void uploaded.push(key.replace(/^team\/me\/desk\//, '')),
    remove: async () => {},
    presign: async (key) => `https://s3.example.com/debriefs/${key}?X-Amz-Signature=5af1`,
    close: () => {},
  }),
}

function publishWeek(more = '') {
  const yaml = `publish: {s3: {bucket: debriefs, prefix: team}}
discord: [{api_base_url: "${discord.baseUrl}"}]\n${more}`
  return publish(
    room.context(yaml, { ...keys, DISCORD_WEBHOOK_URL: discord.webhookUrl }),
    week,
    room.db,
    effects,
  )
}

function put(path: string, text: string): void {
  const file = join(room.folder, 'out', path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
}

describe('what is about to be uploaded', () => {
  it('goes up whole where nothing is found', async () => {
    expect(await publishWeek()).toMatchObject({ isComplete: true })
    expect(uploaded).toHaveLength(9)
    expect(discord.messages.size).toBe(1)
  })

  it('stays here where a page holds a secret: its line is named, and the rest goes out', async () => {
    put('site/weekly/2026-W07/report.md', `# Week 7\n\nWe rotated ${token} today.\n`)
    const result = await publishWeek()
    expect(result.isComplete).toBe(false)
    expect(result.deliveries[0]).toMatchObject({
      status: 'failed',
      link: expect.stringContaining('X-Amz-Signature'),
      detail: expect.stringContaining(
        '0 unchanged; 1 file held back, since a secret or a home path stands there: site/weekly/2026-W07/report.md: line 3 (GitHub)',
      ),
    })
    expect(uploaded).toHaveLength(8)
    expect(uploaded).not.toContain('site/weekly/2026-W07/report.md')
    expect(discord.messages.size).toBe(1)
  })

  it('stays here where a Parquet file holds one: its table and column are named', async () => {
    const table = 'parquet/sessions/user_id=me/machine_id=desk/week=2026-W07/data_0.parquet'
    await room.putTable(table, `select 's1' as session_id, ['fine', 'with ${token}'] as titles, 7 as n`)
    await room.putTable(
      'parquet/_ledger/raw.contexts.parquet',
      `select '/home/robin/garden' as working_directory`,
    )
    const [upload] = (await publishWeek()).deliveries
    expect(upload?.detail).toContain('2 files held back')
    expect(upload?.detail).toContain(`${table}: sessions.titles (GitHub)`)
    expect(upload?.detail).toContain('raw.contexts.parquet: raw.contexts.working_directory (home path)')
    expect(uploaded.filter((key) => key.endsWith('.parquet'))).toEqual([
      'parquet/_ledger/state_facets.parquet',
    ])
  })

  it('gives no link to a report that was held back, and posts the digest without', async () => {
    put('site/weekly/2026-W07/index.html', `<p>\n<code>AWS_SECRET&#x3D;1 ${token}</code>`)
    const [upload] = (await publishWeek()).deliveries
    expect(upload).toMatchObject({
      status: 'failed',
      detail: expect.stringContaining('index.html: line 2 (GitHub)'),
    })
    expect(upload).not.toHaveProperty('link')
    expect([...discord.messages.values()][0]?.body.content).not.toContain('Read the report')
  })

  it('goes out once it is mended', async () => {
    put('site/weekly/2026-W07/report.md', token)
    expect((await publishWeek()).isComplete).toBe(false)
    put('site/weekly/2026-W07/report.md', 'mended')
    expect((await publishWeek()).isComplete).toBe(true)
    expect(uploaded).toContain('site/weekly/2026-W07/report.md')
  })

  it('may show whole paths only where these are asked for', async () => {
    put('site/weekly/2026-W07/report.md', 'in /Users/robin/garden')
    expect((await publishWeek()).deliveries[0]?.detail).toContain('line 1 (home path)')
    expect((await publishWeek('privacy: {redact_paths: false}')).isComplete).toBe(true)
  })
})

it('a digest with a secret is posted nowhere, and the report goes up but for it', async () => {
  room.writeDigest({ ...sampleDigest(), sentences: [`The key is ${token}.`] })
  const result = await publishWeek()
  expect(result.isComplete).toBe(false)
  expect(result.deliveries[1]).toMatchObject({
    status: 'failed',
    detail: expect.stringMatching(/^the message is held back, .*digest\.json: line \d+ \(GitHub\)$/),
  })
  expect(discord.requests).toEqual([])
  expect(uploaded).toContain('site/weekly/2026-W07/index.html')
  expect(readFileSync(join(room.site, 'digest.json'), 'utf8')).toContain(token)
})

describe('a leak', () => {
  const rules = { secrets: [new Secret('known-to-nobody')], home: '/srv/people/robin', arePathsShown: false }
  const kindsOf = (text: string) => findLeaks(text, rules).map(({ kind }) => kind)

  it.each([
    ['a known secret', 'it was known-to-nobody then', 'a secret of the configuration'],
    ['this home', 'in /srv/people/robin/garden', 'home path'],
    ["somebody's home", 'in /home/alex', 'home path'],
    ['a home on Windows, as JSON writes it', String.raw`"C:\\Users\\alex\\garden"`, 'home path'],
    ['a password in a URL', 'postgres://alex:hunter2@db.test/plants', 'password in a connection string'],
    ['an assignment', 'DB_PASSWORD=correct7horse9', 'assignment to a telling name'],
    ['a private key', '-----BEGIN RSA PRIVATE KEY-----', 'private key'],
  ])('is %s', (_, text, kind) => {
    expect(kindsOf(text)).toContain(kind)
  })

  it.each([
    'postgres://alex:[secret]@db.test/plants and Authorization: Bearer [secret]',
    'in ~/garden, /srv/people/robinson and https://example.org/home/',
    'token = tokens[index]; password: string; --token $TOKEN',
    'msg_01TDpNwV2MNQqnvN2oSTPpwD:req_011CY8EhmxCNSA1hjH6ebCti',
    '/home/~1a2b3c4d/garden',
  ])('is not in %s', (text) => {
    expect(findLeaks(text, rules)).toEqual([])
  })
})

it('what was cleared, and then shortened in the middle of its mark, is no finding', () => {
  const rules = { secrets: [], home: '/home/sam', arePathsShown: false }
  for (const text of ['Authorization: [secret]', 'Authorization: [secr…', 'Authorization: […'])
    expect(scanText('page.html', text, rules), text).toEqual([])
  expect(scanText('page.html', 'Authorization: [secreta1B2c3D4…', rules)).toHaveLength(1)
})
