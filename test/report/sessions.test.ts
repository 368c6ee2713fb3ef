import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { generateLogs } from '../../pipeline/demo/generate.js'
import { parsePeriod } from '../../pipeline/period.js'
import { readReportData } from '../../pipeline/report/data.js'
import { realReportEffects, renderReport } from '../../pipeline/report/render.js'
import { readConversations } from '../../pipeline/report/sessions/conversation.js'
import { safeJson } from '../../pipeline/report/sessions/finder.js'
import { judgementsOf } from '../../pipeline/report/sessions/judgements.js'
import type { SessionDetailRow } from '../../pipeline/report/sessions/session-rows.js'
import { readMarks, shortenTimeline, writeMarks } from '../../pipeline/report/sessions/timeline.js'
import { runFacets, runReport, runSync } from '../../pipeline/run.js'
import type { Transcript, TranscriptMessage } from '../../pipeline/transcript.js'
import { sampleContext } from '../support/report-config.js'
import { buildSampleWarehouse } from '../support/sample-warehouse.js'
import { createWorkspace } from '../support/workspace.js'

const week = parsePeriod('weekly', '2026-W07', 'monday')

describe('a timeline', () => {
  const timeline = '57P5AAR!B~30E!I'

  test('is read as marks with the seconds between them, and written as it was', () => {
    const marks = readMarks(timeline)
    expect(marks.map(({ letter }) => letter).join('')).toBe('PAARBEI')
    expect(marks[0]).toEqual({ gapSeconds: 57, letter: 'P', isSubagent: false, isError: false })
    expect(marks[4]).toEqual({ gapSeconds: 0, letter: 'B', isSubagent: true, isError: false })
    expect(marks[5]).toEqual({ gapSeconds: 30, letter: 'E', isSubagent: false, isError: true })
    expect(writeMarks(marks)).toBe(timeline)
  })

  test('that is short enough stays as it is', () => {
    expect(shortenTimeline(timeline, 100)).toEqual({ timeline, leftCount: 0 })
  })

  test('that is long loses replies, then calls that went well, and neither time nor what matters', () => {
    const long = `P${'2A3R1B'.repeat(400)}4E!10I${'1A1B'.repeat(300)}P`
    const { timeline: short, leftCount } = shortenTimeline(long, 1000)
    const seconds = (text: string) => readMarks(text).reduce((sum, { gapSeconds }) => sum + gapSeconds, 0)
    const kept = readMarks(short)
    expect(short.length).toBeLessThanOrEqual(1000)
    expect(seconds(short)).toBe(seconds(long))
    expect(kept.length + leftCount).toBe(readMarks(long).length)
    expect(kept.filter(({ letter }) => letter === 'A')).toEqual([])
    expect(kept.filter(({ letter, isError }) => 'PI'.includes(letter) || isError)).toHaveLength(4)
    expect(kept.filter(({ letter }) => letter === 'R').length).toBeGreaterThan(10)
  })
})

test('JSON for the page can neither end its element nor begin a comment, and reads back the same', () => {
  const hostile = ['</script><script>alert(1)</script>', '<!-- <script>', '\u2028 & \u2029', '{{template}}']
  const json = safeJson(hostile)
  expect(json).not.toMatch(/[<>&\u2028\u2029]/)
  expect(JSON.parse(json)).toEqual(hostile)
})

test('evidence of one value is one ground: first quote, every message, and whether all of it was found', () => {
  const evidence = [
    { field: 'friction_counts', value: 'buggy_code', ordinals: [7, 3], quote: null, is_verified: true },
    { field: 'friction_counts', value: 'buggy_code', ordinals: [9], quote: 'it broke', is_verified: false },
    { field: 'friction_counts', value: 'wrong_approach', ordinals: [4], quote: 'no', is_verified: true },
    { field: 'outcome', ordinals: [12], quote: 'done', is_verified: true },
  ]
  const unknown = {
    goal_categories: null,
    user_satisfaction_counts: null,
    skills_used: null,
    skills_missed: null,
  }
  const row = {
    ...unknown,
    extractor: 'rules',
    friction_counts: '{"wrong_approach":1,"buggy_code":2}',
    evidence: JSON.stringify(evidence),
  } as SessionDetailRow
  expect(judgementsOf('mostly achieved', row)).toEqual([
    {
      label: 'How far it came',
      value: 'mostly achieved',
      grounds: [{ value: '', quote: 'done', where: 'message 12', isVerified: true }],
    },
    {
      label: 'Friction',
      value: 'buggy code ×2 and wrong approach',
      grounds: [
        {
          value: 'buggy code',
          quote: 'it broke',
          where: 'messages 3, 7, 9; not found in the log',
          isVerified: false,
        },
        { value: 'wrong approach', quote: 'no', where: 'message 4', isVerified: true },
      ],
    },
  ])
})

describe('the turns of a session', () => {
  test('are a prompt up to the next, with what was called in each, its sub-agents’ calls included', async () => {
    const { config, now } = sampleContext()
    await buildSampleWarehouse(config.paths.warehouse, { extraSql: knownSession })
    const { rows } = await readReportData(config, week, now())
    const turns = rows.session_turns.filter((row) => row.session_id === 'session-024')
    expect(turns.map((row) => [row.turn_number, row.timeline, row.pause_seconds])).toEqual([
      [0, 'K', null],
      [1, '60P2AB3R~4B!', 60],
      [2, '3591P5I', 3591],
    ])
    const [, first, second] = turns
    expect([first?.shell_count, first?.read_count, first?.subagent_call_count, first?.error_count]).toEqual([
      2, 1, 1, 1,
    ])
    expect([second?.shell_count, second?.interruption_count]).toEqual([0, 1])
  })

  test('hold every tool call and prompt that the list counts', async () => {
    const { config, now } = sampleContext()
    await buildSampleWarehouse(config.paths.warehouse)
    const { rows } = await readReportData(config, week, now())
    const letters = (pattern: RegExp) =>
      rows.session_turns.reduce((sum, { timeline }) => sum + (timeline.match(pattern)?.length ?? 0), 0)
    const [current] = rows.headlines
    expect(current?.tool_call_count).toBeGreaterThan(100)
    expect(letters(/[RESBWDMO]/g)).toBe(current?.tool_call_count)
    expect(letters(/P/g)).toBe(current?.prompt_count)
    const byTool = rows.session_tools.reduce((sum, row) => sum + row.call_count, 0)
    expect(byTool).toBe(current?.tool_call_count)
  })
})

/** One session with a command, two prompts, and calls of its own and of its sub-agent, each at a known second. */
const knownSession = `
  delete from marts.prompts where session_id = 'session-024';
  delete from marts.tool_calls where session_id like 'session-024%';
  insert into marts.events by name select 'session-024' as session_id, col0 as event_number, col1 as kind,
    timestamp '2026-02-09 10:00:00' + col2 * interval '1 second' as happened_at, false as is_abandoned,
    date '2026-02-09' as local_date, 'e' || col0 as reference
    from (values (1, 'command', 0), (2, 'assistant', 62), (3, 'tool_result', 64), (4, 'interruption', 3665));
  insert into marts.prompts by name select 'p' || col0 as prompt_id, 'session-024' as session_id,
    timestamp '2026-02-09 10:00:00' + col0 * interval '1 second' as prompted_at, false as is_abandoned,
    date '2026-02-09' as local_date from (values (60), (3660));
  insert into marts.tool_calls by name select 't' || col2 as tool_call_id, col0 as session_id, 'claude-code' as source,
    'Tool' as tool_name, col1 as tool_kind, col3 as is_error, col0 like '%/%' as is_subagent,
    timestamp '2026-02-09 10:00:00' + col2 * interval '1 second' as called_at, date '2026-02-09' as local_date
    from (values ('session-024', 'shell', 62, false), ('session-024/a1', 'read', 65, false),
      ('session-024', 'shell', 69, true));`

const message = (ordinal: number, text: string, role: TranscriptMessage['role'] = 'human') => ({
  ordinal,
  role,
  text,
  at: `2026-02-09T10:00:${String(ordinal % 60).padStart(2, '0')}.000Z`,
  toolCalls: [],
})
const transcriptOf = (messages: readonly TranscriptMessage[]): Transcript => ({
  sessionId: 's',
  title: null,
  messages,
})
const bounds = { starts_at: '2026-02-09T00:00:00.000Z', ends_at: '2026-02-16T00:00:00.000Z' }
const wordy = () => {
  const { config } = sampleContext()
  return { ...config, privacy: { ...config.privacy, content: 'transcripts' as const } }
}

describe('the words of a session', () => {
  test('are asked for only where the settings allow them', async () => {
    const ask = async () => {
      throw new Error('nobody may ask')
    }
    for (const content of ['none', 'summaries'] as const) {
      const config = { ...wordy(), privacy: { ...wordy().privacy, content } }
      expect((await readConversations(['s'], config, bounds, ask)).size).toBe(0)
    }
  })

  test('are cleared of secrets and homes, even where a cut would halve a secret', async () => {
    const token = `ghp_${'a1B2c3D4e5'.repeat(4)}`
    const all = [
      message(1, `use\t${token} in /home/sam/work`),
      message(2, `${'word '.repeat(2398)}${token}`),
      { ...message(3, 'later'), at: '2026-02-20T10:00:00.000Z' },
    ]
    const found = await readConversations(['s'], wordy(), bounds, async () => transcriptOf(all))
    const texts = found.get('s')?.messages.map(({ text }) => text) ?? []
    expect(texts).toHaveLength(2)
    expect(texts.join()).not.toMatch(/ghp_|\/home\/sam/)
    expect(texts[0]).toMatch(/^use .+ in ~\/work$/)
    expect(texts[1]).toHaveLength(800)
  })

  test('keep to their budget and say what is left out', async () => {
    const all = Array.from({ length: 100 }, (_, i) => message(i + 1, 'x y '.repeat(500)))
    const found = await readConversations(['s'], wordy(), bounds, async () => transcriptOf(all))
    const { messages = [], note = '' } = found.get('s') ?? {}
    expect(messages).toHaveLength(15)
    expect(note).toContain('The last 85 messages are left out. Long messages are shortened.')
  })

  test('render inert and legible, whatever is in them', async () => {
    const ctx = sampleContext({ privacy: wordy().privacy })
    await buildSampleWarehouse(ctx.config.paths.warehouse)
    const hostile = '</script><img src=x onerror=alert(1)>{{constructor}}\u202egnp.exe\u200b'
    const readTranscript = async () => transcriptOf([message(1, hostile)])
    const report = await renderReport(ctx, week, { ...realReportEffects, readTranscript })
    const html = readFileSync(report.indexHtml, 'utf8')
    expect(html).toContain(
      '&lt;/script&gt;&lt;img src&#x3D;x onerror&#x3D;alert(1)&gt;{{constructor}}gnp.exe',
    )
    expect(html).not.toMatch(/<img|\u202e|\u200b/)
    expect(readFileSync(join(report.folder, 'report.json'), 'utf8')).not.toContain('gnp.exe')
  })
})

test('a week of two hundred sessions stays below 1.5 MB, with a page and a replay for each', async () => {
  const { ctx, home } = createWorkspace({ now: '2026-02-18T12:00:00Z' })
  await generateLogs({
    folder: home,
    seed: 7,
    weeks: ['2026-W07'],
    sessionsPerWeek: 200,
    textScale: 0.05,
    noise: 0.1,
    delegationShare: 0.5,
  })
  await runSync(ctx)
  await runFacets(ctx, {})
  const { reports } = await runReport(ctx, { kind: 'weekly', label: '2026-W07', isAll: false })
  const html = readFileSync(reports[0]!.indexHtml, 'utf8')
  expect(html.match(/<article class="session"/g)).toHaveLength(200)
  expect(html.match(/<table class="turns">/g)).toHaveLength(200)
  expect(Buffer.byteLength(html)).toBeLessThan(1_500_000)
}, 120_000)
