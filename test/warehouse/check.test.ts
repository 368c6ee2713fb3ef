import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CheckError } from '../../pipeline/errors.js'
import { checkModel, runChecks } from '../../pipeline/warehouse/check.js'
import { type Database, openDatabase } from '../../pipeline/warehouse/db.js'
import { readModel } from '../../pipeline/warehouse/models.js'
import { createWorkspace } from '../support/workspace.js'

let db: Database

beforeAll(async () => {
  db = await openDatabase(':memory:')
  await db.run('create schema marts; create schema staging')
})
afterAll(() => db.close())

async function checkOf(select: string, header = 'a, b', layer: 'marts' | 'staging' = 'marts') {
  const columns = layer === 'marts' ? '-- columns:\n--   a  one\n--   b  two\n' : ''
  const model = readModel(layer, 'things', `-- Things.\n-- grain: ${header}\n${columns}${select}`)
  await db.run(`create or replace ${layer === 'marts' ? 'table' : 'view'} ${model.name} as ${select}`)
  return checkModel(db, model)
}

describe('a built model', () => {
  it('that keeps its promises has this many rows', async () => {
    expect(await checkOf('select * from (values (1, 1), (1, 2), (2, 1)) as t (a, b)')).toBe(3)
    expect(await checkOf('select 1 as a, 2 as b limit 0')).toBe(0)
    expect(await checkOf('select 1 as a, 1 as b from range(4)', 'none')).toBe(4)
  })

  it.each([
    [
      'twice',
      'select * from (values (1, 1), (1, 1), (2, 1)) as t (a, b)',
      'a, b',
      '1 rows, such as 3 rows, 2 keys',
    ],
    [
      'as null',
      'select * from (values (null, 1), (2, 1)) as t (a, b)',
      'a',
      '1 rows, such as 2 rows, 1 keys',
    ],
  ])('that has a key %s fails its grain', async (_, select, grain, found) => {
    await expect(checkOf(select, grain)).rejects.toThrow(
      new CheckError([
        {
          check: `marts.things has one row per ${grain}`,
          rowCount: Number(found[0]),
          sample: found.split('such as ')[1] ?? '',
        },
      ]),
    )
  })

  it('is told apart from its header by name, both ways', async () => {
    await expect(checkOf('select 1 as a, 2 as c, 3 as d')).rejects.toThrow(
      'marts.things: header and result differ; missing from the result: b; not in the header: c, d',
    )
  })

  it('of staging need not name its columns', async () => {
    expect(await checkOf('select 1 as anything', 'none', 'staging')).toBeNull()
  })
})

describe('the checks of sql/checks', () => {
  const tables = `
    create or replace table marts.llm_calls (llm_call_id varchar, session_id varchar, model varchar, called_at timestamp,
      input_tokens bigint, output_tokens bigint, cache_read_tokens bigint, cache_write_tokens bigint,
      cache_write_5m_tokens bigint, cache_write_1h_tokens bigint, cost_usd decimal(18, 6), speed varchar, inference_geo varchar,
      speed_multiplier decimal(9, 3), region_multiplier decimal(9, 3));
    create or replace table marts.files (path varchar, line_count bigint, loaded_line_count bigint,
      blank_line_count bigint, rejected_line_count bigint);
    create or replace table marts.periods (period_kind varchar, period varchar, starts_at timestamp, ends_at timestamp,
      frozen_cost_usd decimal(24, 12));
    create or replace table marts.restatements (period_kind varchar, period varchar, reason varchar,
      cost_change_usd decimal(24, 12));
    create or replace table marts.period_metrics (period varchar, active_seconds bigint, active_union_seconds bigint);
    create or replace table marts.session_days (llm_call_count bigint, total_tokens bigint, cost_usd decimal(18, 6),
      session_id varchar default 's', local_date date default date '2026-02-09');
    create or replace table marts.friction_spans (session_id varchar, local_date date, llm_call_count bigint,
      total_tokens bigint, cost_usd decimal(18, 6));
    create or replace table marts.session_facets (session_id varchar);
    create or replace table marts.sessions (session_id varchar, is_subagent boolean, cost_usd decimal(18, 6))`
  const call =
    "insert into marts.llm_calls values ('c', 's', 'm', timestamp '2026-02-09', 1, 1, 0, 0, 0, 0, 0.5, null, null, 1, 1)"
  const frozen = (costUsd: string) =>
    `insert into marts.periods values ('weekly', '2026-W07', timestamp '2026-02-09', timestamp '2026-02-16', ${costUsd})`
  const restated = "insert into marts.restatements values ('weekly', '2026-W07', 'late_session', 0.2)"
  const day = 'insert into marts.session_days (llm_call_count, total_tokens, cost_usd) values (1, 2, 0.5)'

  async function resultOf(...changes: string[]): Promise<string[]> {
    const { ctx, events } = createWorkspace()
    for (const sql of [tables, call, day, ...changes]) await db.run(sql)
    try {
      await runChecks(ctx, db)
    } catch (error) {
      if (!(error instanceof CheckError)) throw error
      return error.failures.map(({ check, rowCount }) => `fail ${check} ${rowCount}`)
    }
    return events.map(({ action, subject, rows }) => `${action} ${subject} ${rows}`)
  }

  it('find nothing wrong where nothing is', async () => {
    expect(await resultOf()).toEqual([])
  })

  it.each([
    ["insert into marts.files values ('a.jsonl', 3, 1, 1, 0)", 'fail files__lines_add_up 1'],
    [
      'update marts.llm_calls set output_tokens = -1, input_tokens = 3',
      'fail llm_calls__tokens_are_not_negative 1',
    ],
    [
      "insert into marts.period_metrics values ('2026-W07', 10, 11)",
      'fail period_metrics__union_is_within_sum 1',
    ],
    ['update marts.session_days set llm_call_count = 2', 'fail session_days__tokens_equal_llm_calls 1'],
    ['update marts.session_days set total_tokens = 3', 'fail session_days__tokens_equal_llm_calls 1'],
    ['update marts.session_days set cost_usd = 0.500001', 'fail session_days__tokens_equal_llm_calls 1'],
    ['delete from marts.session_days', 'fail session_days__tokens_equal_llm_calls 1'],
    [
      "insert into marts.friction_spans values ('s', date '2026-02-09', 1, 2, 0.4), ('s', date '2026-02-09', 1, 2, 0.4)",
      'fail friction_spans__cost_is_within_the_days 1',
    ],
    ["insert into marts.session_facets values ('nobody')", 'fail session_facets__belong_to_sessions 1'],
    ["insert into marts.sessions values ('s', false, -0.01)", 'fail sessions__cost_is_not_negative 1'],
    [
      "insert into marts.llm_calls values ('d', 's', 'm', null, 1, 1, 0, 0, 0, 0, 0, null, null, 1, 1)",
      'warn llm_calls__have_a_time 1',
    ],
    [
      "update marts.llm_calls set speed = 'fast', speed_multiplier = null",
      'warn llm_calls__multipliers_are_known 1',
    ],
    [
      "update marts.llm_calls set inference_geo = 'moon', region_multiplier = null",
      'warn llm_calls__multipliers_are_known 1',
    ],
  ])('after %s say: %s', async (change, expected) => {
    expect(await resultOf(change)).toEqual([expected])
  })

  it('let a frozen period differ by its restatements, to the last digit and no further', async () => {
    expect(await resultOf(frozen('0.5'))).toEqual([])
    expect(await resultOf(frozen('0.3'), restated)).toEqual([])
    const unexplained = ['fail restatements__explain_the_difference 1']
    expect(await resultOf(frozen('0.3'))).toEqual(unexplained)
    expect(await resultOf(frozen('0.300000000001'), restated)).toEqual(unexplained)
    expect(await resultOf(frozen('null'))).toEqual(unexplained)
  })

  it('warn of a model without a price, and do not fail', async () => {
    const unpriced =
      'update marts.llm_calls set cost_usd = null; update marts.session_days set cost_usd = null'
    expect(await resultOf(unpriced)).toEqual(['warn llm_calls__are_priced 1'])
  })

  it('name all that failed, and not the first only', async () => {
    const lines = "insert into marts.files values ('a.jsonl', 3, 1, 1, 0)"
    const sessions = "insert into marts.sessions values ('s', false, -1), ('t', false, -2)"
    expect(await resultOf(lines, sessions)).toEqual([
      'fail files__lines_add_up 1',
      'fail sessions__cost_is_not_negative 2',
    ])
  })
})
