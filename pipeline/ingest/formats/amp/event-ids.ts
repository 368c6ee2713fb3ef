// The log has no ids: what an event is known by, in each file that it was written to.
import { createHash } from 'node:crypto'

export interface MetricEvent {
  readonly type: string
  readonly sessionId: string
  readonly iterationId: string | null
  /** Instant, as ISO 8601 in UTC. */
  readonly at: string | null
}

export interface EventIds {
  /** `name` is the tool, path or model; never what one file holds in full and another cut short, as arguments and diffs. */
  idOf(event: MetricEvent, name: string): string
  /** An iteration that begins again in one file is a copy: its events get the ids that they had. */
  beginIteration(event: MetricEvent): void
}

/** Events alike in all that is stable are told apart by their number within the iteration. */
export function createEventIds(): EventIds {
  const timesSeen = new Map<string, Map<string, number>>()
  return {
    beginIteration: (event) => timesSeen.delete(iterationKey(event)),
    idOf: (event, name) => {
      const iteration = iterationKey(event)
      const seen = timesSeen.get(iteration) ?? new Map<string, number>()
      timesSeen.set(iteration, seen)
      const key = JSON.stringify([event.type, event.at, name])
      const number = (seen.get(key) ?? 0) + 1
      seen.set(key, number)
      return createHash('sha256').update(`${iteration} ${key} ${number}`).digest('hex').slice(0, 32)
    },
  }
}

export function iterationKey({ sessionId, iterationId }: MetricEvent): string {
  return JSON.stringify([sessionId, iterationId])
}
