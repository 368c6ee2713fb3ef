import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { readConfig } from '../../pipeline/config.js'
import type { ExitCode } from '../../pipeline/errors.js'
import { addDays, listPeriods, parsePeriod } from '../../pipeline/period.js'
import { readCronEntries } from '../../pipeline/schedule/entries.js'
import { beginRun, endRun, readHistory } from '../../pipeline/schedule/ledger-runs.js'
import type { DueRun, Plan } from '../../pipeline/schedule/runs.js'
import { createMemory, Killed, type Memory, simulate } from './simulated-clock.js'

const stages = ['sync', 'facets', 'report', 'snapshot', 'publish', 'record'] as const

async function planFor(
  timezone: string,
  week: 'monday' | 'sunday',
  schedule: Readonly<Record<string, string | null>> = {},
): Promise<Plan> {
  const config = readConfig({ cwd: '/' }, { HOME: '/nowhere' })
  const changed = { ...config, week_starts_on: week, schedule: { ...config.schedule, ...schedule } }
  return { timezone, week_starts_on: week, entries: await readCronEntries(changed) }
}

interface Year {
  /** Labels in the order in which their digests were delivered. */
  readonly delivered: string[]
  readonly attempts: Map<string, number>
  readonly startedAt: Map<string, Date>
  readonly starts: number
}

/** A year of recorded stages: each is killed once, in a week of its own, and delivers what was not delivered. */
async function liveThroughYear(
  plan: Plan,
  memory: Memory,
  year: number,
  until = `${year + 1}-01-01T12:00:00Z`,
): Promise<Year> {
  const delivered: string[] = []
  const attempts = new Map<string, number>()
  const startedAt = new Map<string, Date>()
  const killedWeeks = stages.map(
    (stage, i) => [`${year}-W${String(4 + 7 * i).padStart(2, '0')}`, stage] as const,
  )
  const kills = new Map<string, (typeof stages)[number]>(
    killedWeeks.filter(([label]) => parsePeriod('weekly', label, plan.week_starts_on).endDate < until),
  )
  const isRunning = { now: false }
  const work = async (run: DueRun, take: (minutes: number) => void): Promise<ExitCode> => {
    expect(isRunning.now, 'jobs never overlap').toBe(false)
    if (run.period === null) {
      take(run.job === 'facets' ? 20 : 1)
      return 0
    }
    isRunning.now = true
    await Promise.resolve()
    const { period } = run
    attempts.set(period, (attempts.get(period) ?? 0) + 1)
    try {
      for (const stage of stages) {
        take(1)
        if (stage === 'publish' && !delivered.includes(period)) delivered.push(period)
        if (kills.get(period) !== stage) continue
        kills.delete(period)
        throw new Killed()
      }
      return 0
    } finally {
      isRunning.now = false
    }
  }
  const starts = await simulate({
    from: `${year}-01-01T12:00:00Z`,
    until,
    asleep: [
      [`${year}-05-16T20:00:00Z`, `${year}-05-20T09:17:00Z`], // From Saturday over both weekly hours to Wednesday.
      [`${year}-07-31T18:00:00Z`, `${year}-08-19T07:03:00Z`], // Holidays: two or three weeks and the end of a month.
    ],
    plan,
    memory: { ...memory, begin: (run, now) => beginAndNote(run, now) },
    work,
  })
  async function beginAndNote(run: DueRun, now: Date): Promise<boolean> {
    if (run.period !== null && !startedAt.has(run.period)) startedAt.set(run.period, now)
    return memory.begin(run, now)
  }
  expect(kills.size, 'each kill took place').toBe(0)
  return { delivered, attempts, startedAt, starts }
}

/** Labels of the periods that ended in the year. */
function expectedLabels(kind: 'weekly' | 'monthly', week: 'monday' | 'sunday', year: number): string[] {
  const dates = Array.from({ length: 370 }, (_, i) => addDays(`${year}-01-01`, i))
  return listPeriods(kind, dates, week)
    .map(({ previous }) => previous)
    .filter(({ endDate }) => endDate > `${year}-01-01` && endDate <= `${year + 1}-01-01`)
    .map(({ label }) => label)
}

const kindOf = (label: string) => (label.includes('W') ? 'weekly' : 'monthly')

it.each([
  ['Europe/Berlin', 'monday', 2026],
  ['America/New_York', 'sunday', 2026],
  ['America/New_York', 'monday', 2028],
] as const)(
  'a year in %s, with weeks from %s on, brings each digest of %d once, whatever happens',
  async (timezone, week, year) => {
    const plan = await planFor(timezone, week, { sync: '0 */4 * * *', facets: '35 */6 * * *' })
    const { delivered, attempts, startedAt, starts } = await liveThroughYear(plan, createMemory(), year)
    const weekly = expectedLabels('weekly', week, year)
    const monthly = expectedLabels('monthly', week, year)
    expect(monthly).toHaveLength(12)
    expect([52, 53]).toContain(weekly.length)
    expect(delivered.filter((label) => kindOf(label) === 'weekly')).toEqual(weekly)
    expect(delivered.filter((label) => kindOf(label) === 'monthly')).toEqual(monthly)
    expect(starts).toBe(stages.length + 1)
    const repeated = [...attempts].filter(([, count]) => count !== 1)
    expect(repeated).toHaveLength(stages.length)
    expect(repeated.every(([, count]) => count === 2)).toBe(true)
    const awake = startedAt.get(`${year}-07`)?.getTime() ?? 0
    expect(awake - Date.parse(`${year}-08-19T07:03:00Z`)).toBeLessThan(3_600_000)
  },
)

it('a spring is the same from a real ledger, which is opened for every run', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'debrief-year-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const ledger = join(folder, 'ledger.duckdb')
  const nobody = { own: 1, isAlive: () => false }
  const memory: Memory = {
    readHistory: (now) => readHistory(ledger, now, nobody),
    begin: (run, now) => beginRun(ledger, run, now, nobody),
    end: (run, now, exitCode) => endRun(ledger, run, now, exitCode),
  }
  const plan = await planFor('Europe/Berlin', 'monday', { sync: null, facets: null, snapshot: null })
  const { delivered, starts } = await liveThroughYear(plan, memory, 2026, '2026-04-08T12:00:00Z')
  expect(delivered.filter((label) => kindOf(label) === 'weekly')).toEqual(
    expectedLabels('weekly', 'monday', 2026).slice(0, 14),
  )
  expect(delivered.filter((label) => kindOf(label) === 'monthly')).toEqual(['2026-01', '2026-02', '2026-03'])
  expect(starts).toBe(1 + 2)
})
