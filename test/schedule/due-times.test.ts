import { describe, expect, it } from 'vitest'
import { readConfig } from '../../pipeline/config.js'
import { dueTimes } from '../../pipeline/schedule/due-times.js'
import { type CronEntry, readCronEntries } from '../../pipeline/schedule/entries.js'

async function entryFor(expression: string): Promise<CronEntry> {
  const config = readConfig({ cwd: '/' }, { HOME: '/nowhere' })
  const entries = await readCronEntries({ ...config, schedule: { ...config.schedule, weekly: expression } })
  return entries.find(({ job }) => job === 'weekly')!
}

async function between(expression: string, timezone: string, after: string, until: string) {
  const due = dueTimes(await entryFor(expression), timezone)
  return due
    .between(new Date(after), new Date(until))
    .map((each) => each.toISOString().replace(':00.000', ''))
}

describe('due times', () => {
  it('of a time that the clock skips come once, right after: at 03:00 summer time', async () => {
    expect(await between('30 2 * * *', 'Europe/Berlin', '2026-03-27T12:00Z', '2026-03-30T12:00Z')).toEqual([
      '2026-03-28T01:30Z',
      '2026-03-29T01:00Z',
      '2026-03-30T00:30Z',
    ])
    expect(await between('30 2 * * *', 'America/New_York', '2026-03-07T12:00Z', '2026-03-09T12:00Z')).toEqual(
      ['2026-03-08T07:00Z', '2026-03-09T06:30Z'],
    )
  })

  it('of a time that comes twice come once, the first time', async () => {
    expect(await between('30 2 * * *', 'Europe/Berlin', '2026-10-24T12:00Z', '2026-10-26T12:00Z')).toEqual([
      '2026-10-25T00:30Z',
      '2026-10-26T01:30Z',
    ])
    expect(await between('30 1 * * *', 'America/New_York', '2026-10-31T12:00Z', '2026-11-02T12:00Z')).toEqual(
      ['2026-11-01T05:30Z', '2026-11-02T06:30Z'],
    )
  })

  it('several in the skipped hour come once together, and the one at its end is the same', async () => {
    expect(
      await between('0,30 2,3 * * *', 'Europe/Berlin', '2026-03-29T00:00Z', '2026-03-29T12:00Z'),
    ).toEqual(['2026-03-29T01:00Z', '2026-03-29T01:30Z'])
  })

  it('of every quarter of an hour keep their pace through both changes', async () => {
    const perDay = async (timezone: string, after: string, until: string) =>
      (await between('*/15 * * * *', timezone, after, until)).length
    expect(await perDay('Europe/Berlin', '2026-03-28T23:00Z', '2026-03-29T22:00Z')).toBe(23 * 4)
    expect(await perDay('Europe/Berlin', '2026-10-24T22:00Z', '2026-10-25T23:00Z')).toBe(25 * 4)
    expect(await perDay('Australia/Lord_Howe', '2026-04-04T13:00Z', '2026-04-05T13:30Z')).toBe(24.5 * 4)
  })

  it('are right in zones whose clocks change at midnight or by half an hour', async () => {
    expect(await between('15 0 * * *', 'Africa/Cairo', '2026-04-23T12:00Z', '2026-04-25T12:00Z')).toEqual([
      '2026-04-23T22:00Z', // Friday 24 April begins at 01:00 there.
      '2026-04-24T21:15Z',
    ])
    expect(
      await between('10 2 * * *', 'Australia/Lord_Howe', '2026-10-03T00:00Z', '2026-10-04T12:00Z'),
    ).toEqual(['2026-10-03T15:30Z'])
  })

  it('exclude the first instant and include the last', async () => {
    expect(await between('0 6 * * 1', 'UTC', '2026-02-09T06:00Z', '2026-02-16T06:00Z')).toEqual([
      '2026-02-16T06:00Z',
    ])
  })

  it.each([
    ['0 6 * * 1', 52],
    ['30 6 1 * *', 12],
    ['0 6 L * *', 12],
    ['0 6 * * 1#1', 12],
    ['0 12 29 2 *', 0],
    ['30 2 * * *', 365],
    ['@daily', 365],
    ['0 0 6 * * sun', 52],
  ])('%s is due %d times in 2026, in Berlin and in New York', async (expression, count) => {
    for (const [timezone, first, last] of [
      ['Europe/Berlin', '2025-12-31T22:59:59Z', '2026-12-31T22:59:59Z'],
      ['America/New_York', '2026-01-01T04:59:59Z', '2027-01-01T04:59:59Z'],
    ] as const)
      expect(await between(expression, timezone, first, last), timezone).toHaveLength(count)
  })

  it('say what is next, however far away, and that there may be nothing', async () => {
    const next = async (expression: string) =>
      dueTimes(await entryFor(expression), 'UTC')
        .next(new Date('2026-03-01T00:00:00Z'))
        ?.toISOString()
    expect(await next('0 12 29 2 *')).toBe('2028-02-29T12:00:00.000Z')
    expect(await next('* * * * * *')).toBe('2026-03-01T00:00:01.000Z')
  })

  it('say what was latest, and nothing where that was too long ago', async () => {
    const due = dueTimes(await entryFor('0 6 * * 1'), 'Europe/Berlin')
    const latest = (after: string) => due.latest(new Date(after), new Date('2026-02-18T12:00:00Z'))
    expect(latest('2025-01-01T00:00:00Z')?.toISOString()).toBe('2026-02-16T05:00:00.000Z')
    expect(latest('2026-02-16T05:00:00Z')).toBeNull()
  })
})
