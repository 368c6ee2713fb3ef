// Weeks and months as labels and dates: pure calendar logic, so that no report depends on the machine's clock.
import { UserError } from './errors.js'

export type PeriodKind = 'weekly' | 'monthly'
/** What a page can be about: a week, a month, or the last days up to the newest data. */
export type ReportKind = PeriodKind | 'last'
export type WeekStart = 'monday' | 'sunday'

/** Dates are local, written YYYY-MM-DD; ends are exclusive. */
export interface PeriodSpan {
  /** 2026-W07 or 2026-02 */
  readonly label: string
  readonly startDate: string
  readonly endDate: string
}

export interface ReportPeriod extends PeriodSpan {
  readonly kind: ReportKind
  readonly weekStartsOn: WeekStart
  readonly previous: PeriodSpan
}

export interface Period extends ReportPeriod {
  readonly kind: PeriodKind
}

const dayMs = 86_400_000
const monthNames =
  'January February March April May June July August September October November December'.split(' ')

/** The period with this label; throws UserError where the label is none. */
export function parsePeriod(kind: PeriodKind, label: string, weekStartsOn: WeekStart): Period {
  const anchor = kind === 'weekly' ? thursdayOf(label) : firstOfMonth(label)
  const period = anchor === null ? null : periodOf(kind, anchor, weekStartsOn)
  if (period?.label === label) return period
  const example = kind === 'weekly' ? '2026-W07' : '2026-02'
  throw new UserError(
    `expected a ${kind === 'weekly' ? 'week' : 'month'} such as ${example}, got ${label}`,
    `Write it as ${example}.`,
  )
}

/** The period that a local date lies in. */
export function periodOf(kind: PeriodKind, date: string, weekStartsOn: WeekStart): Period {
  const span = kind === 'weekly' ? weekOf(date, weekStartsOn) : monthOf(date)
  const dayBefore = addDays(span.startDate, -1)
  const previous = kind === 'weekly' ? weekOf(dayBefore, weekStartsOn) : monthOf(dayBefore)
  return { kind, weekStartsOn, ...span, previous }
}

/** So many days up to and with this local date, labelled by their number; before them as many. */
export function lastDays(days: number, lastDate: string, weekStartsOn: WeekStart): ReportPeriod {
  const endDate = addDays(lastDate, 1)
  const startDate = addDays(endDate, -days)
  const previous = { label: `${days} before`, startDate: addDays(startDate, -days), endDate: startDate }
  return { kind: 'last', weekStartsOn, label: String(days), startDate, endDate, previous }
}

/** The latest period that has ended at this instant. */
export function lastCompletePeriod(
  kind: PeriodKind,
  now: Date,
  timezone: string,
  weekStartsOn: WeekStart,
): Period {
  const running = periodOf(kind, localDate(now, timezone), weekStartsOn)
  return periodOf(kind, running.previous.startDate, weekStartsOn)
}

/** Every period that holds one of these local dates, oldest first. */
export function listPeriods(kind: PeriodKind, dates: Iterable<string>, weekStartsOn: WeekStart): Period[] {
  const byLabel = new Map<string, Period>()
  for (const date of dates) {
    const period = periodOf(kind, date, weekStartsOn)
    byLabel.set(period.label, period)
  }
  return [...byLabel.values()].sort((a, b) => a.startDate.localeCompare(b.startDate))
}

/** Whether one of these local dates is in it. */
export function holdsAnyOf(dates: readonly string[], { startDate, endDate }: PeriodSpan): boolean {
  return dates.some((date) => date >= startDate && date < endDate)
}

/** Whether the period has not ended at this instant. */
export function isRunning(period: PeriodSpan, now: Date, timezone: string): boolean {
  return localDate(now, timezone) < period.endDate
}

/** "Week of 9 February 2026", "February 2026" or "The last 30 days". */
export function periodTitle(period: ReportPeriod): string {
  if (period.kind === 'last') return `The last ${period.label} days`
  return period.kind === 'weekly'
    ? `Week of ${longDate(period.startDate)}`
    : `${monthName(period.startDate)} ${period.startDate.slice(0, 4)}`
}

/** "9–15 February 2026", "26 January – 1 February 2026"; the year stands twice only where it changes. */
export function periodDates(period: PeriodSpan): string {
  const first = period.startDate
  const last = addDays(period.endDate, -1)
  if (first.slice(0, 4) !== last.slice(0, 4)) return `${longDate(first)} – ${longDate(last)}`
  if (first.slice(0, 7) !== last.slice(0, 7))
    return `${dayOfMonth(first)} ${monthName(first)} – ${longDate(last)}`
  return `${dayOfMonth(first)}–${longDate(last)}`
}

/** "February 2026" */
export function monthTitle(date: string): string {
  return `${monthName(date)} ${date.slice(0, 4)}`
}

/** "Feb 2026" */
export function monthYear(date: string): string {
  return `${monthName(date).slice(0, 3)} ${date.slice(0, 4)}`
}

/** "2–8 Feb", "1 Feb": dates of one month, both within. */
export function shortDates(from: string, until: string): string {
  const days = from === until ? `${dayOfMonth(from)}` : `${dayOfMonth(from)}–${dayOfMonth(until)}`
  return `${days} ${monthName(until).slice(0, 3)}`
}

/** "9 February 2026" */
export function longDate(date: string): string {
  return `${dayOfMonth(date)} ${monthName(date)} ${date.slice(0, 4)}`
}

/** "Monday 9 February" */
export function weekdayDate(date: string): string {
  return `${weekdayName(date)} ${dayOfMonth(date)} ${monthName(date)}`
}

/** "Tue 3 Feb", on one line: for cells. */
export function shortWeekdayDate(date: string): string {
  return `${weekdayName(date).slice(0, 3)}\u00a0${dayOfMonth(date)}\u00a0${monthName(date).slice(0, 3)}`
}

export function weekdayName(date: string): string {
  return 'Monday Tuesday Wednesday Thursday Friday Saturday Sunday'.split(' ')[isoWeekday(date) - 1] ?? ''
}

export function addDays(date: string, days: number): string {
  return new Date(Date.parse(date) + days * dayMs).toISOString().slice(0, 10)
}

export function daysIn({ startDate, endDate }: PeriodSpan): number {
  return (Date.parse(endDate) - Date.parse(startDate)) / dayMs
}

/** The calendar date at an instant, in a time zone. */
export function localDate(instant: Date, timezone: string): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: timezone, dateStyle: 'short' }).format(instant)
}

/** Weeks are named after the ISO week of their Thursday, whichever day they begin on. */
function weekOf(date: string, weekStartsOn: WeekStart): PeriodSpan {
  const weekday = isoWeekday(date)
  const startDate = addDays(date, weekStartsOn === 'monday' ? 1 - weekday : -(weekday % 7))
  const thursday = addDays(startDate, weekStartsOn === 'monday' ? 3 : 4)
  const year = thursday.slice(0, 4)
  const week = Math.floor((Date.parse(thursday) - Date.parse(`${year}-01-01`)) / dayMs / 7) + 1
  return { label: `${year}-W${String(week).padStart(2, '0')}`, startDate, endDate: addDays(startDate, 7) }
}

function monthOf(date: string): PeriodSpan {
  const startDate = `${date.slice(0, 7)}-01`
  return {
    label: date.slice(0, 7),
    startDate,
    endDate: `${addDays(startDate, 31).slice(0, 7)}-01`,
  }
}

function thursdayOf(label: string): string | null {
  const match = /^(\d{4})-W(\d{2})$/.exec(label)
  if (!match) return null
  const fourth = `${match[1]}-01-04`
  return addDays(fourth, 4 - isoWeekday(fourth) + 7 * (Number(match[2]) - 1))
}

function firstOfMonth(label: string): string | null {
  return /^\d{4}-(0[1-9]|1[0-2])$/.test(label) ? `${label}-01` : null
}

function isoWeekday(date: string): number {
  return new Date(`${date}T00:00:00Z`).getUTCDay() || 7
}

function dayOfMonth(date: string): number {
  return Number(date.slice(8, 10))
}

function monthName(date: string): string {
  return monthNames[Number(date.slice(5, 7)) - 1] ?? ''
}
