// When a job is due, as instants: a local time that a clock change skips is due once right after, one that comes twice once.
import { addDays } from '../period.js'
import type { CronEntry } from './entries.js'
import { dateAt, instantsAt, steadyOffsetMs } from './local-time.js'

/** 29 February, the rarest date, comes round within so many days. */
const farthestDays = 366 * 12
const keptDays = 40

/** Due times of one job in a time zone. */
export interface DueTimes {
  /** All after the first instant, up to and with the second, in order. */
  between(after: Date, until: Date): Date[]
  /** The next one; null where there is none, as on 30 February. */
  next(after: Date): Date | null
  /** The latest one after the first instant, up to and with the second. */
  latest(after: Date, until: Date): Date | null
}

export function dueTimes(entry: CronEntry, timezone: string): DueTimes {
  let asked: { readonly after: Date; readonly next: Date | null } | null = null
  const dueOn = rememberDays((date) => dueOnDate(entry, timezone, date))
  return {
    between: (after, until) => {
      // The clock asks every minute, mostly for nothing.
      if (asked !== null && after >= asked.after && asked.next !== null && until < asked.next) return []
      const found: Date[] = []
      const last = addDays(dateAt(until, timezone), 1)
      for (let date = addDays(dateAt(after, timezone), -1); date <= last; date = addDays(date, 1))
        for (const due of dueOn(date)) if (due > after && due <= until && isNew(found, due)) found.push(due)
      return found
    },
    next: (after) => {
      const isKnown = asked !== null && after >= asked.after && (asked.next === null || after < asked.next)
      if (!isKnown) asked = { after, next: findNext(dueOn, dateAt(after, timezone), after) }
      return asked?.next ?? null
    },
    latest: (after, until) => {
      const first = addDays(dateAt(after, timezone), -1)
      for (let date = addDays(dateAt(until, timezone), 1); date >= first; date = addDays(date, -1)) {
        const due = dueOn(date).findLast((each) => each <= until)
        if (due !== undefined) return due > after ? due : null
      }
      return null
    },
  }
}

function findNext(dueOn: (date: string) => Date[], today: string, after: Date): Date | null {
  let date = addDays(today, -1)
  for (let day = 0; day < farthestDays; day += 1) {
    const due = dueOn(date).find((each) => each > after)
    if (due !== undefined) return due
    date = addDays(date, 1)
  }
  return null
}

/** In the doubled hour a job that runs every hour keeps its pace; any other has run. */
function dueOnDate(entry: CronEntry, timezone: string, date: string): Date[] {
  if (!entry.isOn(date)) return []
  const midnight = Date.parse(date)
  const steady = steadyOffsetMs(midnight, timezone)
  if (steady !== null) return entry.secondsOfDay.map((second) => new Date(midnight + second * 1000 - steady))
  const instants = entry.secondsOfDay.flatMap((second) => {
    const shown = instantsAt(midnight + second * 1000, timezone)
    return entry.isEveryHour ? shown : shown.slice(0, 1)
  })
  return [...new Set(instants)].sort((a, b) => a - b).map((instant) => new Date(instant))
}

/** A jump over midnight would make the last time of one day and the first of the next the same. */
function isNew(found: readonly Date[], due: Date): boolean {
  const last = found.at(-1)
  return last === undefined || due > last
}

/** The clock asks about the same few days again and again. */
function rememberDays(read: (date: string) => Date[]): (date: string) => Date[] {
  const known = new Map<string, Date[]>()
  return (date) => {
    const before = known.get(date)
    if (before) return before
    const due = read(date)
    known.set(date, due)
    for (const oldest of known.keys()) if (known.size > keptDays) known.delete(oldest)
    return due
  }
}
