import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { categoryOf, ruleNames, wordsOf } from '../../pipeline/tips/catalogue.js'
import { tablesRead } from '../../pipeline/warehouse/order.js'
import { readSql } from '../../pipeline/warehouse/read-sql.js'
import { sqlNames } from '../conventions/sql-files.js'
import { buildEmptyWarehouse, type EmptyWarehouse } from '../models/empty-warehouse.js'
import { type MartRow, measureTables, periodSql, times, type WeekTables } from './week-tables.js'

let warehouse: EmptyWarehouse
beforeAll(async () => {
  warehouse = await buildEmptyWarehouse()
  await warehouse.db.run(`create temp table period as ${periodSql}`)
})
afterAll(() => warehouse?.db.close())

const reads = (count: number, row: MartRow = {}) =>
  times(count, (i) => ({ tool_kind: 'read', tool_name: 'Read', target: `f${i}`, ...row }))
const shells = (count: number, row: MartRow = {}) =>
  times(count, () => ({ tool_kind: 'shell', tool_name: 'Bash', target: 'make', ...row }))
const edits = (count: number, row: MartRow = {}) =>
  times(count, () => ({ tool_kind: 'edit', tool_name: 'Edit', target: 'f', ...row }))
const failed = (error_kind: string): MartRow => ({ is_error: true, error_kind })
const calls = (count: number, row: MartRow) =>
  times(count, () => ({ cost_usd: 0.1, context_tokens: 20_000, cache_read_tokens: 18_000, ...row }))
const sessions = (count: number, row: MartRow, prefix = 's') =>
  times(count, (i) => ({ session_id: `${prefix}${i}`, ...row }))
const openings = (
  prefix: string,
  count: number,
  char_count: number,
  trouble: number,
  local_date: string,
) => ({
  sessions: sessions(count, { correction_count: trouble, local_date }, prefix),
  prompts: sessions(count, { char_count, local_date }, prefix),
})
const short = openings('a', 8, 40, 1, '2026-02-10')
const long = openings('b', 8, 400, 0, '2026-01-20')

/** A week in which the rule fires, with the metric and the number of sessions that it must give, and one too small. */
const cases: Record<string, { fires: WeekTables; value: number; sessionCount: number; small: WeekTables }> = {
  shell_for_search: {
    fires: { tool_calls: [...reads(40), ...shells(20, { target: 'grep' }), ...shells(9)] },
    value: 0.3333,
    sessionCount: 1,
    small: { tool_calls: [...reads(10), ...shells(20, { target: 'grep' })] },
  },
  repeated_reads: {
    fires: { tool_calls: [...reads(45), ...reads(16, { target: 'g' }), ...edits(1, { target: 'g' })] },
    value: 0.2295,
    sessionCount: 1,
    small: { tool_calls: reads(49, { target: 'g' }) },
  },
  oversized_reads: {
    fires: { tool_calls: [...reads(57), ...reads(3, failed('too_large'))] },
    value: 0.05,
    sessionCount: 1,
    small: { tool_calls: reads(29, failed('too_large')) },
  },
  mcp_failures: {
    fires: {
      tool_calls: [
        ...times(9, () => ({ tool_kind: 'mcp' })),
        ...times(3, () => ({ tool_kind: 'mcp', ...failed('other') })),
      ],
    },
    value: 0.25,
    sessionCount: 1,
    small: { tool_calls: times(9, () => ({ tool_kind: 'mcp', ...failed('other') })) },
  },
  failing_commands: {
    fires: {
      tool_calls: [
        ...shells(45),
        ...shells(5, failed('command_failed')),
        ...shells(5, { ...failed('timeout'), session_id: 's2' }),
      ],
    },
    value: 0.1818,
    sessionCount: 2,
    small: { tool_calls: shells(39, failed('command_failed')) },
  },
  stale_edits: {
    fires: { tool_calls: [...edits(45), ...edits(5, failed('edit_mismatch'))] },
    value: 0.1,
    sessionCount: 1,
    small: { tool_calls: edits(29, failed('edit_mismatch')) },
  },
  wrong_paths: {
    fires: { tool_calls: [...reads(96), ...reads(4, failed('not_found'))] },
    value: 0.04,
    sessionCount: 1,
    small: { tool_calls: reads(49, failed('not_found')) },
  },
  untested_commits: {
    fires: {
      tool_calls: [
        ...shells(1, { is_test_run: true, project: 'p', called_at: '2026-02-10 07:00:00' }),
        ...edits(1, { project: 'p' }),
        ...shells(4, { is_commit: true, project: 'p', called_at: '2026-02-10 09:00:00' }),
      ],
    },
    value: 1,
    sessionCount: 1,
    small: {
      tool_calls: [
        ...shells(1, { is_test_run: true, project: 'p', called_at: '2026-02-10 07:00:00' }),
        ...edits(1, { project: 'p' }),
        ...shells(3, { is_commit: true, project: 'p', called_at: '2026-02-10 09:00:00' }),
      ],
    },
  },
  unchanged_retries: {
    fires: {
      tool_calls: [
        ...shells(16, failed('command_failed')),
        ...shells(4, { ...failed('command_failed'), is_retry: true }),
      ],
    },
    value: 0.2,
    sessionCount: 1,
    small: { tool_calls: shells(14, { ...failed('command_failed'), is_retry: true }) },
  },
  refused_actions: {
    fires: {
      tool_calls: [
        ...reads(92),
        ...edits(5, failed('rejected')),
        ...shells(3, { ...failed('rejected'), session_id: 's2' }),
      ],
    },
    value: 0.08,
    sessionCount: 2,
    small: { tool_calls: edits(99, failed('rejected')) },
  },
  refused_plans: {
    fires: {
      tool_calls: times(6, (i) => ({ tool_name: 'ExitPlanMode', ...(i < 3 ? failed('rejected') : {}) })),
    },
    value: 0.5,
    sessionCount: 1,
    small: { tool_calls: times(4, () => ({ tool_name: 'ExitPlanMode', ...failed('rejected') })) },
  },
  interruptions: {
    fires: {
      session_days: [
        { prompt_count: 20, interruption_count: 0 },
        { session_id: 's2', prompt_count: 10, interruption_count: 3 },
      ],
    },
    value: 0.1,
    sessionCount: 1,
    small: { session_days: [{ prompt_count: 24, interruption_count: 20 }] },
  },
  corrections: {
    fires: {
      session_days: [
        { prompt_count: 30, correction_count: 1 },
        { session_id: 's2', prompt_count: 10, correction_count: 3 },
      ],
    },
    value: 0.1,
    sessionCount: 2,
    small: { session_days: [{ prompt_count: 29, correction_count: 20 }] },
  },
  short_openings: {
    fires: { sessions: [...short.sessions, ...long.sessions], prompts: [...short.prompts, ...long.prompts] },
    value: 1,
    sessionCount: 8,
    small: {
      sessions: [...short.sessions, ...long.sessions.slice(1)],
      prompts: [...short.prompts, ...long.prompts.slice(1)],
    },
  },
  large_contexts: {
    fires: {
      llm_calls: [
        ...calls(80, {}),
        ...calls(20, { cost_usd: 0.6, context_tokens: 150_000, session_id: 's2' }),
      ],
    },
    value: 0.6,
    sessionCount: 1,
    small: { llm_calls: calls(99, { context_tokens: 150_000 }) },
  },
  cache_rebuilds: {
    fires: {
      llm_calls: [
        ...calls(99, {}),
        ...calls(1, {
          cost_usd: 2,
          context_tokens: 25_000,
          cache_read_tokens: 0,
          called_at: '2026-02-10 09:00:00',
        }),
      ],
    },
    value: 0.1681,
    sessionCount: 1,
    small: {
      llm_calls: [
        ...calls(98, {}),
        ...calls(1, {
          cost_usd: 2,
          context_tokens: 25_000,
          cache_read_tokens: 0,
          called_at: '2026-02-10 09:00:00',
        }),
      ],
    },
  },
  cache_misses: {
    fires: { llm_calls: calls(100, { cache_read_tokens: 8_000 }) },
    value: 0.4,
    sessionCount: 1,
    small: { llm_calls: calls(99, { cache_read_tokens: 8_000 }) },
  },
  dear_small_sessions: {
    fires: {
      sessions: sessions(6, {
        prompt_count: 1,
        tool_call_count: 2,
        files_touched_count: 0,
        model: 'claude-dear',
        cost_usd: 0.2,
        cost_with_subagents_usd: 0.2,
      }),
      llm_calls: [
        ...calls(20, { model: 'claude-dear' }),
        ...calls(20, { model: 'claude-cheap', cost_usd: 0.02 }),
      ],
    },
    value: 1,
    sessionCount: 6,
    small: {
      sessions: sessions(4, {
        prompt_count: 1,
        tool_call_count: 2,
        files_touched_count: 0,
        model: 'claude-dear',
        cost_usd: 0.2,
      }),
      llm_calls: [
        ...calls(20, { model: 'claude-dear', session_id: 's0' }),
        ...calls(20, { model: 'claude-cheap', cost_usd: 0.02, session_id: 's0' }),
      ],
    },
  },
  unpriced_models: {
    fires: { llm_calls: [...calls(15, {}), ...calls(5, { cost_usd: null, model: 'llama' })] },
    value: 0.25,
    sessionCount: 1,
    small: { llm_calls: calls(19, { cost_usd: null }) },
  },
  research_in_main: {
    fires: {
      tool_calls: [
        ...['a', 'b', 'c', 'd'].flatMap((session_id) => reads(25, { session_id })),
        ...times(1, () => ({ tool_kind: 'delegate', is_delegation: true, session_id: 'a' })),
      ],
    },
    value: 0.75,
    sessionCount: 3,
    small: {
      tool_calls: [
        ...['b', 'c', 'd'].flatMap((session_id) => reads(25, { session_id })),
        ...times(1, () => ({ tool_kind: 'delegate', is_delegation: true, session_id: 'a' })),
      ],
    },
  },
  dear_delegation: {
    fires: {
      sessions: sessions(5, { parent_session_id: 'main', is_subagent: true, session_id: null }).map(
        (row, i) => ({ ...row, session_id: `main/${i}` }),
      ),
      llm_calls: [
        ...calls(10, { session_id: 'main' }),
        ...times(5, (i) => ({
          cost_usd: 0.6,
          context_tokens: 1,
          session_id: `main/${i}`,
          is_subagent: true,
        })),
      ],
    },
    value: 0.75,
    sessionCount: 1,
    small: {
      sessions: times(4, (i) => ({ parent_session_id: 'main', is_subagent: true, session_id: `main/${i}` })),
      llm_calls: times(4, (i) => ({
        cost_usd: 3,
        context_tokens: 1,
        session_id: `main/${i}`,
        is_subagent: true,
      })),
    },
  },
  split_sessions: {
    fires: {
      sessions: [...sessions(4, { prompt_count: 1, project: 'p' }), ...sessions(4, { project: 'p' }, 'b')],
    },
    value: 0.5,
    sessionCount: 4,
    small: { sessions: sessions(7, { prompt_count: 1, project: 'p' }) },
  },
  abandoned_sessions: {
    fires: {
      sessions: [
        ...sessions(3, { ending: 'abandoned', cost_with_subagents_usd: 1 }),
        ...sessions(5, {}, 'b'),
      ],
    },
    value: 0.375,
    sessionCount: 3,
    small: { sessions: sessions(7, { ending: 'abandoned' }) },
  },
  late_hours: {
    fires: {
      prompts: [
        ...times(30, (i) => ({ local_hour: 23, is_correction: i < 6 })),
        ...times(50, (i) => ({ session_id: 's2', is_correction: i < 2 })),
      ],
    },
    value: 0.375,
    sessionCount: 1,
    small: {
      prompts: [
        ...times(29, () => ({ local_hour: 23, is_correction: true })),
        ...times(50, () => ({ session_id: 's2' })),
      ],
    },
  },
  file_churn: {
    fires: {
      file_edits: [
        ...times(30, () => ({ path: 'f' })),
        ...times(30, (i) => ({ path: `g${i}`, session_id: 's2' })),
      ],
    },
    value: 0.5,
    sessionCount: 1,
    small: { file_edits: times(59, () => ({ path: 'f' })) },
  },
  compacted_sessions: {
    fires: {
      sessions: [
        ...sessions(2, { compaction_count: 1, cost_with_subagents_usd: 2 }),
        ...sessions(6, {}, 'b'),
      ],
    },
    value: 0.25,
    sessionCount: 2,
    small: { sessions: sessions(4, { compaction_count: 1 }) },
  },
  missed_skills: {
    fires: {
      session_facets: times(5, (i) => ({
        session_id: `s${i}`,
        skills_missed: i < 2 ? '["/compose"]' : '[]',
      })),
    },
    value: 0.4,
    sessionCount: 2,
    small: { session_facets: times(4, (i) => ({ session_id: `s${i}`, skills_missed: '["/compose"]' })) },
  },
  unknown_tools: {
    fires: {
      tool_calls: [
        ...reads(98),
        ...times(2, () => ({ ...failed('unknown_tool'), tool_name: 'Skill' })),
        ...times(2, () => ({ ...failed('unknown_tool'), tool_name: 'Skill', session_id: 's2' })),
      ],
    },
    value: 0.0392,
    sessionCount: 2,
    small: { tool_calls: times(99, (i) => ({ ...failed('unknown_tool'), session_id: `s${i}` })) },
  },
}

describe('every rule', () => {
  test('has its SQL, its words, and a case here', () => {
    expect(sqlNames('tips')).toEqual(ruleNames)
    expect(Object.keys(cases).sort()).toEqual(ruleNames)
  })

  test('says in its header what it is, from how much on, and when it fires', () => {
    const header = /^-- [A-Z].+\.\n(-- .+\n)*-- floor: .+\n-- fires: .+\n/
    expect(ruleNames.filter((rule) => !header.test(readSql('tips', rule)))).toEqual([])
  })

  test('reads marts and the one-row table period, and nothing else', async () => {
    const reads = await tablesRead(
      warehouse.db,
      ruleNames.map((rule) => readSql('tips', rule)),
    )
    for (const [i, rule] of ruleNames.entries())
      for (const table of reads[i]!) expect(table, rule).toMatch(/^marts\./)
  })

  test('gives the columns that all have, and those that its header names', async () => {
    const shared =
      'metric_name metric_value sample_count is_less_better is_firing size_share session_ids'.split(' ')
    for (const rule of ruleNames) {
      const sql = readSql('tips', rule)
      const named = [...sql.matchAll(/^-- {3}(\w+) +\S/gm)].map(([, name]) => name!)
      const described = await warehouse.db.rows<{ column_name: string }>(`describe ${sql}`)
      expect(described.map(({ column_name }) => column_name).sort(), rule).toEqual(
        [...shared, ...named].sort(),
      )
    }
  })

  test('is silent in a week without anything', async () => {
    for (const rule of ruleNames) expect(await measureTables(warehouse.db, rule, {}), rule).toBeNull()
  })
})

describe.each(Object.entries(cases))('%s', (rule, { fires, value, sessionCount, small }) => {
  test('fires on evidence, and its words hold its numbers', async () => {
    const measure = await measureTables(warehouse.db, rule, fires)
    expect(measure).toMatchObject({ isFiring: true, metricValue: value })
    expect(measure!.sessionIds).toHaveLength(sessionCount)
    expect(measure!.sizeShare).toBeGreaterThan(0)
    expect(measure!.sizeShare).toBeLessThanOrEqual(1)
    const words = wordsOf(measure!)
    expect(words.observation).toMatch(/\d/)
    for (const sentence of Object.values(words))
      expect(sentence).not.toMatch(/NaN|undefined|null|unnamed|\$\{/)
    expect(categoryOf(rule)).toMatch(/^[a-z_]+$/)
  })

  test('measures nothing below its floor, however bad it looks', async () => {
    expect(await measureTables(warehouse.db, rule, small)).toBeNull()
  })
})

describe('a rule above its floor', () => {
  test('measures without firing where all is well, so that later weeks can be compared', async () => {
    const calm = await measureTables(warehouse.db, 'refused_actions', { tool_calls: reads(120) })
    expect(calm).toMatchObject({ metricValue: 0, isFiring: false, sessionIds: [] })
  })

  test('holds a week against the four before it', async () => {
    const week = [...shells(90), ...shells(10, failed('command_failed'))]
    const before = (bad: number) =>
      [...shells(100 - bad), ...shells(bad, failed('command_failed'))].map((row) => ({
        ...row,
        local_date: '2026-01-20',
      }))
    const judge = async (bad: number) =>
      (await measureTables(warehouse.db, 'failing_commands', { tool_calls: [...week, ...before(bad)] }))!
    expect(await judge(5)).toMatchObject({ isFiring: true, numbers: { usual_command_share: 0.05 } })
    expect(await judge(40)).toMatchObject({ isFiring: false, numbers: { usual_command_share: 0.4 } })
  })

  test('names the sessions that weigh most first, twenty at most, and main sessions for sub-agents', async () => {
    const many = Array.from({ length: 25 }, (_, i) =>
      edits(i + 1, { ...failed('rejected'), session_id: `m${i}/a` }),
    ).flat()
    const measure = await measureTables(warehouse.db, 'refused_actions', {
      sessions: times(25, (i) => ({ session_id: `m${i}/a`, parent_session_id: `m${i}`, is_subagent: true })),
      tool_calls: many,
    })
    expect(measure!.sessionIds).toHaveLength(20)
    expect(measure!.sessionIds.slice(0, 2)).toEqual(['m24', 'm23'])
  })

  test('says no dollar of a saving that it cannot compute', async () => {
    const all = await measureTables(warehouse.db, 'large_contexts', {
      llm_calls: calls(100, { context_tokens: 150_000 }),
    })
    expect(all).toMatchObject({ isFiring: true, metricValue: 1 })
    expect(wordsOf(all!).expectedBenefit).not.toContain('$')
  })
})
