// ISO weeks (Monday to Sunday, labelled by their Thursday) as plain arithmetic on UTC milliseconds.
import { UserError } from '../errors.js'

export const minuteMs = 60_000
export const hourMs = 60 * minuteMs
export const dayMs = 24 * hourMs

export type WeeksSpec = readonly string[] | { readonly firstMonday: string; readonly weekCount: number }

/** The first instant of each week's Monday, on the wall clock. */
export function mondaysOf(weeks: WeeksSpec): number[] {
  if (!('firstMonday' in weeks)) return weeks.map(mondayOf)
  const first = Date.parse(`${weeks.firstMonday}T00:00:00Z`)
  if (new Date(first).getUTCDay() !== 1)
    throw new UserError(`expected a Monday such as 2026-01-05, got ${weeks.firstMonday}`, 'Name a Monday.')
  return Array.from({ length: weeks.weekCount }, (_, i) => first + i * 7 * dayMs)
}

export function mondayOf(week: string): number {
  const [, year, number] = /^(\d{4})-W(\d{2})$/.exec(week) ?? []
  if (!year || !number)
    throw new UserError(`expected a week such as 2026-W07, got ${week}`, 'Name an ISO week.')
  const january4 = Date.UTC(Number(year), 0, 4)
  return january4 - weekdayOf(january4) * dayMs + (Number(number) - 1) * 7 * dayMs
}

export function weekOf(localMs: number): string {
  const thursday = new Date(localMs + (3 - weekdayOf(localMs)) * dayMs)
  const year = thursday.getUTCFullYear()
  const number = Math.floor((thursday.getTime() - Date.UTC(year, 0, 1)) / (7 * dayMs)) + 1
  return `${year}-W${String(number).padStart(2, '0')}`
}

/** 0 is Monday, 6 is Sunday. */
function weekdayOf(localMs: number): number {
  return (new Date(localMs).getUTCDay() + 6) % 7
}
