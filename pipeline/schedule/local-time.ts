// The wall clock of a time zone: which instants show a local time, also where clocks go forward or back.

const dayMs = 86_400_000
const clocks = new Map<string, Intl.DateTimeFormat>()

/** How far the zone's wall clock is ahead of UTC at this instant. */
export function offsetMs(instantMs: number, timezone: string): number {
  const parts: Record<string, number> = {}
  for (const { type, value } of clockOf(timezone).formatToParts(instantMs)) parts[type] = Number(value)
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts
  const wallMs = Date.UTC(year, month - 1, day, hour, minute, second)
  return wallMs - Math.floor(instantMs / 1000) * 1000
}

/** The zone's offset on this day, written as if it were UTC, and around it; null where clocks change near it. */
export function steadyOffsetMs(midnightMs: number, timezone: string): number | null {
  const offset = offsetMs(midnightMs - dayMs, timezone)
  return offset === offsetMs(midnightMs + 2 * dayMs, timezone) ? offset : null
}

/** The calendar date that the zone's clock shows. */
export function dateAt(instant: Date, timezone: string): string {
  const instantMs = instant.getTime()
  return new Date(instantMs + offsetMs(instantMs, timezone)).toISOString().slice(0, 10)
}

/**
 * The instants at which the zone's clock shows this local time, written as if it were UTC: one on most days, two in an
 * hour that comes twice, earlier first. For a time that is skipped: the instant at which the clock jumps over it.
 */
export function instantsAt(wallMs: number, timezone: string): number[] {
  const before = offsetMs(wallMs - dayMs, timezone)
  const after = offsetMs(wallMs + dayMs, timezone)
  if (before === after) return [wallMs - before]
  const shown = [wallMs - before, wallMs - after]
    .filter((instant) => instant + offsetMs(instant, timezone) === wallMs)
    .sort((a, b) => a - b)
  return shown.length > 0 ? [...new Set(shown)] : [changeBetween(wallMs - dayMs, wallMs + dayMs, timezone)]
}

/** The first instant with the later offset. */
function changeBetween(fromMs: number, untilMs: number, timezone: string): number {
  const before = offsetMs(fromMs, timezone)
  let [low, high] = [Math.floor(fromMs / 1000), Math.floor(untilMs / 1000)]
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (offsetMs(middle * 1000, timezone) === before) low = middle
    else high = middle
  }
  return high * 1000
}

function clockOf(timezone: string): Intl.DateTimeFormat {
  const known = clocks.get(timezone)
  if (known) return known
  const clock = new Intl.DateTimeFormat('en-US', {
    timeZone: timezone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  clocks.set(timezone, clock)
  return clock
}
