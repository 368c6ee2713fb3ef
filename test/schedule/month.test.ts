import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { doJob } from '../../jobs/scheduled-work.js'
import { type Config, readConfig } from '../../pipeline/config.js'
import { generateLogs } from '../../pipeline/demo/generate.js'
import type { ExitCode } from '../../pipeline/errors.js'
import { type RunContext, realEffects } from '../../pipeline/run/context.js'
import { readCronEntries } from '../../pipeline/schedule/entries.js'
import { beginRun, endRun, readHistory } from '../../pipeline/schedule/ledger-runs.js'
import type { DueRun, Plan } from '../../pipeline/schedule/runs.js'
import { startDiscordServer } from '../support/discord-server.js'
import { queryFile } from '../support/workspace.js'
import { Killed, simulate } from './simulated-clock.js'

/** A busy machine takes a multiple of the half minute that this needs by itself. */
const longestMs = 400_000
const nobody = { own: 1, isAlive: () => false }

it(
  'a month of real stages posts five weeks and one month, each once, through a sleep and a crash',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'debrief-month-'))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    const discord = await startDiscordServer()
    onTestFinished(() => discord.stop())
    const weeks = ['2026-W05', '2026-W06', '2026-W07', '2026-W08', '2026-W09'] as const
    await generateLogs({ folder, seed: 7, weeks, sessionsPerWeek: 1, textScale: 0.05, noise: 0.2 })
    const config = configOf(folder, discord.baseUrl, discord.webhookUrl)
    const { ledger } = config.paths
    const plan: Plan = {
      timezone: 'Europe/Berlin',
      week_starts_on: 'monday',
      entries: await readCronEntries(config),
    }
    let runCount = 0
    let now = new Date(0)
    let isCrashed = false

    /** The run of W06 is killed after its message was posted and recorded, before its end is. */
    const work = async (run: DueRun): Promise<ExitCode> => {
      const code = await doJob(contextOf(run), run, realEffects)
      if (run.period !== '2026-W06' || isCrashed) return code
      isCrashed = true
      throw new Killed()
    }
    const contextOf = (run: DueRun): RunContext => {
      runCount += 1
      const at = now
      const id = `${at.toISOString()}-${run.job}-${runCount}`
      return { config, now: () => at, emit: () => {}, run: { id, command: run.job, warningCount: () => 0 } }
    }
    const starts = await simulate({
      from: '2026-02-01T12:00:00Z',
      until: '2026-03-02T12:00:00Z',
      asleep: [['2026-02-15T20:00:00Z', '2026-02-17T09:17:00Z']], // Over the hour at which W07 is due.
      plan,
      memory: {
        readHistory: (at) => readHistory(ledger, at, nobody),
        begin: (run, at) => {
          now = at
          return beginRun(ledger, run, at, nobody)
        },
        end: (run, at, exitCode) => endRun(ledger, run, at, exitCode),
      },
      work,
    })
    expect(starts).toBe(2)

    const posts = discord.requests.filter(({ method }) => method === 'POST')
    expect(posts).toHaveLength(6)
    expect(posts.every(({ status }) => status === 200)).toBe(true)
    expect(discord.messages.size).toBe(6)
    const deliveries = await queryFile<{ period: string; status: string }>(
      ledger,
      'select period, status from state.deliveries order by period',
    )
    expect(deliveries).toEqual(['2026-02', ...weeks].map((period) => ({ period, status: 'delivered' })))
    const runs = await queryFile<{ job: string; due_at: string; exit_code: number }>(
      ledger,
      `select job, strftime(due_at, '%m-%d') as due_at, exit_code from state.scheduled_runs
     where job in ('weekly', 'monthly') order by due_at`,
    )
    expect(runs).toEqual([
      ...['02-02', '02-09', '02-16', '02-23'].map((due_at) => ({ job: 'weekly', due_at, exit_code: 0 })),
      { job: 'monthly', due_at: '03-01', exit_code: 0 },
      { job: 'weekly', due_at: '03-02', exit_code: 0 },
    ])
  },
  longestMs,
)

/** Each job between the reports runs once, so that the month takes seconds. */
function configOf(folder: string, baseUrl: string, webhookUrl: string): Config {
  const yaml = `{user: sam, machine: laptop, timezone: Europe/Berlin, explore: false,
    discord: [{url_env: TEAM_WEBHOOK, api_base_url: "${baseUrl}"}],
    schedule: {sync: 0 12 20 * *, facets: 0 13 20 * *, snapshot: 30 4 21 * *}}\n`
  writeFileSync(join(folder, 'debrief.yaml'), yaml)
  return readConfig({ cwd: folder }, { HOME: folder, TEAM_WEBHOOK: webhookUrl })
}
