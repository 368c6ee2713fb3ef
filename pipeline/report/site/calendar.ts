// The archive's calendar: a year a block, a month a column, a week a cell that tells its cost and its mood.
import { addDays, longDate, periodOf, type WeekStart } from '../../period.js'
import { countOf, formatDollars, formatDuration } from '../format.js'
import { moodOf, moodPaths, moodWords } from './mood.js'
import type { WeekRow } from './rows.js'

export interface WeekCell {
  /** Day of the month on which the week begins. */
  readonly day: string
  /** 0 for nothing, else the quarter of the dearest week's cost that its own lies in. */
  readonly heat: number
  readonly moodPath: string | null
  /** All of it in words. */
  readonly words: string
  /** Null where no report is rendered. */
  readonly href: string | null
  readonly isQuiet: boolean
}

export interface CalendarYear {
  readonly year: string
  readonly words: string
  readonly months: readonly { readonly name: string; readonly weeks: readonly WeekCell[] }[]
}

const monthNames = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')

/** The latest year first; a week stands in the month of its Thursday, after which it is named. */
export function calendarYears(
  rows: readonly WeekRow[],
  weekStartsOn: WeekStart,
  rendered: ReadonlySet<string>,
): CalendarYear[] {
  const byWeek = new Map(rows.map((row) => [row.week, row]))
  const largestUsd = Math.max(0, ...rows.map((row) => row.cost_usd))
  const years = [...new Set(rows.map((row) => row.week.slice(0, 4)))].sort().reverse()
  return years.map((year) => {
    const weeks = weeksOf(year, weekStartsOn)
    const months = monthNames.map((name, i) => ({
      name,
      weeks: weeks
        .filter(({ month }) => month === i)
        .map(({ label, startDate }) => weekCell(startDate, byWeek.get(label), largestUsd, rendered)),
    }))
    return { year, words: yearWords(rows.filter((row) => row.week.startsWith(year))), months }
  })
}

function weekCell(
  startDate: string,
  row: WeekRow | undefined,
  largestUsd: number,
  rendered: ReadonlySet<string>,
): WeekCell {
  const day = String(Number(startDate.slice(8)))
  const title = `Week of ${longDate(startDate)}`
  if (!row) return { day, heat: 0, moodPath: null, words: `${title}: nothing`, href: null, isQuiet: true }
  const mood = moodOf(row)
  const cost = formatDollars(row.cost_usd, row.unpriced_call_count)
  const told = [countOf(row.session_count, 'session'), cost, ...(mood ? [moodWords[mood]] : [])]
  return {
    day,
    heat: heatOf(row.cost_usd, largestUsd),
    moodPath: mood && moodPaths[mood],
    words: `${title}: ${told.join(', ')}`,
    href: rendered.has(row.week) ? `weekly/${row.week}/index.html` : null,
    isQuiet: false,
  }
}

/** A week with activity is never as pale as one without. */
function heatOf(costUsd: number, largestUsd: number): number {
  return largestUsd === 0 ? 1 : Math.max(1, Math.ceil((4 * costUsd) / largestUsd))
}

function yearWords(rows: readonly WeekRow[]): string {
  const sum = (value: (row: WeekRow) => number) => rows.reduce((total, row) => total + value(row), 0)
  const cost = formatDollars(
    sum((row) => row.cost_usd),
    sum((row) => row.unpriced_call_count),
  )
  return `${countOf(rows.length, 'week')} with work, ${formatDuration(sum((row) => row.active_seconds))}, ${cost}`
}

/** Every week whose Thursday lies in the year. */
function weeksOf(
  year: string,
  weekStartsOn: WeekStart,
): { label: string; startDate: string; month: number }[] {
  const weeks = []
  for (
    let week = periodOf('weekly', `${year}-01-04`, weekStartsOn);
    week.label.startsWith(year);
    week = periodOf('weekly', week.endDate, weekStartsOn)
  ) {
    const thursday = addDays(week.startDate, weekStartsOn === 'monday' ? 3 : 4)
    weeks.push({ label: week.label, startDate: week.startDate, month: Number(thursday.slice(5, 7)) - 1 })
  }
  return weeks
}
