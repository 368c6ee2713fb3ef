// How numbers, times and names are written for a reader; every output of the report uses these.

const nbsp = '\u00a0'

/** 12345 → 12,345 */
export function formatCount(count: number): string {
  return Math.round(count)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ',')
}

/** 12345678 → 12.3 M: three digits that matter, for tokens. */
export function formatCompact(count: number): string {
  const units: [number, string][] = [
    [1e9, 'B'],
    [1e6, 'M'],
    [1e3, 'k'],
  ]
  for (const [size, unit] of units) {
    // 999,950 rounds to 1.00 M, not to 1000 k.
    if (count >= size * 0.9995) return `${threeDigits(count / size)}${nbsp}${unit}`
  }
  return formatCount(count)
}

/** Dollars at list price; "≥" says that some calls have no price and are not in the sum. */
export function formatDollars(usd: number, unpricedCallCount = 0): string {
  const amount =
    usd >= 10_000
      ? formatCount(usd)
      : `${formatCount(Math.floor(roundCents(usd) / 100))}.${String(roundCents(usd) % 100).padStart(2, '0')}`
  const shown = usd > 0 && usd < 0.005 ? '<$0.01' : `$${amount}`
  return unpricedCallCount > 0 ? `≥${nbsp}${shown}` : shown
}

/** Of what no log says: not nothing, and not 0. */
export const unlogged = 'not logged'

/** Dollars of one day, project or session; null where no log has usage; where nothing in it has a price, "≥ $0.00" would say nothing. */
export function formatCost(usd: number | null, unpricedCallCount: number): string {
  if (usd === null) return unlogged
  return usd === 0 && unpricedCallCount > 0 ? 'no price' : formatDollars(usd, unpricedCallCount)
}

/** 51720 → 14 h 22 min */
export function formatDuration(seconds: number): string {
  if (seconds < 59.5) return `${Math.round(seconds)}${nbsp}s`
  const minutes = Math.round(seconds / 60)
  if (minutes < 60) return `${minutes}${nbsp}min`
  const rest = minutes % 60
  const hours = `${formatCount(Math.floor(minutes / 60))}${nbsp}h`
  return rest === 0 ? hours : `${hours}${nbsp}${rest}${nbsp}min`
}

/** 51720 → 14.4, 900 → 0.3, 60 → <0.1: hours, for cells that have no room for minutes. */
export function formatHours(seconds: number): string {
  const hours = seconds / 3600
  if (seconds > 0 && hours < 0.05) return '<0.1'
  return hours >= 99.95 ? formatCount(hours) : hours.toFixed(1)
}

/** 389 → 389 ms, 2952 → 3.0 s, 93363 → 2 min */
export function formatMilliseconds(ms: number): string {
  if (ms < 999.5) return `${Math.round(ms)}${nbsp}ms`
  return ms < 9950 ? `${(ms / 1000).toFixed(1)}${nbsp}s` : formatDuration(ms / 1000)
}

/** 0.031 → 3.1 %, 0.31 → 31 %, 0 → 0 %. */
export function formatShare(share: number): string {
  const percent = share * 100
  if (percent > 0 && percent < 0.05) return `<0.1${nbsp}%`
  const digits = percent > 0 && percent < 9.95 ? percent.toFixed(1) : formatCount(percent)
  return `${digits}${nbsp}%`
}

/** "1 session", "3 sessions": the noun follows the number. */
export function countOf(count: number, noun: string, plural = `${noun}s`): string {
  return `${formatCount(count)}${nbsp}${count === 1 ? noun : plural}`
}

export type Direction = 'up' | 'down' | 'flat'

export interface Change {
  readonly direction: Direction
  /** "+12 %", "−3 %", "±0 %"; from ten times on "×12". */
  readonly text: string
}

/** How a figure stands against the one before; null where there was none before. */
export function changeFrom(before: number, now: number): Change | null {
  if (before <= 0) return null
  const change = now / before - 1
  if (Math.abs(change) < 0.005) return { direction: 'flat', text: `±0${nbsp}%` }
  if (change >= 9) return { direction: 'up', text: `×${formatCount(now / before)}` }
  const percent = `${formatCount(Math.abs(change) * 100)}${nbsp}%`
  return change > 0 ? { direction: 'up', text: `+${percent}` } : { direction: 'down', text: `−${percent}` }
}

/** "14:05" in a time zone. */
export function formatTime(instant: string, timezone: string): string {
  return new Intl.DateTimeFormat('en-GB', { timeZone: timezone, hour: '2-digit', minute: '2-digit' }).format(
    new Date(instant),
  )
}

/** snake_case values as words: wrong_approach → wrong approach. */
export function words(value: string): string {
  return value.replaceAll('_', ' ')
}

/** The first letter large. */
export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

/** "a", "a and b", "a, b and c" */
export function listed(items: readonly string[]): string {
  if (items.length < 2) return items[0] ?? ''
  return `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`
}

function roundCents(usd: number): number {
  return Math.round(usd * 100 + 1e-7)
}

function threeDigits(value: number): string {
  if (value >= 99.95) return formatCount(value)
  return value >= 9.995 ? value.toFixed(1) : value.toFixed(2)
}
