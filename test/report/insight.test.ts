// What friction cost, what contradicts a summary, what is out of the ordinary, and how the user has grown.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { parsePeriod } from '../../pipeline/period.js'
import { readReportData } from '../../pipeline/report/data.js'
import { growthSection } from '../../pipeline/report/growth.js'
import { formatMetric } from '../../pipeline/report/metrics.js'
import { renderReport } from '../../pipeline/report/render.js'
import { sampleContext } from '../support/report-config.js'
import { buildSampleWarehouse } from '../support/sample-warehouse.js'

const week = parsePeriod('weekly', '2026-W07', 'monday')
const plain = (text: string) => text.replaceAll('\u00a0', ' ')

describe('a week with friction', () => {
  let markdown: string
  let page: string
  const ctx = sampleContext()
  beforeAll(async () => {
    await buildSampleWarehouse(ctx.config.paths.warehouse)
    const { folder } = await renderReport(ctx, week)
    markdown = plain(readFileSync(join(folder, 'report.md'), 'utf8'))
    page = plain(readFileSync(join(folder, 'index.html'), 'utf8'))
  })

  test('says what friction cost, by sign and in all, and leaves out other weeks', () => {
    expect(markdown).toContain('8 calls came to $1.67; a call counts once')
    expect(markdown).toMatch(/\| Corrections \| 1 \| 0 \| 5 \| 140 k \| \$1\.25 \|/)
    expect(markdown).toMatch(/\| Failed tool calls \| 1 \| 1 \| 3 \| 81\.0 k \| \$0\.42 \|/)
    expect(markdown).not.toContain('| Refused actions | 1 | 1 |')
  })

  test('shows the weeks before it, oldest first', () => {
    expect(markdown).toMatch(/\| 2026-W06 \| \d+ \| \d+ \| 0 \| \d+ \| 0 \| \$0\.11 \|\n\| 2026-W07 /)
    expect(markdown).toMatch(/\| 2026-W07 \| \d+ \| \d+ \| 1 \| \d+ \| \d+ \| \$1\.67 \|/)
  })

  test('names what contradicts a summary once for each session', () => {
    const row = '| Fully achieved | The last test run failed and the last tool call failed |'
    expect(markdown.split(row)).toHaveLength(2)
    expect(page).toContain('The last test run failed and the last tool call failed')
  })

  test('shows days and sessions out of the ordinary, without a factor where the usual is nothing', () => {
    expect(markdown).toContain('| Tue 10 Feb | The whole day | Cost | $21.50 | $8.20 | ×2.6 |')
    expect(markdown).toContain('| Tue 10 Feb | The whole day | Signs of friction | 6 | 0 |  |')
    expect(markdown).toMatch(/A session in \S+ \| Failed tool calls \| 12 \| 2 \| ×6\.0 \|/)
  })

  test('tells growth with what improved most, and compares with nothing where there is nothing', () => {
    expect(markdown).toContain('Tool calls that failed improved most: 6.0 %, after 8.0 % the week before.')
    expect(markdown).toMatch(
      /\| Tool calls that failed \| [▁-█]{4} \| improving, strongly \| 6\.0 % \| 8\.0 % \| −25 % \| 3 of 5 \|/,
    )
    expect(markdown).toContain('| Cost a session |  | too few to tell | $3.10 |  |  | 0 of 1 |')
    expect(markdown).toContain('**The two worst moments**')
    expect(page).toContain('id="growth"')
  })

  test('does not compare a running week with a whole one', async () => {
    const data = await readReportData(ctx.config, week, new Date('2026-02-14T12:00:00Z'))
    const section = growthSection(data)
    expect(section?.paragraphs[0]).toContain('The week is not over')
    expect(section?.tables[0]?.columns.map(({ label }) => label)).not.toContain('Change')
  })
})

test('the share of the cost is told where every call has a price, since else it would be too large', async () => {
  const ctx = sampleContext()
  const extraSql = `delete from marts.llm_calls where cost_usd is null;
    update marts.session_days set unpriced_call_count = 0`
  await buildSampleWarehouse(ctx.config.paths.warehouse, { extraSql })
  const { folder } = await renderReport(ctx, week)
  const markdown = plain(readFileSync(join(folder, 'report.md'), 'utf8'))
  expect(markdown).toContain('8 calls came to $1.67 or 1.9 % of what the week cost')
  expect(markdown).toContain('| Corrections | 1 | 0 | 5 | 140 k | $1.25 | 1.4 % |')
})

test('a week without anything has no section on growth and no table of friction', async () => {
  const ctx = sampleContext()
  await buildSampleWarehouse(ctx.config.paths.warehouse, { empty: true })
  const data = await readReportData(ctx.config, week, ctx.now())
  expect(growthSection(data)).toBeNull()
  const { folder } = await renderReport(ctx, week)
  expect(readFileSync(join(folder, 'report.md'), 'utf8')).not.toMatch(
    /What friction cost|Out of the ordinary|## Growth/,
  )
})

test('values are written as what they are', () => {
  const written = [
    formatMetric('error_rate', 0.031),
    formatMetric('cost_per_session', 2.1),
    formatMetric('time_per_turn_seconds', 308),
    formatMetric('tool_calls_per_turn', 13.61),
    formatMetric('friction_count', 8.5),
    formatMetric('session_count', 1234),
  ]
  expect(written.map(plain)).toEqual(['3.1 %', '$2.10', '5 min', '13.6', '8.5', '1,234'])
})
