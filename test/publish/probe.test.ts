import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { defaultEffects } from '../../pipeline/publish/effects.js'
import { probePublishing } from '../../pipeline/publish/probe.js'
import { openBucket } from '../../pipeline/publish/s3.js'
import { Secret } from '../../pipeline/secret.js'
import { type Ceph, missingCephPrograms, startCeph } from '../support/ceph.js'
import { type DiscordServer, startDiscordServer } from '../support/discord-server.js'
import { openPublishRoom, type PublishRoom } from './publish-room.js'

let room: PublishRoom
beforeAll(async () => {
  room = await openPublishRoom()
})
afterAll(() => room.close())

const look = (yaml: string, env: Record<string, string>) =>
  probePublishing(room.context(yaml, env).config, defaultEffects)

describe('a look at Discord', () => {
  let discord: DiscordServer
  beforeAll(async () => {
    discord = await startDiscordServer()
  })
  afterAll(() => discord.stop())
  const webhook = () => `discord: [{url_env: TEAM, api_base_url: "${discord.baseUrl}"}]`

  test('finds the webhook and posts nothing', async () => {
    const [seen] = await look(webhook(), { TEAM: discord.webhookUrl })
    expect(seen).toMatchObject({
      part: 'discord',
      subject: 'TEAM',
      is_ok: true,
      message: 'the webhook is there',
    })
    expect(discord.messages.size).toBe(0)
  })

  test('says which of the many things is wrong, and never the token', async () => {
    const problems = [
      [`${discord.webhookUrl}x`, 'the token is not accepted (401)'],
      [discord.webhookUrl.replace(discord.webhookId, '42'), 'there is no such webhook any more (404)'],
      ['https://example.com/', 'expected TEAM to be …/webhooks/<id>/<token>, got something else'],
    ]
    for (const [url, message] of problems) {
      const [seen] = await look(webhook(), { TEAM: url! })
      expect(seen).toMatchObject({ is_ok: false, message })
      expect(JSON.stringify(seen)).not.toContain(discord.token)
    }
    const unreachable = 'discord: [{url_env: TEAM, api_base_url: "http://127.0.0.1:1/api"}]'
    const [seen] = await look(unreachable, { TEAM: discord.webhookUrl })
    expect(seen?.message).toMatch(/^fetch failed: /)
    expect(JSON.stringify(seen)).not.toContain(discord.token)
  })

  test('is not taken where no address is set', async () => {
    expect(await look(webhook(), {})).toEqual([])
  })
})

const missing = missingCephPrograms()
const skipped = missing.length > 0 ? ` (SKIPPED: not installed: ${missing.join(', ')})` : ''

describe.skipIf(missing.length > 0)(`a look at a bucket${skipped}`, () => {
  let ceph: Ceph
  beforeAll(async () => {
    ceph = await startCeph()
  }, 60_000)
  afterAll(() => ceph?.stop())
  const yaml = (bucket: string) => `publish: {s3: {endpoint: "${ceph.endpoint}", bucket: ${bucket}}}`
  const env = () => ({ AWS_ACCESS_KEY_ID: ceph.accessKeyId, AWS_SECRET_ACCESS_KEY: ceph.secretAccessKey })

  test('writes, reads and removes one object; a missing bucket and a wrong key are named', async () => {
    const { S3Client, CreateBucketCommand } = await import('@aws-sdk/client-s3')
    const credentials = { accessKeyId: ceph.accessKeyId, secretAccessKey: ceph.secretAccessKey }
    const client = new S3Client({
      region: 'us-east-1',
      endpoint: ceph.endpoint,
      forcePathStyle: true,
      credentials,
    })
    await client.send(new CreateBucketCommand({ Bucket: 'probed' }))
    client.destroy()
    const [seen] = await look(yaml('probed'), env())
    expect(seen).toMatchObject({ is_ok: true, message: 'an object was written, read by a link, and removed' })
    const { config } = room.context(yaml('probed'), env())
    const bucket = await openBucket(config.publish.s3!, {
      accessKeyId: new Secret(ceph.accessKeyId),
      secretAccessKey: new Secret(ceph.secretAccessKey),
      sessionToken: null,
    })
    expect([...(await bucket.list('')).keys()]).toEqual([])
    bucket.close()
    const [missing] = await look(yaml('nowhere'), env())
    expect(missing?.message).toContain('there is no such bucket')
    const [refused] = await look(yaml('probed'), { ...env(), AWS_SECRET_ACCESS_KEY: 'quite-a-wrong-secret' })
    expect(refused?.message).toContain('the secret was not accepted')
    expect(JSON.stringify(refused)).not.toContain('quite-a-wrong-secret')
  })
})
