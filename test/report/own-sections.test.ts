import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { parsePeriod } from '../../pipeline/period.js'
import { renderReport } from '../../pipeline/report/render.js'
import { sampleContext } from '../support/report-config.js'
import { buildSampleWarehouse } from '../support/sample-warehouse.js'

/** The sample week, rendered with these files in the user's own folder. */
async function renderWith(
  files: Readonly<Record<string, string>>,
): Promise<Record<'html' | 'markdown', string>> {
  const folder = mkdtempSync(join(tmpdir(), 'debrief-templates-'))
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  const ctx = sampleContext({ templates_dir: folder })
  await buildSampleWarehouse(ctx.config.paths.warehouse)
  const report = await renderReport(ctx, parsePeriod('weekly', '2026-W07', 'monday'))
  const read = (name: string) => readFileSync(join(report.folder, name), 'utf8')
  return { html: read('index.html'), markdown: read('report.md') }
}

const slowest = `-- The longest days.
select local_date, sum(active_seconds) as active_seconds, '<b>bold</b>' as mark from marts.session_days, period
where local_date >= period_start and local_date < period_end group by local_date order by local_date limit 2`

test('a query in sections/ is a part of its own, as a table, before what was read', async () => {
  const { html, markdown } = await renderWith({ 'sections/long-days.sql': slowest })
  expect(html).toMatch(/<h2>Long days<\/h2>[\s\S]*The longest days\.[\s\S]*&lt;b&gt;bold&lt;\/b&gt;/)
  expect(html.indexOf('Long days')).toBeLessThan(html.indexOf('What was read, and what was not'))
  expect(html).toContain('with period as (')
  expect(markdown).toContain('| Local date | Active seconds | Mark |')
})

test('a partial of its name shows it instead, and one of ours is replaced by one of theirs', async () => {
  const { html } = await renderWith({
    'sections/long-days.sql': slowest,
    'partials/long-days.hbs': '<p id="mine">{{heading}}: {{rows.length}} days, {{rows.[0].mark}}</p>',
    'partials/colophon.hbs': '<footer>Ours.</footer>',
    'styles.css': '.masthead { border-color: red; }',
  })
  expect(html).toContain('<p id="mine">Long days: 2 days, &lt;b&gt;bold&lt;/b&gt;</p>')
  expect(html).toContain('<footer>Ours.</footer>')
  expect(html).toContain('.masthead { border-color: red; }')
})

test('a query without rows is no part', async () => {
  const { html } = await renderWith({ 'sections/nothing.sql': 'select 1 as one where false' })
  expect(html).not.toContain('<h2>Nothing</h2>')
})

test('a query that fails is named, with what was expected', async () => {
  await expect(renderWith({ 'sections/broken.sql': 'select oops' })).rejects.toMatchObject({
    name: 'UserError',
    message: expect.stringMatching(/sections[/\\]broken\.sql: .*oops/),
    hint: 'Expected a SELECT over the marts and the one-row table `period`.',
  })
})
