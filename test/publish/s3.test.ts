import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { CreateBucketCommand, HeadObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { defaultEffects } from '../../pipeline/publish/effects.js'
import { type PublishOptions, publish } from '../../pipeline/publish/publish.js'
import { withdrawFromBucket } from '../../pipeline/publish/withdraw.js'
import { type Ceph, missingCephPrograms, startCeph } from '../support/ceph.js'
import { type DiscordServer, startDiscordServer } from '../support/discord-server.js'
import { openPublishRoom, type PublishRoom, sampleDigest } from './publish-room.js'

const week: PublishOptions = { kind: 'weekly', period: '2026-W07', dryRun: false, repost: false }
const missing = missingCephPrograms()
const skipped = missing.length > 0 ? ` (SKIPPED: not installed: ${missing.join(', ')})` : ''

describe.skipIf(missing.length > 0)(`an upload to Ceph's S3 gateway${skipped}`, () => {
  let ceph: Ceph
  let client: S3Client
  let room: PublishRoom
  let discord: DiscordServer
  let bucket = ''
  let bucketCount = 0

  beforeAll(async () => {
    ceph = await startCeph()
    client = new S3Client({
      region: 'us-east-1',
      endpoint: ceph.endpoint,
      forcePathStyle: true,
      credentials: ceph,
    })
  })
  afterAll(async () => {
    client?.destroy()
    await ceph?.stop()
  })
  beforeEach(async () => {
    bucket = `reports-${++bucketCount}`
    await client.send(new CreateBucketCommand({ Bucket: bucket }))
    room = await openPublishRoom()
    discord = await startDiscordServer()
  })
  afterEach(async () => {
    const seen = JSON.stringify([room.events, await room.db.rows('select * from state.deliveries')])
    room.close()
    await discord.stop()
    expect(seen, 'the secret must be in no event and in no row').not.toContain(ceph.secretAccessKey)
  })

  it('comes back byte for byte, with content type and cache headers, through a link that cannot be changed', async () => {
    const result = await publishWeek()
    expect(result.isComplete).toBe(true)
    const link = result.deliveries[0]?.link ?? ''
    const answer = await fetch(link)
    expect(answer.status).toBe(200)
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(readFileSync(join(room.site, 'index.html')))
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(answer.headers.get('cache-control')).toBe('no-cache')
    expect(new URL(link).searchParams.get('X-Amz-Expires')).toBe('604800')

    expect((await fetch(link.replace('index.html', 'report.json'))).status).toBe(403)
    expect((await fetch(link.replace('Expires=604800', 'Expires=604801'))).status).toBe(403)
    expect((await fetch(link.split('?')[0] ?? '')).status).toBe(403)
  })

  it('puts every file where it belongs, with its headers', async () => {
    await publishWeek()
    const site = 'team/debrief/me/desk/site'
    const parquet = 'team/debrief/me/desk/parquet'
    const picture = 'image/png | private, max-age=3600'
    const table = 'application/vnd.apache.parquet | private, no-cache'
    expect(await headersByKey()).toEqual({
      [`${parquet}/_ledger/state_facets.parquet`]: table,
      [`${parquet}/manifest.json`]: 'application/json | private, no-cache',
      [`${parquet}/sessions/user_id=me/machine_id=desk/week=2026-W07/data_0.parquet`]: table,
      [`${site}/index.html`]: 'text/html; charset=utf-8 | no-cache',
      [`${site}/weekly/2026-W07/digest.json`]: 'application/json | no-cache',
      [`${site}/weekly/2026-W07/digest.png`]: picture,
      [`${site}/weekly/2026-W07/index.html`]: 'text/html; charset=utf-8 | no-cache',
      [`${site}/weekly/2026-W07/report.json`]: 'application/json | no-cache',
      [`${site}/weekly/2026-W07/report.md`]: 'text/markdown; charset=utf-8 | no-cache',
    })
  })

  it('sends only what changed, and names what is left over without deleting it', async () => {
    const { rmSync, writeFileSync } = await import('node:fs')
    expect((await publishWeek()).deliveries[0]?.detail).toMatch(/^9 uploaded .* 0 unchanged$/)
    expect((await publishWeek()).deliveries[0]).toMatchObject({
      status: 'unchanged',
      detail: '0 uploaded (0 bytes), 9 unchanged',
    })
    writeFileSync(join(room.site, 'report.md'), '# Changed\n')
    rmSync(join(room.folder, 'out/parquet/_ledger'), { recursive: true })
    expect((await publishWeek()).deliveries[0]?.detail).toBe('1 uploaded (10 bytes), 7 unchanged')
    expect(room.events).toContainEqual(
      expect.objectContaining({
        message: expect.stringMatching(/^1 object in the bucket, such as .*state_facets.parquet/),
      }),
    )
    expect(Object.keys(await headersByKey())).toHaveLength(9)
  })

  it('gives the link to the digest, and a fresh one to the same message the next day', async () => {
    const yaml = `${s3Yaml()}\ndiscord: [{api_base_url: "${discord.baseUrl}"}]`
    const env = { ...keys(), DISCORD_WEBHOOK_URL: discord.webhookUrl }
    const first = await publish(room.context(yaml, env), week, room.db)
    expect([...discord.messages.values()][0]?.body.content).toContain(`(<${first.deliveries[0]?.link}>)`)
    const second = await publish(room.context(yaml, env), week, room.db)
    expect(second.deliveries.map(({ status }) => status)).toEqual(['unchanged', 'delivered'])
    expect(discord.requests.map(({ method }) => method)).toEqual(['POST', 'PATCH'])
    expect(discord.messages.size).toBe(1)
  })

  it('that fails leaves Discord without a link, until the next one mends the message', async () => {
    const yaml = `${s3Yaml()}\ndiscord: [{api_base_url: "${discord.baseUrl}"}]`
    const env = { ...keys(), DISCORD_WEBHOOK_URL: discord.webhookUrl }
    const broken = room.context(yaml, { ...env, AWS_SECRET_ACCESS_KEY: 'not-the-secret-0123456789' })
    expect(await publish(broken, week, room.db)).toMatchObject({
      isComplete: false,
      deliveries: [{ status: 'failed' }, { status: 'delivered' }],
    })
    expect(await publish(broken, week, room.db)).toMatchObject({
      isComplete: false,
      deliveries: [{ status: 'failed' }, { status: 'failed' }],
    })
    expect(discord.requests).toHaveLength(1)
    expect(await publish(room.context(yaml, env), week, room.db)).toMatchObject({ isComplete: true })
    expect(discord.messages.size).toBe(1)
    expect([...discord.messages.values()][0]?.body.content).toContain('[Read the report]')
  })

  it('with a wrong secret says so, and shows no secret', async () => {
    const secret = 'not-the-secret-0123456789'
    const result = await publishWeek('presigned', { ...keys(), AWS_SECRET_ACCESS_KEY: secret })
    expect(result).toMatchObject({ isComplete: false, deliveries: [{ status: 'failed' }, { status: 'off' }] })
    expect(result.deliveries[0]?.detail).toBe(
      `the secret was not accepted: expected AWS_SECRET_ACCESS_KEY to belong to AWS_ACCESS_KEY_ID (SignatureDoesNotMatch from ${ceph.endpoint}, bucket ${bucket})`,
    )
    const rows = await room.db.rows('select * from state.deliveries')
    expect(rows).toMatchObject([{ delivery_id: 's3/weekly/2026-W07', status: 'failed' }])
    expect(JSON.stringify([result, room.events, rows])).not.toContain(secret)
    expect((await publishWeek()).isComplete).toBe(true)
  })

  it.each([
    ['an unknown key', { AWS_ACCESS_KEY_ID: 'NOBODY' }, 'the key was not accepted'],
    ['no key', { AWS_ACCESS_KEY_ID: '' }, 'but AWS_ACCESS_KEY_ID is not set'],
    [
      'no keys',
      { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' },
      'AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY is not set',
    ],
  ])('with %s says so', async (_, env, message) => {
    const result = await publishWeek('presigned', { ...keys(), ...env })
    expect(result).toMatchObject({
      isComplete: false,
      deliveries: [{ status: 'failed', detail: expect.stringContaining(message) }, {}],
    })
  })

  it('to a bucket or a server that is not there says so', async () => {
    bucket = 'no-such-bucket'
    expect((await publishWeek()).deliveries[0]?.detail).toContain('there is no such bucket')
    const nowhere = `publish: {s3: {endpoint: "http://127.0.0.1:9", bucket: b}}`
    const result = await publish(room.context(nowhere, keys()), week, room.db)
    expect(result.deliveries[0]?.detail).toContain('the server could not be reached')
  })

  it('to a public place makes the site readable under a path that nobody guesses, and Parquet not', async () => {
    const result = await publishWeek('public', keys(), 'privacy: {content: none}')
    const link = result.deliveries[0]?.link ?? ''
    expect(link).toMatch(
      new RegExp(
        `^${ceph.endpoint}/${bucket}/team/debrief/me/desk/site-[0-9a-f]{32}/weekly/2026-W07/index.html$`,
      ),
    )
    expect((await fetch(link)).status).toBe(200)
    expect((await fetch(link.replace(/site-.*/, 'parquet/manifest.json'))).status).toBe(403)
    expect((await publishWeek('public', keys(), 'privacy: {content: none}')).deliveries[0]).toMatchObject({
      link,
      status: 'unchanged',
    })
  })

  it('to a public place is refused for a report rendered while more was allowed', async () => {
    room.writeDigest({ ...sampleDigest(), content: 'summaries' })
    await expect(publishWeek('public', keys(), 'privacy: {content: none}')).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringContaining('was rendered with privacy.content summaries'),
      hint: 'Render it again: debrief report weekly --for 2026-W07',
    })
    expect(await headersByKey()).toEqual({})
    expect((await publishWeek()).isComplete).toBe(true)
  })

  it('to a public place is refused for more than numbers', async () => {
    await expect(publishWeek('public')).rejects.toMatchObject({
      name: 'UserError',
      hint: expect.stringContaining('privacy.content: none'),
    })
  })

  const named = (content: string) =>
    `publish: {s3: {endpoint: "${ceph.endpoint}", bucket: ${bucket}, access: public, public_content: summaries}}\nprivacy: {content: ${content}}`

  it('to a public place takes more than numbers where that is asked for by name, and no more than that', async () => {
    room.writeDigest({ ...sampleDigest(), content: 'summaries' })
    const result = await publish(room.context(named('summaries'), keys()), week, room.db)
    expect((await fetch(result.deliveries[0]?.link ?? '')).status).toBe(200)
    await expect(publish(room.context(named('transcripts'), keys()), week, room.db)).rejects.toMatchObject({
      message: expect.stringContaining('expected at most summaries, as publish.s3.public_content says'),
    })
  })

  it.each([
    ['holds more', '<meta name="debrief:content" content="transcripts">'],
    ['does not say how much it holds', ''],
  ])('to a public place is refused for a page around the report that %s', async (_, meta) => {
    const { mkdirSync, writeFileSync } = await import('node:fs')
    mkdirSync(join(room.folder, 'out/site/sessions'))
    writeFileSync(join(room.folder, 'out/site/sessions/index.html'), `<!doctype html>${meta}<p>Sessions`)
    await expect(publish(room.context(named('summaries'), keys()), week, room.db)).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringContaining('sessions/index.html was rendered with privacy.content'),
    })
    expect(await headersByKey()).toEqual({})
  })

  it('keeps as many reports as are asked for, the one at hand among them, and all of Parquet', async () => {
    const { cpSync } = await import('node:fs')
    const weeks = ['2026-W01', '2026-W02', '2026-W03', '2026-W04', '2026-W05', '2026-W06']
    for (const period of weeks) {
      cpSync(room.site, join(room.site, '..', period), { recursive: true })
      room.writeDigest({ ...sampleDigest(), period })
      cpSync(join(room.site, 'digest.json'), join(room.site, '..', period, 'digest.json'))
      await publish(room.context(s3Yaml(), keys()), { ...week, period }, room.db)
    }
    room.writeDigest(sampleDigest())
    const keeping = `publish: {s3: {endpoint: "${ceph.endpoint}", bucket: ${bucket}, prefix: team/debrief, keep_reports: {weekly: 4}}}`
    await publish(room.context(keeping, keys()), week, room.db)
    const there = async () => {
      const found = Object.keys(await headersByKey())
      return [...new Set(found.flatMap((key) => /weekly\/([^/]+)\//.exec(key)?.[1] ?? []))]
    }
    expect(await there()).toEqual(['2026-W04', '2026-W05', '2026-W06', '2026-W07'])
    expect(Object.keys(await headersByKey()).filter((key) => key.includes('/parquet/'))).toHaveLength(3)
    await publish(room.context(keeping, keys()), { ...week, period: '2026-W01' }, room.db)
    expect(await there()).toEqual(['2026-W01', '2026-W04', '2026-W05', '2026-W06', '2026-W07'])
  })

  it('lists the objects and their sizes in a dry run, and sends nothing', async () => {
    const result = await publish(room.context(s3Yaml(), keys()), { ...week, dryRun: true }, null)
    expect(result.deliveries[0]).toMatchObject({ target: 's3', status: 'dry-run' })
    expect(result.deliveries[0]?.detail).toContain(
      'team/debrief/me/desk/site/weekly/2026-W07/report.md  9 bytes  text/markdown',
    )
    expect(await headersByKey()).toEqual({})
  })

  it('is taken up where it stopped when the server breaks in the middle', async () => {
    let puts = 0
    const effects: typeof defaultEffects = {
      ...defaultEffects,
      openBucket: async (s3, s3Keys) => {
        const real = await defaultEffects.openBucket(s3, s3Keys)
        const put: typeof real.put = async (object, body) => {
          if (++puts > 4) throw new Error('the line is cut')
          await real.put(object, body)
        }
        return { ...real, put }
      },
    }
    const first = await publish(room.context(s3Yaml(), keys()), week, room.db, effects)
    expect(first.deliveries[0]).toMatchObject({
      status: 'failed',
      detail: expect.stringContaining('the line is cut'),
    })
    expect(
      Object.keys(await headersByKey()).some((key) => key.endsWith('index.html')),
      'the index comes last',
    ).toBe(false)
    expect((await publishWeek()).deliveries[0]?.detail).toMatch(/^5 uploaded .* 4 unchanged$/)
  })

  it('is withdrawn where it lies no more in out/', async () => {
    await publishWeek()
    const gone = 'team/debrief/me/desk/site/weekly/2026-W07/report.md'
    expect(Object.keys(await headersByKey())).toContain(gone)
    rmSync(join(room.site, 'report.md'))
    expect(await withdrawFromBucket(room.context(s3Yaml(), keys()))).toMatchObject({
      status: 'withdrawn',
      detail: expect.stringMatching(/^overwritten: 0, deleted: 1, /),
    })
    expect(Object.keys(await headersByKey())).not.toContain(gone)
    expect(Object.keys(await headersByKey())).toHaveLength(8)
  })

  function publishWeek(access = 'presigned', env = keys(), more = '') {
    return publish(room.context(`${s3Yaml(access)}\n${more}`, env), week, room.db)
  }

  function s3Yaml(access = 'presigned'): string {
    return `publish: {s3: {endpoint: "${ceph.endpoint}", bucket: ${bucket}, prefix: /team/debrief/, access: ${access}}}`
  }

  function keys(): Record<string, string> {
    return { AWS_ACCESS_KEY_ID: ceph.accessKeyId, AWS_SECRET_ACCESS_KEY: ceph.secretAccessKey }
  }

  async function headersByKey(): Promise<Record<string, string>> {
    const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: bucket }))
    const heads = Contents.map(async ({ Key = '' }) => {
      const head = await client.send(new HeadObjectCommand({ Bucket: bucket, Key }))
      return [Key, `${head.ContentType} | ${head.CacheControl}`] as const
    })
    return Object.fromEntries(await Promise.all(heads))
  }
})
