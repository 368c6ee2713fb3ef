// A machine under a clock that a test moves: it sleeps when its lid is closed, and may die in the middle of a run.
import type { ExitCode } from '../../pipeline/errors.js'
import { keepSchedule, type ScheduleEffects } from '../../pipeline/schedule/keep.js'
import type { History } from '../../pipeline/schedule/missed.js'
import type { DueRun, PastRun, Plan } from '../../pipeline/schedule/runs.js'

/** The process is gone: nothing of it does anything any more. */
export class Killed extends Error {}

export interface Memory {
  readHistory(now: Date): Promise<History>
  begin(run: DueRun, now: Date): Promise<boolean>
  end(run: DueRun, now: Date, exitCode: ExitCode): Promise<void>
}

export interface SimulatedMachine {
  readonly from: string
  readonly until: string
  /** The machine is asleep from the first to the second. */
  readonly asleep: readonly (readonly [from: string, until: string])[]
  readonly plan: Plan
  readonly memory: Memory
  /** May throw Killed; the machine is started again ten minutes later. Time that it takes is told by `take`. */
  work(run: DueRun, take: (minutes: number) => void): Promise<ExitCode>
}

/** Keeps the schedule through the whole time, starting it again whenever it dies; returns how often it was started. */
export async function simulate(machine: SimulatedMachine): Promise<number> {
  const { plan, memory } = machine
  const untilMs = Date.parse(machine.until)
  const asleep = machine.asleep.map((times) => times.map((time) => Date.parse(time)))
  let nowMs = Date.parse(machine.from)
  let starts = 0
  const moveTo = (ms: number) => {
    nowMs = asleep.find(([from = 0, until = 0]) => ms >= from && ms < until)?.[1] ?? ms
  }
  while (nowMs < untilMs) {
    starts += 1
    const stop = new AbortController()
    let isDead = false
    const alive = () => {
      if (isDead) throw new Killed()
    }
    const now = () => new Date(nowMs)
    const effects: ScheduleEffects = {
      now,
      sleep: async (ms) => {
        alive()
        // A timer of a machine that slept goes on where it stopped.
        moveTo(nowMs + Math.max(ms, 1))
        if (nowMs >= untilMs) stop.abort()
      },
      readHistory: async () => memory.readHistory(now()),
      begin: async (run) => memory.begin(run, now()),
      end: async (run, exitCode) => {
        alive()
        await memory.end(run, now(), exitCode)
      },
      work: async (run) => {
        try {
          return await machine.work(run, (minutes) => moveTo(nowMs + minutes * 60_000))
        } catch (error) {
          isDead = error instanceof Killed
          throw error
        }
      },
    }
    try {
      await keepSchedule(plan, effects, {
        emit: () => {},
        stop: stop.signal,
        isOnce: false,
        longestSleepMs: 1_800_000,
      })
    } catch (error) {
      if (!(error instanceof Killed)) throw error
      moveTo(nowMs + 10 * 60_000)
    }
  }
  return starts
}

/** What the ledger does, without a ledger: for the many runs of a year. */
export function createMemory(): Memory {
  let since: Date | null = null
  const runs = new Map<string, PastRun>()
  const keyOf = ({ job, dueAt }: DueRun) => `${job} ${dueAt.getTime()}`
  return {
    readHistory: async (now) => {
      since ??= now
      return { since, runs: [...runs.values()] }
    },
    begin: async (run, now) => {
      if (runs.get(keyOf(run))?.endedAt && run.attempt === 0) return false
      runs.set(keyOf(run), { ...run, startedAt: now, endedAt: null, exitCode: null, isUnderWay: false })
      return true
    },
    end: async (run, now, exitCode) => {
      const begun = runs.get(keyOf(run))
      if (!begun) throw new Error('expected a run that has begun')
      runs.set(keyOf(run), { ...begun, endedAt: now, exitCode })
    },
  }
}
