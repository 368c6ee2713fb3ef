// What somebody taps under a bot's tip in Discord is read by the next run, listed as feedback, and heeded by the tips.
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type DiscordServer, startDiscordServer } from '../support/discord-server.js'
import { queryFile } from '../support/workspace.js'
import { writeWeeks } from '../tips/correction-logs.js'
import { createMachine, type Ended, type Machine } from './debrief-command.js'

/** A machine whose bot posted the tip of 2026-W03, copied for each test; the rule holds for 2026-W07 again. */
let advised: Machine
let machine: Machine
let discord: DiscordServer
const env = () => ({ DISCORD_BOT_TOKEN: discord.bot.token, HOME: advised.folder })
const run = (week: string, ...more: string[]): Promise<Ended> =>
  machine.debriefWith(env(), 'run', 'weekly', '--for', week, ...more)

beforeAll(async () => {
  discord = await startDiscordServer()
  advised = createMachine()
  writeWeeks(advised.folder, { '2026-01-12': 8, '2026-02-09': 10 })
  advised.configure(`user: tester
machine: bench
timezone: UTC
explore: false
discord: [{kind: bot, channel_id: "${discord.bot.channelId}", api_base_url: "${discord.baseUrl}"}]
`)
  const { code, stderr } = await advised.debriefWith(env(), 'run', 'weekly', '--for', '2026-W03')
  expect(code, stderr).toBe(0)
})
afterAll(async () => {
  advised.remove()
  await discord.stop()
})
beforeEach(() => {
  machine = createMachine()
  cpSync(advised.folder, machine.folder, { recursive: true, preserveTimestamps: true })
  discord.requests.length = 0
  for (const users of tipReactions().values())
    for (const user of users) if (user !== discord.bot.id) users.delete(user)
})
afterEach(() => machine.remove())

/** Who tapped what under the tip of 2026-W03: the first message with something to tap. */
function tipReactions(): Map<string, Set<string>> {
  const tip = [...discord.messages.values()].find(({ reactions }) => reactions.size > 0)
  expect(tip?.body.content).toMatch(/^8 prompts of 40/)
  return tip!.reactions
}

function tap(emoji: string, ...users: string[]): void {
  const tapped = tipReactions().get(emoji)
  expect(tapped, `${emoji} is there to tap`).toBeDefined()
  for (const user of users) tapped?.add(user)
}

/** Every tip as `tips list` shows it, newest first. */
async function listed(): Promise<[string, string | null][]> {
  const { stdout } = await machine.debriefWith(env(), 'tips', 'list', '--all', '--json')
  const { tips } = JSON.parse(stdout) as { tips: { id: string; feedback: string | null }[] }
  return tips.map(({ id, feedback }) => [id, feedback])
}

const feedbackRows = () =>
  queryFile(
    join(machine.out, 'ledger.duckdb'),
    'select tip_id, feedback, given_by from state.tip_feedback order by given_at',
  )
const reads = () => discord.requests.filter(({ method }) => method === 'GET')
const given = (feedback: string) => ({
  tip_id: 'corrections/weekly/2026-W03',
  feedback,
  given_by: 'discord',
})

describe('the tip that somebody answers in Discord', () => {
  it('with 👎 is dismissed by the next run, which does not give it again; many 👍 later call it helpful', async () => {
    tap('👎', 'anna')
    const ended = await run('2026-W07')
    expect([ended.code, ended.stderr], ended.stdout).toEqual([
      0,
      expect.stringContaining('dismissed, says Discord'),
    ])
    expect(await listed()).toEqual([['corrections/2026-W03', 'dismissed']])
    expect(await feedbackRows()).toEqual([given('dismissed')])

    expect((await run('2026-W07')).code).toBe(0)
    expect(await feedbackRows(), 'an answer counts once').toEqual([given('dismissed')])

    tap('👍', 'ben', 'carl')
    expect((await run('2026-W07')).code).toBe(0)
    expect(await listed()).toEqual([['corrections/2026-W03', 'helpful']])
    expect(await feedbackRows()).toEqual([given('dismissed'), given('helpful')])
  })

  it('with 👍 is helpful, and is given again where it holds again', async () => {
    tap('👍', 'anna')
    expect((await run('2026-W07')).code).toBe(0)
    expect(await listed()).toEqual([
      ['corrections/2026-W07', null],
      ['corrections/2026-W03', 'helpful'],
    ])
  })

  it('with as many of one as of the other, or not at all, says nothing', async () => {
    tap('👍', 'anna')
    tap('👎', 'ben')
    expect((await run('2026-W07')).code).toBe(0)
    expect(reads(), 'it was looked at').not.toEqual([])
    expect(await feedbackRows()).toEqual([])
  })

  it('is not looked at by a run that sends nothing', async () => {
    tap('👎', 'anna')
    expect((await run('2026-W07', '--no-publish')).code).toBe(0)
    expect([discord.requests, await feedbackRows()]).toEqual([[], []])
    expect((await listed()).map(([id]) => id)).toEqual(['corrections/2026-W07', 'corrections/2026-W03'])
  })
})
