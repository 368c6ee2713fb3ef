import { expect, test } from 'vitest'
import {
  changeFrom,
  countOf,
  formatCompact,
  formatCost,
  formatCount,
  formatDollars,
  formatDuration,
  formatShare,
  formatTime,
  listed,
} from '../../pipeline/report/format.js'

// What is written with a no-break space is compared with a plain one.
const plain = (text: string) => text.replaceAll('\u00a0', ' ')

test('counts have thousands, tokens three digits that matter', () => {
  expect([0, 999, 1000, 1234567].map(formatCount)).toEqual(['0', '999', '1,000', '1,234,567'])
  expect([950, 1234, 12_345, 999_499, 999_500, 8_530_000, 2.5e9].map(formatCompact).map(plain)).toEqual([
    '950',
    '1.23 k',
    '12.3 k',
    '999 k',
    '1.00 M',
    '8.53 M',
    '2.50 B',
  ])
})

test('dollars are rounded to cents, and say when something is missing from them', () => {
  expect([0, 0.004, 0.005, 1.005, 1234.5, 12_345.6].map((usd) => formatDollars(usd))).toEqual([
    '$0.00',
    '<$0.01',
    '$0.01',
    '$1.01',
    '$1,234.50',
    '$12,346',
  ])
  expect(plain(formatDollars(3.5, 2))).toBe('≥ $3.50')
  expect([formatCost(0, 2), formatCost(0, 0), plain(formatCost(3.5, 2))]).toEqual([
    'no price',
    '$0.00',
    '≥ $3.50',
  ])
})

test('durations are told in the two units that matter', () => {
  expect([0, 59, 60, 3599, 3600, 5400, 360_000].map(formatDuration).map(plain)).toEqual([
    '0 s',
    '59 s',
    '1 min',
    '1 h',
    '1 h',
    '1 h 30 min',
    '100 h',
  ])
})

test('shares keep a decimal only while it matters', () => {
  expect([0, 0.0001, 0.031, 0.06, 0.0996, 0.316, 1].map(formatShare).map(plain)).toEqual([
    '0 %',
    '<0.1 %',
    '3.1 %',
    '6.0 %',
    '10 %',
    '32 %',
    '100 %',
  ])
})

test('a change has a direction and a sign, and none where nothing came before', () => {
  const change = (before: number, now: number) => {
    const result = changeFrom(before, now)
    return result && [result.direction, plain(result.text)]
  }
  expect(change(0, 5)).toBeNull()
  expect(change(38, 42)).toEqual(['up', '+11 %'])
  expect(change(42, 38)).toEqual(['down', '−10 %'])
  expect(change(1000, 1001)).toEqual(['flat', '±0 %'])
  expect(change(2, 0)).toEqual(['down', '−100 %'])
  expect(change(2, 40)).toEqual(['up', '×20'])
})

test('words follow their numbers', () => {
  expect(plain(countOf(1, 'session'))).toBe('1 session')
  expect(plain(countOf(1200, 'session'))).toBe('1,200 sessions')
  expect(listed(['a', 'b', 'c'])).toBe('a, b and c')
})

test('times are those of the zone', () => {
  expect(formatTime('2026-02-09T23:05:00Z', 'America/New_York')).toBe('18:05')
})
