// Twenty kinds of secrets and the homes of people, planted in every field of the logs: none is in anything that is uploaded, posted or logged.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { filesIn } from '../golden/golden-run.js'
import { createMachine, type Ended, type Machine, writeLog } from '../jobs/debrief-command.js'
import { type Ceph, missingCephPrograms, startCeph } from '../support/ceph.js'
import { type DiscordServer, startDiscordServer } from '../support/discord-server.js'
import { readKeptTexts } from './kept-texts.js'
import { secretSession } from './secret-logs.js'

/** Every planted secret holds it, so that parts of one are found too. */
const mark = 'Zq9Kx3Wv'
const hex = 'c0ffee0ddba11ad5'
const kinds: Readonly<Record<string, string>> = {
  GitHub: `ghp_a1B2c3D4${mark}e5F6g7H8i9J0k1L2`,
  'GitHub fine-grained': `github_pat_11AB${mark}CDEFGHIJ0klmnopqrstuv`,
  GitLab: `glpat-${mark}a1B2c3D4e5F6`,
  Anthropic: `sk-ant-api03-${mark}-a1B2c3D4e5F6g7H8i9J0`,
  OpenAI: `sk-proj-${mark}a1B2c3D4e5F6g7H8i9J0k1L2`,
  Stripe: `sk_live_${mark}a1B2c3D4e5F6g7H8`,
  Slack: `xoxb-123456789012-1234567890123-${mark}a1B2c3D4e5F6g7H8`,
  Discord: `https://discord.com/api/webhooks/123456789012345678/${mark}${'a1B2c3D4e5'.repeat(6)}`,
  Telegram: `1234567890:AA${mark}a1B2c3D4e5F6g7H8i9J0k1L2m`,
  'AWS key id': `AKIA${hex.slice(0, 8).toUpperCase()}ZQ9KX3WV`,
  Google: `AIza${mark}a1B2c3D4e5F6g7H8i9J0k1L2m3N`,
  npm: `npm_${mark}a1B2c3D4e5F6g7H8i9J0k1L2m3N4`,
  'Hugging Face': `hf_${mark}a1B2c3D4e5F6g7H8i9J0k1L2m3`,
  SendGrid: `SG.${mark}a1B2c3D4e5F6g7.${mark}a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R`,
  'JSON web token': `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIx${mark}In0.a1B2c3D4${mark}e5F6g7H8i9J0`,
  'password in a URL': `postgres://robin:${mark}swordfish@db.test/plants`,
  'bearer token': `Authorization: Bearer ${mark}.a1B2c3D4e5F6g7H8`,
  cookie: `Cookie: session=${mark}a1B2c3D4e5F6`,
  'signature in a URL': `https://files.test/a?X-Amz-Signature=${mark}a1B2c3D4e5F6g7H8`,
  'assignment to a telling name': `DB_PASSWORD=${mark}swordfish`,
}
const people = ['robinquell', 'maradorn']

const missing = missingCephPrograms()
const skipped = missing.length > 0 ? ` (SKIPPED: not installed: ${missing.join(', ')})` : ''

describe.skipIf(missing.length > 0)(`what leaves the machine${skipped}`, () => {
  let ceph: Ceph
  let discord: DiscordServer
  let machine: Machine
  let client: S3Client
  beforeAll(async () => {
    ;[ceph, discord] = await Promise.all([startCeph(), startDiscordServer()])
    const { endpoint, ...credentials } = ceph
    client = new S3Client({ region: 'us-east-1', endpoint, forcePathStyle: true, credentials })
    machine = createMachine()
  }, 60_000)
  afterAll(async () => {
    client?.destroy()
    machine?.remove()
    await Promise.all([ceph?.stop(), discord?.stop()])
  })

  const homes = () => [
    `${machine.folder}/notes/plan.md`,
    `/home/${people[0]}/garden/plan.md`,
    `/Users/${people[1]}/garden/plan.md`,
  ]

  /** A session for each kind; in names, as of a branch, the same or only what a name may well be: a token. */
  function plant(areNamesTokens: boolean): void {
    const planted = [...Object.values(kinds), ...homes()]
    for (const [n, secret] of planted.entries()) {
      const session = `secrets-${String(n).padStart(2, '0')}`
      writeLog(
        machine,
        `${session}.jsonl`,
        `${secretSession({ token: areNamesTokens ? kinds.GitHub! : secret, password: secret, session }).join('\n')}\n`,
      )
    }
  }

  it.each([
    ['webhook', 'in every name too'],
    ['bot', 'in names only tokens'],
  ])('holds none of them, with a %s, planted %s', async (kind) => {
    const areNamesTokens = kind === 'bot'
    plant(areNamesTokens)
    const bucket = `leaks-${kind}`
    discord.messages.clear()
    rmSync(machine.out, { recursive: true, force: true })
    await client.send(new CreateBucketCommand({ Bucket: bucket }))
    const channel = kind === 'bot' ? `kind: bot, channel_id: "${discord.bot.channelId}", ` : ''
    machine.configure(`user: tester
machine: bench
timezone: UTC
explore: false
privacy: {content: transcripts}
publish: {s3: {endpoint: "${ceph.endpoint}", bucket: ${bucket}}}
discord: [{${channel}api_base_url: "${discord.baseUrl}"}]
`)
    const ended = await machine.debriefWith(
      {
        DISCORD_WEBHOOK_URL: discord.webhookUrl,
        DISCORD_BOT_TOKEN: discord.bot.token,
        AWS_ACCESS_KEY_ID: ceph.accessKeyId,
        AWS_SECRET_ACCESS_KEY: ceph.secretAccessKey,
      },
      ...['run', 'weekly', '--for', '2026-W07'],
    )
    expect(ended.stdout, ended.stderr).toContain('s3: ')
    const fetched = await fetchAll(bucket)
    expect(fetched.size).toBeGreaterThan(40)
    const messages = [...discord.messages.values()].map(({ body }) => JSON.stringify(body)).join('\n')
    expect(leaksIn(new Map([...fetched, ...printed(ended), ['messages', messages]]))).toEqual([])
    // What no name should be, such as a cookie, is kept as it was logged: then it does not leave.
    if (!areNamesTokens) expect(ended.stdout).toContain('held back')
    expect(ended.code, ended.stdout).toBe(areNamesTokens ? 0 : 3)
    expect(discord.messages.size > 0, ended.stdout).toBe(areNamesTokens)
  })

  it('and what is planted is found where it is not cleared', () => {
    const logs = new Map(Object.entries(kinds).map(([kind, token]) => [kind, token]))
    expect(leaksIn(logs)).toHaveLength(20)
    expect(leaksIn(new Map(homes().map((path, n) => [String(n), path])))).toHaveLength(3)
  })

  /** Every object, as text; those in Parquet by their values too. */
  async function fetchAll(bucket: string): Promise<Map<string, string>> {
    const folder = join(machine.folder, 'fetched', bucket)
    let token: string | undefined
    do {
      const page = await client.send(new ListObjectsV2Command({ Bucket: bucket, ContinuationToken: token }))
      for (const { Key = '' } of page.Contents ?? []) {
        const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key }))
        mkdirSync(dirname(join(folder, Key)), { recursive: true })
        writeFileSync(join(folder, Key), (await Body?.transformToByteArray()) ?? '')
      }
      token = page.NextContinuationToken
    } while (token !== undefined)
    return readKeptTexts(folder)
  }

  /** What was printed, and what stands in the journals. */
  function printed({ stdout, stderr }: Ended): [string, string][] {
    const journals = ['logs', 'runs'].flatMap((name) =>
      filesIn(join(machine.out, name)).map((file) => join(machine.out, name, file)),
    )
    // A person who runs it sees where the report lies; where that is, is no secret to them.
    const told = `${stdout}\n${stderr}`
      .replaceAll(machine.out, '')
      .replaceAll(join(machine.folder, '.claude'), '')
    return [
      ['printed', told],
      ...journals.map((file): [string, string] => [
        file.slice(machine.folder.length),
        readFileSync(file, 'utf8')
          .replaceAll(machine.out, '')
          .replaceAll(join(machine.folder, '.claude'), ''),
      ]),
    ]
  }

  function leaksIn(texts: ReadonlyMap<string, string>): string[] {
    const signs = [mark, mark.toUpperCase(), machine.folder, ...people]
    return [...texts].flatMap(([name, text]) => {
      const sign = signs.find((part) => text.includes(part))
      if (sign === undefined) return []
      const at = text.indexOf(sign)
      return [`${name}: ${text.slice(Math.max(0, at - 60), at + 30)}`]
    })
  }
})
