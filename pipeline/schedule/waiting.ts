// The runs that wait: two of the same job would do the same, so that the later one takes the place of the earlier.
import { scheduledJobs } from './entries.js'
import type { DueRun } from './runs.js'

export interface Waiting {
  add(run: DueRun): void
  /** The one that was due first, which stays until it is removed. */
  first(): DueRun | null
  remove(run: DueRun): void
}

export function createWaiting(): Waiting {
  const runs = new Map<string, DueRun>()
  const keyOf = ({ job, period }: DueRun) => JSON.stringify([job, period])
  return {
    add: (run) => void runs.set(keyOf(run), run),
    first: () => [...runs.values()].sort(byDueTime)[0] ?? null,
    remove: (run) => void runs.delete(keyOf(run)),
  }
}

/** Jobs that are due together run in the order of the pipeline. */
function byDueTime(a: DueRun, b: DueRun): number {
  return a.dueAt.getTime() - b.dueAt.getTime() || scheduledJobs.indexOf(a.job) - scheduledJobs.indexOf(b.job)
}
