// After a restore Discord is as it was: what was posted since the snapshot is known from the journal of deliveries alone.
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type DiscordServer, startDiscordServer } from '../support/discord-server.js'
import { queryFile } from '../support/workspace.js'
import { writeWeeks } from '../tips/correction-logs.js'
import { createMachine, type Ended, type Machine } from './debrief-command.js'

const week = ['--for', '2026-W07'] as const

/** A machine whose week was published by a webhook and a bot, copied for each test together with what Discord holds. */
let published: Machine
let machine: Machine
let discord: DiscordServer
let posted: Map<string, string>
const env = () => ({
  DISCORD_WEBHOOK_URL: discord.webhookUrl,
  DISCORD_BOT_TOKEN: discord.bot.token,
  HOME: published.folder,
})
const debrief = (...args: string[]): Promise<Ended> => machine.debriefWith(env(), ...args)
const said = () => new Map([...discord.messages].map(([id, { body }]) => [id, JSON.stringify(body.embeds)]))
/** Requests that would make a message. */
const posts = () => discord.requests.filter(({ method }) => method === 'POST')
const deliveries = (out = machine.out) =>
  queryFile<{ target: string; status: string }>(
    join(out, 'ledger.duckdb'),
    `select delivery_id, target, status, remote_id, content_sha256 from state.deliveries order by delivery_id`,
  )

beforeAll(async () => {
  discord = await startDiscordServer()
  published = createMachine()
  writeWeeks(published.folder, { '2026-01-12': 8, '2026-02-09': 10 })
  published.configure(`user: tester
machine: bench
timezone: UTC
explore: false
discord:
  - {api_base_url: "${discord.baseUrl}"}
  - {kind: bot, channel_id: "${discord.bot.channelId}", api_base_url: "${discord.baseUrl}"}
`)
  const { code, stderr } = await published.debriefWith(env(), 'run', 'weekly', ...week)
  expect(code, stderr).toBe(0)
  posted = said()
  // One digest each, and the bot's tip.
  expect(posted.size).toBe(3)
})
afterAll(async () => {
  published.remove()
  await discord.stop()
})
beforeEach(() => {
  machine = createMachine()
  cpSync(published.folder, machine.folder, { recursive: true, preserveTimestamps: true })
  discord.requests.length = 0
  // After some minutes Discord does not know a nonce any more.
  for (const [id, message] of discord.messages) discord.messages.set(id, { ...message, nonce: null })
})
afterEach(() => machine.remove())

function loseDatabases(): void {
  for (const name of ['ledger.duckdb', 'warehouse.duckdb']) rmSync(join(machine.out, name))
}

/** As a kill right after the request leaves the journal: nobody wrote down that it was answered. */
function cutOffAnswers(target: string): void {
  const journal = join(machine.out, 'deliveries.jsonl')
  const lines = readFileSync(journal, 'utf8').split('\n')
  const kept = lines.filter((line) => {
    const { target: of, status } = line === '' ? {} : (JSON.parse(line) as Record<string, string>)
    return of !== target || status === 'intended'
  })
  expect(kept.length).toBeLessThan(lines.length)
  writeFileSync(journal, kept.join('\n'))
}

describe('after `debrief restore`', () => {
  it('nothing is posted a second time, neither by publish nor by run', async () => {
    const before = await deliveries()
    loseDatabases()
    const restored = await debrief('restore')
    expect([restored.code, restored.stderr]).toEqual([
      0,
      expect.stringContaining(`deliveries known from the journal: ${before.length}; none is posted twice`),
    ])
    expect(await deliveries()).toEqual(before)
    for (const command of [
      ['publish', ...week],
      ['run', 'weekly', ...week],
    ]) {
      const ended = await debrief(...command)
      expect([ended.code, posts()], ended.stdout).toEqual([0, []])
      expect(said()).toEqual(posted)
    }
  })

  it('with --force over a ledger that is there, too', async () => {
    const before = await deliveries()
    expect((await debrief('restore', '--force')).code).toBe(0)
    expect(await deliveries()).toEqual(before)
    expect(existsSync(join(machine.out, 'ledger.duckdb.before-restore'))).toBe(true)
  })

  it('what says something else now is edited in its place', async () => {
    loseDatabases()
    expect((await debrief('restore')).code).toBe(0)
    machine.configure(
      readFileSync(join(machine.folder, 'debrief.yaml'), 'utf8').replace('user: tester', 'user: other'),
    )
    const ended = await debrief('run', 'weekly', ...week)
    expect([ended.code, posts()], ended.stdout).toEqual([0, []])
    expect([...said().keys()]).toEqual([...posted.keys()])
    expect([...said().values()].filter((text) => text.includes('other on bench'))).toHaveLength(2)
    for (const [id, embeds] of posted) discord.messages.get(id)!.body = bodyWith(id, embeds)
  })

  it('a send whose answer nobody wrote down stays unknown for a webhook, and a bot looks it up', async () => {
    const webhook = `discord:${discord.webhookId}`
    const bot = `discord:bot:${discord.bot.channelId}`
    for (const target of [webhook, bot]) cutOffAnswers(target)
    loseDatabases()
    expect((await debrief('restore')).code).toBe(0)
    const openTargets = (await deliveries()).filter(({ status }) => status === 'intended')
    expect(openTargets.map(({ target }) => target).sort()).toEqual([webhook, bot].sort())
    const ended = await debrief('publish', ...week)
    expect([ended.code, posts()], ended.stdout).toEqual([3, []])
    expect(ended.stdout).toContain('--repost')
    expect(said()).toEqual(posted)
    const statuses = new Map((await deliveries()).map(({ target, status }) => [target, status]))
    expect([statuses.get(webhook), statuses.get(bot)]).toEqual(['unknown', 'delivered'])
  })

  it('from a snapshot elsewhere into an empty out folder nothing is posted a second time either', async () => {
    const before = await deliveries()
    const other = join(machine.folder, 'other')
    mkdirSync(other)
    const restored = await debrief('restore', '--from', join(machine.out, 'parquet'), '--out', other)
    expect(restored.code, restored.stderr).toBe(0)
    expect(await deliveries(other)).toEqual(before)
    const ended = await debrief('run', 'weekly', ...week, '--out', other)
    expect([ended.code, posts()], ended.stdout).toEqual([0, []])
    expect(said()).toEqual(posted)
  })
})

function bodyWith(id: string, embeds: string) {
  return { ...discord.messages.get(id)!.body, embeds: JSON.parse(embeds) }
}
