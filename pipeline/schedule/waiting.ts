// The runs that wait: two of the same job would do the same, so that the later one takes the place of the earlier.
import { scheduledJobs } from './entries.js'
import type { DueRun } from './runs.js'

export interface Waiting {
  add(run: DueRun): void
  /** The one that was due first, which stays until it is removed. */
  first(): DueRun | null
  /** Whether one of this job and period waits. */
  has(run: DueRun): boolean
  remove(run: DueRun): void
}

export function createWaiting(): Waiting {
  const runs = new Map<string, DueRun>()
  return {
    add: (run) => void runs.set(workOf(run), run),
    first: () => [...runs.values()].sort(byDueTime)[0] ?? null,
    has: (run) => runs.has(workOf(run)),
    remove: (run) => void runs.delete(workOf(run)),
  }
}

/** Equal for runs that would do the same. */
export function workOf({ job, period }: Pick<DueRun, 'job' | 'period'>): string {
  return JSON.stringify([job, period])
}

/** Jobs that are due together run in the order of the pipeline. */
function byDueTime(a: DueRun, b: DueRun): number {
  return a.dueAt.getTime() - b.dueAt.getTime() || scheduledJobs.indexOf(a.job) - scheduledJobs.indexOf(b.job)
}
