import { expect, it } from 'vitest'
import { readConfig } from '../../pipeline/config.js'
import type { ExitCode } from '../../pipeline/errors.js'
import { type CronEntry, readCronEntries } from '../../pipeline/schedule/entries.js'
import { keepSchedule, type ScheduleEffects } from '../../pipeline/schedule/keep.js'
import type { DueRun, Plan } from '../../pipeline/schedule/runs.js'
import { createMemory, Killed, simulate } from './simulated-clock.js'

async function planOf(...jobs: readonly string[]): Promise<Plan> {
  const config = readConfig({ cwd: '/' }, { HOME: '/nowhere' })
  const hourly = { ...config, schedule: { ...config.schedule, sync: '0 * * * *' } }
  const entries = (await readCronEntries(hourly)).filter(({ job }: CronEntry) => jobs.includes(job))
  return { timezone: 'UTC', week_starts_on: 'monday', entries }
}

interface Attempt {
  readonly period: string | null
  readonly at: string
}

/** Three weeks from Sunday, 8 February 2026; weekly runs end with these codes, in turn, and then with 0. */
async function attemptsWith(
  codes: readonly ExitCode[],
  { asleep = [], killAt }: { asleep?: (readonly [string, string])[]; killAt?: string } = {},
): Promise<Attempt[]> {
  const attempts: Attempt[] = []
  const left = [...codes]
  let isKilled = false
  const memory = createMemory()
  let now = new Date(0)
  await simulate({
    from: '2026-02-08T12:00:00Z',
    until: '2026-03-01T12:00:00Z',
    asleep,
    plan: await planOf('sync', 'weekly'),
    memory: {
      ...memory,
      begin: (run, at) => {
        now = at
        return memory.begin(run, at)
      },
    },
    work: async (run) => {
      if (run.job === 'weekly') {
        attempts.push({ period: run.period, at: now.toISOString().slice(0, 16) })
        return left.shift() ?? 0
      }
      if (killAt !== undefined && !isKilled && now >= new Date(killAt)) {
        isKilled = true
        throw new Killed()
      }
      return 0
    },
  })
  return attempts
}

const week = (period: string, ...times: readonly string[]): Attempt[] => times.map((at) => ({ period, at }))

const laterWeeks = [...week('2026-W07', '2026-02-16T06:00'), ...week('2026-W08', '2026-02-23T06:00')]

it('what is not delivered is tried again after 10 minutes, 1, 4 and 12 hours, until it is', async () => {
  expect(await attemptsWith([3, 3, 0])).toEqual([
    ...week('2026-W06', '2026-02-09T06:00', '2026-02-09T06:10', '2026-02-09T07:10'),
    ...laterWeeks,
  ])
})

it('what is never delivered is tried five times, and the next week is a new one', async () => {
  const times = ['09T06:00', '09T06:10', '09T07:10', '09T11:10', '09T23:10']
  expect(await attemptsWith([3, 3, 3, 3, 3])).toEqual([
    ...week('2026-W06', ...times.map((time) => `2026-02-${time}`)),
    ...laterWeeks,
  ])
})

it.each([1, 2, 4] as const)('a run that ends with %d is not tried again by itself', async (code) => {
  expect(await attemptsWith([code])).toEqual([...week('2026-W06', '2026-02-09T06:00'), ...laterWeeks])
})

it('a retry that a restart or a sleep came between is made up for', async () => {
  const expected = (at: string) => [
    ...week('2026-W06', '2026-02-09T06:00', '2026-02-09T06:10', at),
    ...laterWeeks,
  ]
  expect(await attemptsWith([3, 3, 0], { killAt: '2026-02-09T06:30:00Z' })).toEqual(
    expected('2026-02-09T07:10'),
  )
  const asleep = ['2026-02-09T06:20:00Z', '2026-02-11T08:03:00Z'] as const
  expect(await attemptsWith([3, 3, 0], { asleep: [asleep] })).toEqual(expected('2026-02-11T08:03'))
})

it('a schedule that cron calls every few minutes tries again as one that stays does', async () => {
  const memory = createMemory()
  const plan = await planOf('weekly')
  const attempts: string[] = []
  const callAt = async (time: string) => {
    const now = new Date(`2026-02-${time}Z`)
    const effects: ScheduleEffects = {
      now: () => now,
      sleep: async () => {
        throw new Error('expected it not to wait')
      },
      readHistory: () => memory.readHistory(now),
      begin: (run: DueRun) => memory.begin(run, now),
      end: (run, exitCode) => memory.end(run, now, exitCode),
      work: async ({ period }) => {
        attempts.push(`${period} ${time}`)
        return attempts.length === 1 ? 3 : 0
      },
    }
    await keepSchedule(plan, effects, { emit: () => {}, stop: new AbortController().signal, isOnce: true })
  }
  for (const time of ['08T12:00', '09T05:55', '09T06:00', '09T06:05', '09T06:10', '09T06:15', '09T07:15'])
    await callAt(time)
  expect(attempts).toEqual(['2026-W06 09T06:00', '2026-W06 09T06:10'])
})
