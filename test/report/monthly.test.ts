import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { parsePeriod } from '../../pipeline/period.js'
import { type ReportData, readReportData } from '../../pipeline/report/data.js'
import { sectionBlocks } from '../../pipeline/report/markdown.js'
import { heatmapSection } from '../../pipeline/report/monthly/heatmaps.js'
import { monthsSection } from '../../pipeline/report/monthly/months.js'
import { targetBlocks, targetsSection } from '../../pipeline/report/monthly/targets.js'
import { timeSavedSection } from '../../pipeline/report/monthly/time-saved.js'
import { renderReport } from '../../pipeline/report/render.js'
import { shownData } from '../../pipeline/report/shown.js'
import { sampleContext } from '../support/report-config.js'
import { buildSampleWarehouse } from '../support/sample-warehouse.js'

const month = parsePeriod('monthly', '2026-02', 'monday')
const over = '2026-03-05T12:00:00Z'
const plain = (blocks: readonly string[]) => blocks.join('\n\n').replaceAll('\u00a0', ' ')

/** The month before, with a session of each day of the first week of the sample. */
const januarySql = `
insert into marts.session_days by name
  select * exclude (week_start, week, month, month_start)
    replace ('jan-' || session_id as session_id, 'jan-' || parent_session_id as parent_session_id, local_date - 31 as local_date)
  from marts.session_days where local_date < date '2026-02-09';
insert into marts.session_facets by name
  select * replace ('jan-' || session_id as session_id) from marts.session_facets where session_id < 'session-010';`

const base = sampleContext({}, over)
const config = { ...base.config, context: { ...base.config.context, people: [{ name: 'Ada Quay' }] } }
const ctx = { ...base, config }
let data: ReportData
const sum = (values: readonly number[]) => values.reduce((all, value) => all + value, 0)

beforeAll(async () => {
  await buildSampleWarehouse(config.paths.warehouse, { extraSql: januarySql })
  data = shownData(await readReportData(config, month, ctx.now()), config)
})

describe('month against month', () => {
  test('stands on the same figures as the headlines, of both months', () => {
    const rows = data.rows.month_by_month
    expect(rows.map(({ period }) => period)).toEqual(['2026-01', '2026-02'])
    for (const [i, role] of ['previous', 'current'].entries()) {
      const { session_count, active_seconds, cost_usd, total_tokens, prompt_count, tool_call_count } =
        data.rows.headlines.find(({ period_role }) => period_role === role)!
      expect(rows[i]).toMatchObject({ session_count, active_seconds, cost_usd, total_tokens })
      expect(rows[i]).toMatchObject({ prompt_count, tool_call_count })
    }
  })

  test('gives the change, and no change of a month that is still running or of a cost of which some is unknown', () => {
    const text = plain(sectionBlocks(monthsSection(data)!))
    expect(text).toMatch(/\| Figure \| Jan 2026 \| Feb 2026 \| Change \|/)
    expect(text).toMatch(/\| Sessions \| 23 \| 44 \| \+91 % \|/)
    expect(text).toMatch(/\| Cost \| [^|]+ \| ≥ [^|]+ \| – \|/)
    const running = plain(sectionBlocks(monthsSection({ ...data, isSoFar: true })!))
    expect(running).toContain('| Figure | Jan 2026 | Feb 2026, so far |')
    expect(running).toContain('not measured against a whole one')
  })

  test('is left out where there is no other month', () => {
    const rows = { ...data.rows, month_by_month: data.rows.month_by_month.slice(1) }
    expect(monthsSection({ ...data, rows })).toBeNull()
  })
})

describe('the month by week', () => {
  test('adds up to the month, has every week once, and only the days within it', () => {
    const rows = data.rows.project_weeks
    const current = data.rows.headlines.find(({ period_role }) => period_role === 'current')!
    expect(sum(rows.map((row) => row.active_seconds))).toBe(current.active_seconds)
    const first = rows.filter((row) => row.project_rank === 1)
    expect(first.map((row) => [row.week_start, row.from_date, row.until_date])).toEqual([
      ['2026-01-26', '2026-02-01', '2026-02-01'],
      ['2026-02-02', '2026-02-02', '2026-02-08'],
      ['2026-02-09', '2026-02-09', '2026-02-15'],
      ['2026-02-16', '2026-02-16', '2026-02-22'],
      ['2026-02-23', '2026-02-23', '2026-02-28'],
    ])
    for (const { project, active_seconds } of data.rows.attention_by_project)
      expect(sum(rows.filter((row) => row.project === project).map((row) => row.active_seconds))).toBe(
        active_seconds,
      )
  })

  test('begins its weeks on Sunday where the settings do', async () => {
    const sundays = parsePeriod('monthly', '2026-02', 'sunday')
    const { rows } = await readReportData({ ...config, week_starts_on: 'sunday' }, sundays, ctx.now())
    const weeks = rows.project_weeks.filter((row) => row.project_rank === 1)
    expect(weeks.map((row) => row.week_start)).toEqual([
      '2026-02-01',
      '2026-02-08',
      '2026-02-15',
      '2026-02-22',
    ])
  })

  test('counts what was done with people as often as the letter does, and only of those the user named', () => {
    const actions = sum(data.rows.relationship_actions.map((row) => row.action_count))
    expect(actions).toBeGreaterThan(5)
    expect(sum(data.rows.people_weeks.map((row) => row.action_count))).toBe(actions)
    const { heatmaps } = heatmapSection(data)!
    expect(heatmaps.map(({ corner, rows }) => [corner, rows.length > 0])).toEqual([
      ['Project', true],
      ['Person', true],
    ])
    const stranger = shownData(data, { ...config, context: { ...config.context, people: [] } })
    expect(heatmapSection(stranger)!.heatmaps).toHaveLength(1)
  })

  test('has a number in every cell that has a colour, and none in the others', () => {
    const cells = heatmapSection(data)!.heatmaps.flatMap(({ rows }) => rows.flatMap((row) => row.cells))
    expect(new Set(cells.map(({ level }) => level)).has(4)).toBe(true)
    for (const { text, level } of cells) expect(text).toMatch(level === 0 ? /^–$/ : /^(<0\.1|\d+(\.\d)?)$/)
  })
})

describe('the return on time', () => {
  test('counts every session once, and gives no dollars where no hour has a price', () => {
    const rows = data.rows.time_saved
    expect(sum(rows.map((row) => row.session_count))).toBe(44)
    const saved = rows.find((row) => row.estimated_by === 'rules')!
    expect(saved.saved_minutes).toBe(15 * saved.session_count)
    const text = plain(sectionBlocks(timeSavedSection(data, config)!))
    expect(text).toContain('An estimate, and no measurement')
    expect(text).toContain(`${saved.session_count} sessions of 44`)
    expect(text).toContain('Not set, so no dollars are put on it')
    expect(text).not.toContain('is worth $')
  })

  test('puts the configured price on the hours, and says so', () => {
    const priced = { ...config, context: { ...config.context, hourly_rate_usd: 80 } }
    const rows = [
      { ...data.rows.time_saved[0]!, estimated_by: 'rules', saved_minutes: 90, cost_usd: 20 },
    ].map((row) => ({ ...row, unpriced_call_count: 0 }))
    const text = plain(
      sectionBlocks(timeSavedSection({ ...data, rows: { ...data.rows, time_saved: rows } }, priced)!),
    )
    expect(text).toContain('$13.33 for each hour saved')
    expect(text).toContain('what was saved is worth $120.00, $100.00 more than it cost')
  })

  test('gives a month its part of a session that reaches into another', async () => {
    const shared = sampleContext({}, over)
    await buildSampleWarehouse(shared.config.paths.warehouse, {
      extraSql: `insert into marts.session_days by name
        select * exclude (week_start, week, month, month_start)
          replace (date '2026-03-01' as local_date, 3 * active_seconds as active_seconds)
        from marts.session_days where session_id = 'session-000';
        update marts.session_facets set estimated_time_saved_minutes = case when session_id = 'session-000' then 100 end`,
    })
    const minutes = async (label: string) => {
      const { rows } = await readReportData(shared.config, parsePeriod('monthly', label, 'monday'), ctx.now())
      const row = rows.time_saved.find((found) => found.estimated_by !== null)
      return [row?.saved_minutes, row?.shared_count]
    }
    expect(await minutes('2026-02')).toEqual([25, 1])
    expect(await minutes('2026-03')).toEqual([75, 1])
  })

  test('is left out where nobody estimated anything', () => {
    const rows = data.rows.time_saved.filter((row) => row.estimated_by === null)
    expect(timeSavedSection({ ...data, rows: { ...data.rows, time_saved: rows } }, config)).toBeNull()
  })
})

describe('the targets', () => {
  test('of the month before are met, missed or not measurable, and by how much', () => {
    const text = plain(targetBlocks(targetsSection(data)!))
    expect(text).toContain('that January 2026 set for this month: 1 met, 1 missed and 1 not measurable.')
    expect(text).toContain('| Tool calls that failed | met, by 0.6 points | 8.1 % | at most 6.5 % | 5.9 % |')
    expect(text).toContain('| Prompts that correct | missed, by 0.2 points | 12 % | at most 11 % | 11 % |')
    expect(text).toContain(
      '| Sessions completed | not measurable: too little to tell | 80 % | at least 85 % | – |',
    )
  })

  test('for the month after do not tell yet what becomes of them', () => {
    expect(data.rows.targets.filter(({ target_role }) => target_role === 'set')).toMatchObject([
      { metric_name: 'error_rate', reached_value: null, is_met: null },
      { metric_name: 'interruptions_per_session', reached_value: null, is_met: null },
    ])
    const { targets } = targetsSection(data)!
    expect(targets[1]!.note).toBe('from 0.41 to 0.3')
    expect(targets[1]!.reason).toBe('Halfway to the 0.19 of December 2025.')
  })

  test('are not judged before the month is over', () => {
    const text = plain(targetBlocks(targetsSection({ ...data, isSoFar: true })!))
    expect(text).toContain('how it stands so far')
    expect(text).toContain('| within, by 0.6 points |')
  })
})

test('a month shows all four parts in page and Markdown, and a week none of them', async () => {
  const headings = ['Month against month', 'The month by week', 'Return on time', 'Targets']
  const monthly = await renderReport(ctx, month)
  const weekly = await renderReport(ctx, parsePeriod('weekly', '2026-W07', 'monday'))
  const found = (folder: string, name: string, mark: (heading: string) => string) => {
    const text = readFileSync(join(folder, name), 'utf8')
    return headings.filter((heading) => text.includes(mark(heading)))
  }
  const asHtml = (heading: string) => `<h2>${heading}</h2>`
  const asMarkdown = (heading: string) => `\n## ${heading}\n`
  expect(found(monthly.folder, 'index.html', asHtml)).toEqual(headings)
  expect(found(monthly.folder, 'report.md', asMarkdown)).toEqual(headings)
  expect(found(weekly.folder, 'index.html', asHtml)).toEqual([])
  expect(found(weekly.folder, 'report.md', asMarkdown)).toEqual([])
  const { rows } = JSON.parse(readFileSync(join(weekly.folder, 'report.json'), 'utf8'))
  expect([rows.month_by_month, rows.project_weeks, rows.people_weeks, rows.time_saved, rows.targets]).toEqual(
    [[], [], [], [], []],
  )
})
