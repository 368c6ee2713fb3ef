import { describe, expect, test } from 'vitest'
import { parsePeriod } from '../../pipeline/period.js'
import { type ReportData, readReportData } from '../../pipeline/report/data.js'
import { headlinesOf } from '../../pipeline/report/headlines.js'
import { surpriseOf } from '../../pipeline/report/surprise.js'
import { sampleContext } from '../support/report-config.js'
import { buildSampleWarehouse } from '../support/sample-warehouse.js'

/** A main session on a day, so long and so dear. */
const session = (date: string, seconds: number, costUsd: number, project = '/home/sam/work/tidepool') =>
  `insert into marts.session_days by name select 'early-${date}' as session_id, date '${date}' as local_date,
    'sam' as user_id, 'claude-code' as source, '${project}' as project, false as is_subagent,
    false as is_extraction, 2 as prompt_count, 2 as turn_count, 10 as tool_call_count, 1 as error_count,
    ${seconds} as active_seconds, 3 as llm_call_count, 100 as input_tokens, 50 as output_tokens,
    0 as cache_read_tokens, 0 as cache_write_tokens, 150 as total_tokens, ${costUsd} as cost_usd,
    0 as unpriced_call_count, 1 as lines_added, 0 as lines_deleted`

async function read(
  extraSql = '',
  options: { now?: string; kind?: 'weekly' | 'monthly'; empty?: boolean } = {},
) {
  const ctx = sampleContext({}, options.now)
  await buildSampleWarehouse(ctx.config.paths.warehouse, { extraSql, empty: options.empty ?? false })
  const kind = options.kind ?? 'weekly'
  const period = parsePeriod(kind, kind === 'weekly' ? '2026-W07' : '2026-02', 'monday')
  return readReportData(ctx.config, period, ctx.now())
}

const plain = (text: string) => text.replaceAll('\u00a0', ' ')
const headline = (data: ReportData, key: string) => {
  const found = headlinesOf(data, 'UTC').find((one) => one.key === key)!
  return { ...found, usual: { ...found.usual, comparison: plain(found.usual.comparison) } }
}
const usual = (data: ReportData, key: string) =>
  data.rows.headline_history.find((row) => row.measure_name === key && row.periods_back === 0)!

describe('the four-week median', () => {
  test('is exact, leaves out weeks without sessions, and what lies further back', async () => {
    // Weeks 3 to 6: 600 s, none, 1,000 s and the sample's; week 2 is the fifth before.
    const data = await read(
      [session('2026-01-06', 90000, 900), session('2026-01-13', 600, 1), session('2026-01-27', 1000, 2)].join(
        ';',
      ),
    )
    expect(usual(data, 'active_seconds')).toMatchObject({ usual_value: 1000, usual_count: 3 })
    expect(usual(data, 'session_count')).toMatchObject({ usual_value: 1, usual_count: 3 })
    expect(headline(data, 'session_count').usual).toMatchObject({
      direction: 'up',
      comparison: 'against the four-week median, 1 (of 3 weeks)',
    })
  })

  test('is said to be missing where fewer than two weeks have sessions', async () => {
    const data = await read()
    expect(usual(data, 'cost_usd')).toMatchObject({ usual_value: null, usual_count: 1 })
    expect(headline(data, 'cost_usd').usual).toMatchObject({
      change: null,
      comparison: 'no four-week median: only one week tells it',
    })
  })

  test('of two weeks lies between them', async () => {
    const data = await read(session('2026-01-27', 1000, 2))
    const before = data.rows.headlines.find((row) => row.period_role === 'previous')!
    expect(usual(data, 'cost_usd').usual_value).toBeCloseTo((before.cost_usd + 2) / 2, 6)
  })

  test('is one of three months for a month', async () => {
    const data = await read([session('2026-01-06', 600, 1), session('2025-11-05', 1000, 4)].join(';'), {
      kind: 'monthly',
      now: '2026-03-05T12:00:00Z',
    })
    expect(usual(data, 'cost_usd')).toMatchObject({ usual_value: 2.5, usual_count: 2 })
    expect(headline(data, 'cost_usd').usual.comparison).toBe(
      'against the three-month median, $2.50 (of 2 months)',
    )
  })
})

describe('a headline', () => {
  test('stands as the figures say, six of them, and each agrees with the newest of its history', async () => {
    const data = await read()
    expect(headlinesOf(data, 'UTC').map(({ key }) => key)).toEqual([
      'session_count',
      'active_seconds',
      'cost_usd',
      'total_tokens',
      'reached_share',
      'friction_cost_usd',
    ])
    const now = data.rows.headlines.find((row) => row.period_role === 'current')!
    for (const key of ['session_count', 'active_seconds', 'cost_usd', 'total_tokens'] as const)
      expect(usual(data, key).measure_value).toBeCloseTo(now[key], 6)
    const before = data.rows.headlines.find((row) => row.period_role === 'previous')!
    const history = data.rows.headline_history.find(
      (row) => row.measure_name === 'cost_usd' && row.periods_back === 1,
    )
    expect(history?.measure_value).toBeCloseTo(before.cost_usd, 6)
    const friction = data.rows.friction_cost.reduce((sum, row) => sum + (row.cost_usd ?? 0), 0)
    expect(usual(data, 'friction_cost_usd').measure_value).toBeCloseTo(friction, 6)
    const count = (...names: string[]) =>
      data.rows.outcomes
        .filter(({ outcome }) => names.includes(outcome))
        .reduce((sum, row) => sum + row.session_count, 0)
    const reached = count('fully_achieved', 'mostly_achieved')
    const known = reached + count('partially_achieved', 'not_achieved')
    expect(usual(data, 'reached_share').measure_value).toBeCloseTo(reached / known, 4)
  })

  test('moves by points where it is a share', async () => {
    expect(headline(await read(), 'reached_share').change).toMatch(/^[+−±]\d+(\.\d)?\u00a0points?$/)
  })

  test('has its weeks drawn and named, a week off as none, and nothing of before the first log', async () => {
    const { spark } = headline(await read(session('2026-01-13', 600, 1)), 'session_count')
    expect(plain(spark)).toContain('aria-label="Sessions, the last 5 weeks: 1, 0, 0, 23, 21"')
  })

  test('is neither compared nor drawn in a first week', async () => {
    const data = await read(`delete from marts.session_days where local_date < date '2026-02-09'`)
    for (const one of headlinesOf(data, 'UTC')) {
      expect([one.change, one.usual.change, one.spark]).toEqual([null, null, ''])
      expect(one.comparison).toBe('nothing to compare with the week before')
      expect(one.usual.comparison).toBe('no four-week median: no week tells it')
    }
  })

  test('of a running week is not measured against whole ones, and says so in its drawing', async () => {
    const data = await read(session('2026-01-27', 1000, 2), { now: '2026-02-12T12:00:00Z' })
    const sessions = headline(data, 'session_count')
    expect([sessions.change, sessions.usual.change]).toEqual([null, null])
    expect(sessions.usual.comparison).toBe('12 is the four-week median (of 2 weeks)')
    expect(plain(sessions.spark)).toContain('the last one so far: ')
  })

  test('of an empty warehouse is a plain 0, and only the volumes stand', async () => {
    const data = await read('', { empty: true })
    expect(headlinesOf(data, 'UTC').map(({ value }) => plain(value))).toEqual(['0', '0 s', '$0.00', '0'])
  })
})

describe('the biggest surprise', () => {
  const steady = ['2026-01-06', '2026-01-13', '2026-01-20', '2026-01-27', '2026-02-05']
  const quiet = `delete from marts.session_days where local_date < date '2026-02-09';
    update marts.session_days set unpriced_call_count = 0`
  const history = (costUsd: (i: number) => number) =>
    [quiet, ...steady.map((date, i) => session(date, 3000, costUsd(i)))].join(';')

  test('is what lies farthest outside all of the weeks before, with what is usual', async () => {
    const data = await read(history((i) => 2 + i / 10))
    expect(data.rows.surprises[0]).toMatchObject({
      usual_value: 2.2,
      least_value: 2,
      most_value: 2.4,
      period_count: 5,
    })
    const surprise = surpriseOf(data)!
    expect(plain(surprise.text)).toMatch(
      /^Cost: \$[\d.]+, more than in any of the 5 weeks before it\. Usual is \$2\.20; until now it lay between \$2\.00 and \$2\.40\.$/,
    )
    expect(surprise.parts[0]).toBe('cost-bridge')
  })

  test('is none where the week lies within what there has been', async () => {
    const data = await read(history((i) => 1 + i * 200))
    expect(data.rows.surprises.filter(({ metric_name }) => metric_name === 'cost_usd')).toEqual([])
  })

  test('is none with fewer than four weeks before, in a week of two sessions, or while the week runs', async () => {
    const short = await read([quiet, ...steady.slice(2).map((date) => session(date, 3000, 2))].join(';'))
    expect(short.rows.surprises).toEqual([])
    const few = await read(
      `${history(() => 2)}; delete from marts.session_days where local_date > date '2026-02-08' and session_id not in
        (select session_id from marts.session_days where local_date > date '2026-02-08' and not is_subagent
         order by session_id limit 2)`,
    )
    expect(few.rows.surprises).toEqual([])
    const running = await read(
      history(() => 2),
      { now: '2026-02-12T12:00:00Z' },
    )
    expect(running.rows.surprises).toEqual([])
    expect(surpriseOf(running)).toBeNull()
  })
})
