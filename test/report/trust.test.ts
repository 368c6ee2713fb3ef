import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parsePeriod } from '../../pipeline/period.js'
import { renderReport } from '../../pipeline/report/render.js'
import { sampleContext } from '../support/report-config.js'
import { buildSampleWarehouse, severalAgentsSql } from '../support/sample-warehouse.js'

const week = parsePeriod('weekly', '2026-W07', 'monday')
const plain = (text: string) => text.replaceAll('\u00a0', ' ')

/** The trust section of report.md, its points by label and its table rows; and the same points of the page. */
async function renderTrust(extraSql = '', now = '2026-02-20T12:00:00Z') {
  const ctx = sampleContext({}, now)
  await buildSampleWarehouse(ctx.config.paths.warehouse, { extraSql })
  const { folder } = await renderReport(ctx, week)
  const read = (name: string) => plain(readFileSync(join(folder, name), 'utf8'))
  const section = read('report.md').split('## What was read')[1] ?? ''
  const point = (label: string) =>
    section
      .split('\n')
      .find((line) => line.startsWith(`- **${label}.** `))
      ?.replace(`- **${label}.** `, '')
  const row = (label: string) => section.split('\n').find((line) => line.startsWith(`| ${label} |`))
  return { point, row, html: read('index.html'), json: JSON.parse(read('report.json')) }
}

const dueFiles = `delete from marts.files;
  insert into marts.files by name
  select n as file_id, 'claude-code' as source, 'x' as path, if(n < 3, 'main', 'subagent') as file_kind,
    timestamp '2026-01-15 12:00:00' + n * interval 1 day as modified_at, 30 as kept_days,
    modified_at + interval 30 day as deletes_at, 1 as line_count, 1 as loaded_line_count, 0 as blank_line_count,
    0 as rejected_line_count, 1 as object_count, false as is_gone from range(12) t(n)`

describe('lines', () => {
  test('glued, gone and unread are each said, and unknown types are listed', async () => {
    const { point, row, html } = await renderTrust()
    expect(point('Read')).toBe(
      '5,200 lines in 2 log files: 5,197 loaded, 1 blank; 2 lines could not be read, as listed here. 1 entry glued to the end of another’s line was recovered. 1 file is no longer there; what it said is kept.',
    )
    expect(point('Understood')).toBe(
      '3,198 entries are of types that hold what is counted here, 1,988 of types that do not, such as file-history-snapshot. 12 entries of 1 type not known yet were counted, not read.',
    )
    expect(row('Claude Code | moon-phase')).toBe('| Claude Code | moon-phase | 12 | 1 |')
    expect(html).toContain('<dt>Understood</dt><dd>3,198 entries')
  })

  test('of unknown types are none where there are none', async () => {
    const { point } = await renderTrust(`delete from marts.line_types where line_use <> 'read'`)
    expect(point('Understood')).toBe(
      '3,198 entries are of types that hold what is counted here. None is of an unknown type.',
    )
  })
})

describe('what is left out', () => {
  test('adds up with what is counted to the plain sum, in the period and in all', async () => {
    const { row, json } = await renderTrust()
    const rows: Record<string, number>[] = json.rows.duplicates
    const sum = (key: string) => rows.reduce((total, part) => total + (part[key] ?? 0), 0)
    const calls = json.figures
    expect(sum('period_output_tokens')).toBe(2 * calls.output_tokens)
    expect(sum('period_input_tokens')).toBe(3 * calls.input_tokens)
    const cells = row('A plain sum of all lines')!
      .split('|')
      .map((cell) => cell.trim())
    expect(Number(cells[2]!.replace(',', ''))).toBe(sum('period_line_count'))
    expect(Number(cells[5]!.replace(',', ''))).toBe(sum('line_count'))
    expect(row('Copies in forks and resumed sessions')).toBe(
      '| Copies in forks and resumed sessions | 0 | 0 | 0 | 0 | 0 | 0 |',
    )
  })

  test('is nothing where every call is one line', async () => {
    const { point } = await renderTrust('delete from marts.duplicates')
    expect(point('Counted once')).toMatch(
      /^Each of this week’s \d+ calls is logged in one line; none had to be left out\.$/,
    )
  })
})

describe('what is too low', () => {
  test('is named with its versions, its share of the calls, and what that means', async () => {
    const { point } = await renderTrust(`insert into marts.undercounts values
      ('claude-code', '2026-02-10', 'output_at_stream_start', '2.1.12', '2.1.41', 30, 900),
      ('claude-code', '2026-02-11', 'output_at_stream_start', '2.1.12', '2.1.41', 10, 100),
      ('claude-code', '2026-02-02', 'output_at_stream_start', '2.1.12', '2.1.41', 99, 99),
      ('claude-code', '2026-02-11', 'search_side_calls', null, null, 1, 0)`)
    expect(point('Too low')).toMatch(
      /^40 of this week’s \d+ calls were logged by Claude Code 2\.1\.12 to 2\.1\.41, which noted a reply’s output when it began, not when it ended\. Their 1\.00 k output tokens are a lower bound, and so is their cost\. 1 web search by Claude Code asked a model whose tokens are in no log\.$/,
    )
  })

  test('is nothing where nothing is known', async () => {
    expect((await renderTrust()).point('Too low')).toBe('Nothing in this week’s logs is known to be too low.')
  })
})

describe('sessions whose logs have no usage', () => {
  test('are counted by agent, in the period and in all', async () => {
    const { point } = await renderTrust(severalAgentsSql)
    expect(point('Not logged')).toMatch(
      /^Amp: no usable usage in the logs of (\d+) of its \1 sessions, sub-agents included, this week, and of (\d+) of \2 in all\. Their tokens and cost are not known, and in no sum\.$/,
    )
  })

  test('of one agent stand beside others of it that have usage', async () => {
    const { point } = await renderTrust(`${severalAgentsSql};
      update marts.session_days set source = 'codex' where source = 'amp' and session_id = 'session-002'`)
    expect(point('Not logged')).toMatch(
      /Codex: no usable usage in the logs of 0 of its \d+ sessions this week, and of 1 of \d+ in all\./,
    )
  })

  test('are told of even where the period has none of them', async () => {
    const { point } = await renderTrust(`${severalAgentsSql};
      delete from marts.session_days where source = 'amp' and local_date >= '2026-02-09'`)
    expect(point('Not logged')).toMatch(/^Amp: no usable usage in the logs of \d+ of \d+ in all\./)
  })

  test('are not mentioned where there is none', async () => {
    expect((await renderTrust()).point('Not logged')).toBeUndefined()
  })
})

describe('logs that their agent deletes', () => {
  test('within seven days of the week’s end are counted, and those past their time apart', async () => {
    const { point } = await renderTrust(dueFiles)
    expect(point('Soon gone')).toBe(
      'Claude Code deletes a log 30 days after its last change. Within seven days of this week’s end, 1 session log and 6 sub-agent logs will go. 2 logs are past that already and will go when it next starts. The oldest is from 15 January 2026. Every figure loaded from them stays; only their text, for replay and evidence, goes.',
    )
  })

  test('are none soon where the first goes later', async () => {
    expect((await renderTrust()).point('Soon gone')).toBe(
      'Claude Code deletes a log 30 days after its last change. Within seven days of this week’s end none goes; the next one goes on 17 March 2026.',
    )
  })

  test('are not spoken of where nobody deletes them, and never go soon where it is set to ten years', async () => {
    expect((await renderTrust('update marts.files set deletes_at = null')).point('Soon gone')).toBeUndefined()
    const { point } = await renderTrust(
      `update marts.files set kept_days = 99999, deletes_at = modified_at + interval 99999 day`,
    )
    expect(point('Soon gone')).toBe('Claude Code is set to keep its logs for 99,999 days; none goes soon.')
  })

  test('are the same whenever the report of a finished week is made', async () => {
    const late = await renderTrust(dueFiles, '2027-01-01T00:00:00Z')
    expect(late.point('Soon gone')).toBe((await renderTrust(dueFiles)).point('Soon gone'))
  })
})

describe('what an agent counts itself', () => {
  const ownTotals = (until: string) => `insert into marts.agent_totals
    select 'claude-code', '~', null, measure, 'm', amount, date '2026-02-02', date '${until}' from (
      select unnest(['input_tokens', 'output_tokens', 'cache_read_tokens', 'cache_write_tokens']) as measure,
        unnest([3 * sum(input_tokens), 2 * sum(output_tokens), 3 * sum(cache_read_tokens),
          3 * sum(cache_write_tokens)])::bigint as amount from marts.llm_calls);
    insert into marts.agent_totals select 'claude-code', '~', null, 'session_count', null, 50, date '2026-02-02', date '${until}';
    insert into marts.agent_totals
    select 'claude-code', '~', local_date, 'session_count', null, count(*) + 1, date '2026-02-02', date '${until}'
    from marts.sessions where not is_subagent group by local_date`

  test('is explained by repeated lines, to the token where that is all', async () => {
    const { point, row, json } = await renderTrust(ownTotals('2026-02-28'))
    expect(point('Compared')).toMatch(
      /^Claude Code keeps totals of its own up to 28 February 2026\. They come to [\d.]+ M tokens, ours for the same days to [\d.]+ M; lines that repeat hold [\d.]+ M\. That explains the difference to the token\. Known reasons for differences: /,
    )
    const all = json.rows.agent_totals.find(
      (part: { span: string; measure: string }) => part.span === 'all' && part.measure === 'session_count',
    )
    expect(all).toMatchObject({ their_amount: 50, our_amount: 44, repeated_amount: null })
    expect(row('Sessions begun')).toMatch(/^\| Sessions begun \| \d+ \| \d+ \| \+7 \| – \| – \|$/)
  })

  test('is compared on the days it covers only', async () => {
    const { json } = await renderTrust(ownTotals('2026-02-10'))
    const inWeek = json.rows.agent_totals.find(
      (part: { span: string; measure: string }) => part.span === 'period' && part.measure === 'session_count',
    )
    expect(inWeek).toMatchObject({ first_date: '2026-02-09', last_date: '2026-02-10' })
    expect(inWeek.their_amount - inWeek.our_amount).toBe(2)
  })

  test('says so where it ends before the week, and is not compared with it', async () => {
    const { point, html } = await renderTrust(ownTotals('2026-02-05'))
    expect(point('Compared')).toContain('totals of its own up to 5 February 2026, before this week.')
    expect(html).not.toContain('own count and ours, this week')
    expect(html).toContain('own count and ours, in all')
  })

  test('is not spoken of where it keeps nothing', async () => {
    expect((await renderTrust()).point('Compared')).toBeUndefined()
  })
})

describe('days without logs', () => {
  const history = (rows: string) => `insert into marts.activity_floor
    select 'claude-code', local_date, 'p' || n, prompt_count, 1, prompt_count, has_logs
    from (values ${rows}) as h (local_date, n, prompt_count, has_logs)`

  test('that the agent’s own history knows are told with their prompts, and those of the week apart', async () => {
    const { point } = await renderTrust(
      history(`(date '2026-01-05', 1, 4, false), (date '2026-01-05', 2, 1, false), (date '2026-02-11', 1, 3, false),
        (date '2026-02-12', 1, 9, true), (date '2026-02-20', 1, 9, false)`),
    )
    expect(point('Without logs')).toBe(
      'Claude Code’s own history of prompts knows of 2 days without logs (from 5 January 2026 to 11 February 2026), with at least 8 prompts. In this week: 1 day, at least 3 prompts. No other figure here has them.',
    )
  })

  test('are one line also where it is a single day, of long ago', async () => {
    const { point } = await renderTrust(history(`(date '2026-01-05', 1, 1, false)`))
    expect(point('Without logs')).toBe(
      'Claude Code’s own history of prompts knows of 1 day without logs (5 January 2026), with at least 1 prompt. No other figure here has them.',
    )
  })

  test('are not spoken of where there are none', async () => {
    expect((await renderTrust()).point('Without logs')).toBeUndefined()
    expect(
      (await renderTrust(history(`(date '2026-02-12', 1, 9, true)`))).point('Without logs'),
    ).toBeUndefined()
  })
})

describe('facets', () => {
  test('say how many sessions of the period were judged, by whom, and how much of it the logs bear out', async () => {
    const { point } = await renderTrust()
    expect(point('Judged')).toBe(
      '18 of 21 eligible sessions have facets (not eligible: 5 sub-agents). Judged by rules (18). Of 144 grounds given, the logs bear out 88 %.',
    )
  })

  test('name where rules stood in and why', async () => {
    const { point } = await renderTrust(`update marts.facet_coverage
      set asked_extractor = 'anthropic', is_stand_in = true, stand_in_reason = if(session_id < 'session-030', 'refused', 'over_budget')
      where has_facets and session_id > 'session-027'`)
    expect(point('Judged')).toMatch(
      /Rules stood in for anthropic in \d+ sessions \(\d+ over budget, \d+ refused\)\./,
    )
  })
})
