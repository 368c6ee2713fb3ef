import { expect, it } from 'vitest'
import { mondayOf, weekOf } from '../../pipeline/demo/weeks.js'

it.each([
  ['2026-W01', '2025-12-29'],
  ['2026-W07', '2026-02-09'],
  ['2020-W53', '2020-12-28'],
  ['2027-W01', '2027-01-04'],
])('week %s begins on %s and ends six days later', (week, monday) => {
  const mondayMs = Date.parse(monday)
  expect(mondayOf(week)).toBe(mondayMs)
  expect(weekOf(mondayMs)).toBe(week)
  expect(weekOf(mondayMs + 7 * 86_400_000 - 1)).toBe(week)
  expect(weekOf(mondayMs - 1)).not.toBe(week)
})
