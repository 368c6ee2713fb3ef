import { describe, expect, test } from 'vitest'
import {
  holdsAnyOf,
  isRunning,
  lastCompletePeriod,
  listPeriods,
  localDate,
  parsePeriod,
  periodDates,
  periodOf,
  periodTitle,
} from '../pipeline/period.js'

describe('a week', () => {
  test('that begins on Monday is the ISO week', () => {
    expect(parsePeriod('weekly', '2026-W07', 'monday')).toEqual({
      kind: 'weekly',
      weekStartsOn: 'monday',
      label: '2026-W07',
      startDate: '2026-02-09',
      endDate: '2026-02-16',
      previous: { label: '2026-W06', startDate: '2026-02-02', endDate: '2026-02-09' },
    })
  })

  test('that begins on Sunday is named after its Thursday', () => {
    const week = parsePeriod('weekly', '2026-W07', 'sunday')
    expect([week.startDate, week.endDate, week.previous.label]).toEqual([
      '2026-02-08',
      '2026-02-15',
      '2026-W06',
    ])
    expect(periodOf('weekly', '2026-02-15', 'sunday').label).toBe('2026-W08')
    expect(periodOf('weekly', '2026-02-15', 'monday').label).toBe('2026-W07')
  })

  test.each([
    ['2024-12-30', '2025-W01'],
    ['2027-01-01', '2026-W53'],
    ['2021-01-03', '2020-W53'],
    ['2026-01-01', '2026-W01'],
  ])('at the turn of the year belongs to the year of its Thursday: %s in %s', (date, label) => {
    const week = periodOf('weekly', date, 'monday')
    expect(week.label).toBe(label)
    expect(parsePeriod('weekly', label, 'monday')).toEqual(week)
  })

  test.each(['2026-W54', '2026-W00', '2025-W53', '2026-7', '2026-02', ''])('is not %s', (label) => {
    expect(() => parsePeriod('weekly', label, 'monday')).toThrow(
      `expected a week such as 2026-W07, got ${label}`,
    )
  })
})

describe('a month', () => {
  test('follows the month before, across years and leap days', () => {
    expect(parsePeriod('monthly', '2026-01', 'monday').previous.label).toBe('2025-12')
    expect(parsePeriod('monthly', '2024-02', 'monday').endDate).toBe('2024-03-01')
  })

  test.each(['2026-13', '2026-00', '2026-2', '2026-W02'])('is not %s', (label) => {
    expect(() => parsePeriod('monthly', label, 'monday')).toThrow('expected a month such as 2026-02')
  })
})

describe('the last complete period', () => {
  test('is the one before the running one, in the configured time zone', () => {
    const lastMinuteOfSunday = new Date('2026-02-16T04:59:00Z')
    expect(lastCompletePeriod('weekly', lastMinuteOfSunday, 'America/New_York', 'monday').label).toBe(
      '2026-W06',
    )
    const midnight = new Date('2026-02-16T05:00:00Z')
    expect(lastCompletePeriod('weekly', midnight, 'America/New_York', 'monday').label).toBe('2026-W07')
    expect(lastCompletePeriod('monthly', midnight, 'UTC', 'monday').label).toBe('2026-01')
  })

  test('is no longer running', () => {
    const week = parsePeriod('weekly', '2026-W07', 'monday')
    expect(isRunning(week, new Date('2026-02-15T23:59:59Z'), 'UTC')).toBe(true)
    expect(isRunning(week, new Date('2026-02-16T00:00:00Z'), 'UTC')).toBe(false)
    expect(isRunning(week, new Date('2026-02-16T00:00:00Z'), 'America/New_York')).toBe(true)
  })
})

test('dates give each of their periods once, oldest first', () => {
  const dates = ['2026-02-16', '2026-02-09', '2026-02-15', '2025-12-31']
  expect(listPeriods('weekly', dates, 'monday').map((week) => week.label)).toEqual([
    '2026-W01',
    '2026-W07',
    '2026-W08',
  ])
  expect(listPeriods('monthly', dates, 'monday').map((month) => month.label)).toEqual(['2025-12', '2026-02'])
})

test('a period holds its first day and not the day after its last', () => {
  const week = parsePeriod('weekly', '2026-W07', 'monday')
  expect(holdsAnyOf(['2026-02-08', '2026-02-09'], week)).toBe(true)
  expect(holdsAnyOf(['2026-02-15'], week)).toBe(true)
  expect(holdsAnyOf(['2026-02-08', '2026-02-16'], week)).toBe(false)
  expect(holdsAnyOf([], week)).toBe(false)
})

test('titles and dates are written for people', () => {
  const week = parsePeriod('weekly', '2026-W07', 'monday')
  expect([periodTitle(week), periodDates(week)]).toEqual(['Week of 9 February 2026', '9–15 February 2026'])
  expect(periodDates(parsePeriod('weekly', '2026-W05', 'monday'))).toBe('26 January – 1 February 2026')
  expect(periodDates(parsePeriod('weekly', '2026-W01', 'monday'))).toBe('29 December 2025 – 4 January 2026')
  expect(periodTitle(parsePeriod('monthly', '2026-02', 'monday'))).toBe('February 2026')
})

test('a local date is the date on the wall, also around daylight saving', () => {
  expect(localDate(new Date('2026-03-08T04:30:00Z'), 'America/New_York')).toBe('2026-03-07')
  expect(localDate(new Date('2026-03-09T04:30:00Z'), 'America/New_York')).toBe('2026-03-09')
})
