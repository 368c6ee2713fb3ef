import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Config } from '../../pipeline/config.js'
import { parsePeriod } from '../../pipeline/period.js'
import { digestSchema } from '../../pipeline/publish/digest.js'
import { freezePeriod } from '../../pipeline/report/freeze.js'
import { type RenderedReport, renderReport } from '../../pipeline/report/render.js'
import { renderSite } from '../../pipeline/report/site/render-site.js'
import { packageRoot } from '../../pipeline/root.js'
import { openDatabase } from '../../pipeline/warehouse/db.js'
import { sampleContext } from '../support/report-config.js'
import { buildSampleWarehouse, severalAgentsSql } from '../support/sample-warehouse.js'

const week = parsePeriod('weekly', '2026-W07', 'monday')
const plain = (text: string) => text.replaceAll('\u00a0', ' ')
const read = (report: RenderedReport, name: string) => readFileSync(join(report.folder, name), 'utf8')
const page = (report: RenderedReport) => plain(read(report, 'index.html'))

async function renderSample(
  options: {
    empty?: boolean
    extraSql?: string
    config?: Partial<Config>
    now?: string
    label?: string
  } = {},
) {
  const ctx = sampleContext(options.config, options.now)
  await buildSampleWarehouse(ctx.config.paths.warehouse, options)
  const period = options.label ? parsePeriod('monthly', options.label, 'monday') : week
  return { ctx, report: await renderReport(ctx, period) }
}

describe('a week', () => {
  let sample: Awaited<ReturnType<typeof renderSample>>
  beforeAll(async () => {
    sample = await renderSample()
  })

  test('is five files, and nothing half-written beside them', () => {
    expect(readdirSync(sample.report.folder).sort()).toEqual([
      'digest.json',
      'digest.png',
      'index.html',
      'report.json',
      'report.md',
    ])
  })

  test('comes out the same, byte for byte, whatever the clock says', async () => {
    const bytes = () =>
      readdirSync(sample.report.folder).map((name) => readFileSync(join(sample.report.folder, name)))
    const before = bytes()
    await renderReport({ ...sample.ctx, now: () => new Date('2031-01-01T00:00:00Z') }, week)
    expect(bytes()).toEqual(before)
  })

  test('says the same in page, Markdown, JSON and digest', () => {
    const json = JSON.parse(read(sample.report, 'report.json'))
    expect(json.schema).toBe('debrief.report/1')
    expect(json.figures).toEqual(sample.report.figures)
    const digest = JSON.parse(read(sample.report, 'digest.json'))
    const markdown = plain(read(sample.report, 'report.md'))
    for (const { label, value, change } of digest.headlines) {
      expect(page(sample.report)).toContain(`<dd class="figure">${plain(value)}</dd>`)
      expect(markdown).toContain(`| ${label} | ${plain(value)} | ${plain(change)} |`)
    }
    expect(json.narrative).toEqual(digest.sentences)
    expect(digest.headlines[0]).toMatchObject({
      label: 'Sessions',
      value: String(json.figures.session_count),
    })
  })

  test('gives a digest that publishing accepts', () => {
    const digest = digestSchema.parse(JSON.parse(read(sample.report, 'digest.json')))
    expect(digest.title).toBe('Week of 9 February 2026')
    expect(digest.sections.map((section) => section.heading)).toEqual([
      'Where the time went',
      'Top friction',
      'Skills gap',
    ])
    expect(digest.remarks.map((section) => section.heading)).toEqual(['Not in these numbers'])
  })

  test('gives a picture of 1200 by 630', () => {
    const png = readFileSync(join(sample.report.folder, 'digest.png'))
    expect([png.toString('latin1', 1, 4), png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([
      'PNG',
      1200,
      630,
    ])
  })

  test('marks a cost that lacks calls, and names the model without a price', () => {
    expect(page(sample.report)).toContain('≥ $')
    expect(page(sample.report)).toContain('3 calls went to acme-experimental-1')
  })

  test('lists rejected lines by file and line, without the folder that spells out a path', () => {
    expect(page(sample.report)).toContain('~/.claude/projects/…/session-001.jsonl:118')
    expect(page(sample.report)).toContain('not JSON: the line ends early')
    expect(page(sample.report)).not.toContain('-home-sam')
    expect(page(sample.report)).not.toContain('/home/sam')
  })

  test('keeps markup in a summary as text', () => {
    expect(page(sample.report)).toContain('Looked for the &lt;b&gt;slow&lt;/b&gt; query &amp; found two.')
    expect(read(sample.report, 'report.md')).toContain('\\<b\\>slow\\</b\\>')
  })

  test('asks for nothing: no script but its own, allowed by their digests, and no address', () => {
    const html = read(sample.report, 'index.html')
    expect(html).not.toMatch(/<iframe|<object|@import|url\(| on[a-z]+=/)
    expect(html.match(/https?:\/\/[^"'\s<]+/g) ?? []).toEqual([])
    const elements = [...html.matchAll(/<script([^>]*)>([\s\S]*?)<\/script>/g)]
    const isData = ([, attributes]: RegExpExecArray) =>
      attributes === ' type="application/json" id="session-data"'
    const scripts = elements.filter((element) => !isData(element))
    expect(elements.length - scripts.length).toBe(1)
    const digests = scripts.map(
      ([, , text]) => `'sha256-${createHash('sha256').update(text!).digest('base64')}'`,
    )
    expect(scripts.length).toBeGreaterThan(0)
    expect(scripts.map(([, attributes]) => attributes).join('')).toBe('')
    expect(html).toContain(
      `content="default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src ${digests.join(' ')}; base-uri 'none'; form-action 'none'">`,
    )
  })
})

test('a running week is "so far" and is not measured against a whole one', async () => {
  const { report } = await renderSample({ now: '2026-02-12T12:00:00Z' })
  expect(report.isSoFar).toBe(true)
  expect(page(report)).toContain('<span class="tag">so far</span>')
  expect(page(report)).toContain('23 in the whole week before')
  const digest = JSON.parse(read(report, 'digest.json'))
  expect([digest.is_so_far, digest.headlines[0].change]).toEqual([true, null])
})

test('a week without sessions is sentences, not empty charts', async () => {
  const { report } = await renderSample({ empty: true })
  expect(report.narrative).toBe('This week had no sessions.\n\n*Written by rules, without a model.*')
  expect(page(report)).not.toContain('<svg')
  for (const sentence of [
    'No model was called this week.',
    'There were no sessions this week.',
    'No log file has been read.',
  ])
    expect(page(report)).toContain(sentence)
})

test('a week without sessions is neither frozen nor listed', async () => {
  const { ctx, report } = await renderSample({ empty: true })
  const ledger = await openDatabase(':memory:')
  await ledger.run(readFileSync(join(packageRoot, 'sql/ledger.sql'), 'utf8'))
  const frozen = () => ledger.rows('select period from state.periods')
  await freezePeriod(ctx.config, ledger, report, ctx.now())
  expect(await frozen()).toEqual([])
  await freezePeriod(ctx.config, ledger, { ...report, figures: { session_count: 1 } }, ctx.now())
  expect(await frozen()).toEqual([{ period: '2026-W07' }])
  ledger.close()
  expect(readFileSync(await renderSite(ctx), 'utf8')).not.toContain('2026-W07')
})

test('a period that has not begun is refused, and leaves no file', async () => {
  const { ctx } = await renderSample()
  const future = renderReport(ctx, parsePeriod('weekly', '2026-W09', 'monday'))
  await expect(future).rejects.toMatchObject({
    name: 'UserError',
    message: '2026-W09 has not begun: it starts on 23 February 2026',
  })
  expect(readdirSync(join(ctx.config.paths.site, 'weekly'))).toEqual(['2026-W07'])
})

test('the demo says that it is made up, wherever it would say whose it is', async () => {
  const { ctx, report } = await renderSample({ config: { isDemo: true } })
  for (const text of [page(report), read(report, 'report.md'), readFileSync(await renderSite(ctx), 'utf8')]) {
    expect(text).toContain('Demo: made-up sessions')
    expect(text).not.toContain('sam on laptop')
  }
  const digest = JSON.parse(read(report, 'digest.json'))
  expect(digest.title).toBe('Demo: Week of 9 February 2026')
  expect(JSON.parse(read(report, 'report.json')).is_demo).toBe(true)
})

test('a session that nobody judged says so, but not while it runs', async () => {
  const extraSql = `delete from marts.session_facets; update marts.session_metrics set primary_task_category = 'other'`
  const { report } = await renderSample({ extraSql })
  expect(page(report)).toContain('<span class="came">2 prompts, not judged</span>')
  expect(read(report, 'report.md')).toContain('prompts, not judged')
  const running = await renderSample({
    extraSql: `${extraSql}; update marts.sessions set completion_status = 'active'`,
    now: '2026-02-12T12:00:00Z',
  })
  expect(page(running.report)).not.toContain('not judged')
})

describe('where calls have no price', () => {
  test('on another day, no dearest day is named and no share is claimed', async () => {
    const { report } = await renderSample({
      extraSql: `update marts.llm_calls set cost_usd = null where local_date in ('2026-02-09', '2026-02-12')`,
    })
    expect(report.narrative).not.toContain('dearest day')
    expect(page(report)).toContain('; of what has a price, $')
  })

  test('on the dearest day alone, it is still named, and its cost is at least what is told', async () => {
    const { report } = await renderSample({
      extraSql: `update marts.llm_calls set cost_usd = coalesce(cost_usd, 1);
        update marts.llm_calls set cost_usd = 100 where local_date = '2026-02-10';
        update marts.llm_calls set cost_usd = null where local_date = '2026-02-10' and llm_call_id like '%-0'`,
    })
    expect(plain(report.narrative)).toMatch(/Tuesday was the dearest day, with ≥ \$[\d,.]+\.$/m)
  })

  test('chart, legend and table say so', async () => {
    const { report } = await renderSample({
      extraSql: `update marts.llm_calls set cost_usd = null where model = 'acme-experimental-1' or local_date = '2026-02-12'`,
    })
    const html = page(report)
    expect(html).toContain('>acme-experimental-1 (no price)<')
    expect(html).toMatch(/>≥ \$\d+\.\d\d<\/text>/)
    expect(html).toContain('>no price</text>')
    expect(html).toContain('<td class="number">no price</td>')
    expect(html).not.toContain('≥ $0.00')
  })
})

describe('a week of several agents', () => {
  test('breaks attention down by agent; what is not logged is said, not 0', async () => {
    const { report } = await renderSample({ extraSql: severalAgentsSql })
    const markdown = plain(read(report, 'report.md'))
    const section = markdown.split('## Attention by agent')[1]!.split('\n## ')[0]!
    expect(section).toMatch(/^\| Claude Code \| [^|]+ \| \d+ % \| (≥ )?\$[\d.]+ \| .* \| \d+ \|$/m)
    expect(section).toMatch(/^\| Amp \| [^|]+ \| \d+ % \| not logged \| not logged \| \d+ \| \d+ \| \d+ \|$/m)
    expect(section).toContain('Not every log of Amp says what was used')
    expect(page(report)).toContain('<h2>Attention by agent</h2>')
  })

  test('without any usage has no 0 at a glance', async () => {
    const { report } = await renderSample({
      extraSql: `${severalAgentsSql}; delete from marts.session_days where source <> 'amp';
        delete from marts.llm_calls`,
    })
    const markdown = plain(read(report, 'report.md'))
    expect(markdown).toContain('| Cost | not logged |')
    expect(markdown).toContain('| Tokens | not logged |')
    expect(markdown).toContain('No log of this week says which model was called')
    expect(markdown).not.toContain('$0.00')
    expect(markdown).not.toContain('## Attention by agent')
  })
})

test('a first week has nothing to compare with', async () => {
  const { report } = await renderSample({
    extraSql: `delete from marts.session_days where local_date < '2026-02-09'`,
  })
  expect(page(report)).toContain('There is no week before to compare with yet.')
})

test('with content none, no summary or goal is anywhere; project and kind of work are', async () => {
  const base = sampleContext().config
  const { report } = await renderSample({ config: { privacy: { ...base.privacy, content: 'none' } } })
  const texts = ['index.html', 'report.md', 'report.json', 'digest.json']
    .map((name) => read(report, name))
    .join()
  expect(JSON.parse(read(report, 'digest.json')).content).toBe('none')
  expect(JSON.parse(read(report, 'report.json')).content).toBe('none')
  expect(texts).not.toMatch(
    /tide table|lamp schedule|a goal|Looked for the|lamps-and-tides|other harbour|right tide|part-\d/,
  )
  expect(page(report)).toMatch(
    /<span class="project"><a href="#session\/[0-9a-f]{8}">tidepool<\/a><\/span> <span class="came">fix bug<\/span>/,
  )
})

/** Frozen as it was reported then, in UTC; `bounds` are its instants. */
const frozenWeek = (
  figures: object,
  bounds = "'UTC', timestamp '2026-02-09', timestamp '2026-02-16'",
) => `insert into marts.periods values ('weekly', '2026-W07', '${JSON.stringify(figures)}', 'It was a quiet week.',
  ${bounds});`
const lateSession = `insert into marts.restatements values
  ('weekly', '2026-W07', 'late_session', timestamp '2026-02-17 06:00:00', 1, 3.1, 120000, 4);`

describe('a frozen week', () => {
  test('keeps its sentences and says what was first reported', async () => {
    const { report } = await renderSample({ extraSql: frozenWeek({ session_count: 20 }) })
    expect(report.narrative).toBe('It was a quiet week.')
    expect(page(report)).toContain('<p>It was a quiet week.</p>')
    expect(page(report)).toContain('first reported as 20<')
  })

  test('says beside its cost by how much it was restated, since when and why, in page, Markdown and digest', async () => {
    const extraSql =
      frozenWeek({ session_count: 20, cost_usd: 50.5, unpriced_call_count: 0 }) +
      lateSession +
      lateSession.replace("'late_session'", "'new_price'").replace('1, 3.1', '3, -0.25')
    const { ctx, report } = await renderSample({ extraSql })
    const words =
      'restated +$2.85 from $50.50 since 17 February: 1 late session and a new price for 3 sessions'
    expect(page(report)).toContain(`<dd class="restated">${words}</dd>`)
    expect(page(report)).toContain('2026-W07 restated +$2.85 since 17 February: 1 late session and')
    expect(page(report)).toMatch(
      /Restated since first reported[\s\S]*<td>New price<\/td><td class="number">3<\/td><td class="number">−\$0\.25<\/td><td class="number">\+120 k<\/td>/,
    )
    expect(plain(read(report, 'report.md'))).toContain(`; ${words} |`)
    const digest = digestSchema.parse(JSON.parse(read(report, 'digest.json')))
    const section = digest.remarks.find(({ heading }) => heading === 'Since it was first reported')
    expect(section?.lines.map(plain)).toEqual(['Sessions: first reported as 20', `Cost: ${words}`])
    expect(JSON.parse(read(report, 'report.json')).rows.restatements).toHaveLength(2)
    expect(readFileSync(await renderSite(ctx), 'utf8')).toContain('<span class="tag">restated</span>')
  })

  test('in another time zone keeps its figures, adds what was restated, and says which time they are of', async () => {
    const figures = { session_count: 20, cost_usd: 50.5, unpriced_call_count: 0, total_tokens: 3_000_000 }
    const bounds = "'America/New_York', timestamp '2026-02-09 05:00', timestamp '2026-02-16 05:00'"
    const moved = await renderSample({ extraSql: frozenWeek(figures, bounds) })
    const values = (report: RenderedReport) =>
      JSON.parse(read(report, 'digest.json')).headlines.map(({ value }: { value: string }) => plain(value))
    expect(values(moved.report)).toEqual(expect.arrayContaining(['20', '$50.50', '3.00 M']))
    expect(page(moved.report)).not.toMatch(/class="restated"|Restated since/)
    expect(page(moved.report)).toContain(
      'for 9 February 2026 05:00 to 16 February 2026 05:00 UTC (America/New_York).',
    )
    const late = await renderSample({ extraSql: frozenWeek(figures, bounds) + lateSession })
    expect(values(late.report)).toEqual(expect.arrayContaining(['20', '$53.60', '3.12 M']))
    expect(page(late.report)).toContain('restated +$3.10 from $50.50 since 17 February: 1 late session<')
  })

  test('of which nothing was kept to explain a difference says of none', async () => {
    const { report } = await renderSample({
      extraSql: frozenWeek({ session_count: 20, cost_usd: 50.5 }, 'null, null, null'),
    })
    expect(report.narrative).toBe('It was a quiet week.')
    expect(page(report).replaceAll(/<pre[\s\S]*?<\/pre>/g, '')).not.toMatch(
      /class="restated"|Restated since|first reported/,
    )
  })

  test('that was restated is told of in the week that is compared with it', async () => {
    const { report } = await renderSample({ extraSql: lateSession.replace('2026-W07', '2026-W06') })
    expect(page(report)).toContain('2026-W06 restated +$3.10 since 17 February: 1 late session.')
    expect(page(report)).not.toContain('class="restated"')
  })
})

test('freezing a week as it stands changes no file', async () => {
  const { ctx, report } = await renderSample()
  const before = readdirSync(report.folder).map((name) => readFileSync(join(report.folder, name)))
  const figures = JSON.stringify(report.figures).replaceAll("'", "''")
  const db = await openDatabase(ctx.config.paths.warehouse)
  await db.run(
    `insert into marts.periods values ('weekly', '2026-W07', $1, $2, 'UTC', timestamp '2026-02-09', timestamp '2026-02-16')`,
    [figures, report.narrative],
  )
  db.close()
  await renderReport(ctx, week)
  expect(readdirSync(report.folder).map((name) => readFileSync(join(report.folder, name)))).toEqual(before)
})

test('hostile text from logs is inert and legible', async () => {
  const hostile = '<img src=x onerror=alert(1)> [x](javascript:alert(1)) {{secret}} </style> \u202Egnp\u200b'
  const { report } = await renderSample({
    extraSql: `update marts.session_facets set brief_summary = '${hostile}' || repeat('x', 1000000);
      update marts.session_days set project = '/home/sam/<script>alert(1)</script>';
      update marts.sessions set project = '/home/sam/<script>alert(1)</script>';
      update marts.tool_calls set tool_name = '"><svg onload=alert(1)>' where tool_name = 'Grep'`,
  })
  const html = read(report, 'index.html')
  expect(html).not.toMatch(/<img|<script>alert|<svg onload|javascript:alert\(1\)"|[\u202e\u200b]/)
  expect(html).toContain('{{secret}}')
  expect(html.length).toBeLessThan(600_000)
  expect(html.match(/<\/style>/g)).toHaveLength(1)
})

test('every session is listed and has its page, however many there are', async () => {
  const { report } = await renderSample({
    extraSql: `insert into marts.session_days by name select 'more-' || n as session_id, date '2026-02-10' as local_date,
      'claude-code' as source, false as is_subagent, 1 as prompt_count, 1 as turn_count, 0 as tool_call_count,
      0 as error_count, 0 as correction_count, 0 as rejection_count, 0 as interruption_count, 60 as active_seconds,
      1 as llm_call_count, 1 as input_tokens, 1 as output_tokens, 1 as cache_read_tokens, 1 as cache_write_tokens,
      0.01 as cost_usd, 0 as unpriced_call_count, 0 as lines_added, 0 as lines_deleted from range(120) more(n)`,
  })
  expect(page(report).match(/<td class="time">/g)).toHaveLength(141)
  expect(page(report).match(/<article class="session" id="session\/[0-9a-f]{8}"/g)).toHaveLength(141)
})

test('a month has its own title, days and comparison', async () => {
  const { report } = await renderSample({ label: '2026-02', now: '2026-03-02T00:00:00Z' })
  expect(page(report)).toContain('<h1>February 2026</h1>')
  expect(page(report)).toContain('There is no month before to compare with yet.')
})

test('without a warehouse, the message says what to run', async () => {
  await expect(renderReport(sampleContext(), week)).rejects.toThrow(
    /^nothing is loaded yet: there is no .*warehouse\.duckdb$/,
  )
})

test('the archive lists what is there, newest first, and links relatively', async () => {
  const { ctx } = await renderSample()
  await renderReport(ctx, parsePeriod('weekly', '2026-W06', 'monday'))
  await renderReport(ctx, parsePeriod('monthly', '2026-02', 'monday'))
  const html = readFileSync(await renderSite(ctx), 'utf8').split('<main>')[1] ?? ''
  const links = [...html.matchAll(/<a href="([^"]+)"/g)].map((match) => match[1])
  expect(links).toEqual([
    'weekly/2026-W07/index.html',
    'weekly/2026-W06/index.html',
    'monthly/2026-02/index.html',
  ])
})

test('an archive without reports says how to get one', async () => {
  const html = readFileSync(await renderSite(sampleContext()), 'utf8')
  expect(html).toContain('There are no reports yet.')
})
