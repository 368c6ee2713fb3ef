import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AlertKind, Finding } from '../../pipeline/alerts/alert.js'
import {
  createMomentTable,
  findFailedRuns,
  findInWarehouse,
  measuredKinds,
} from '../../pipeline/alerts/findings.js'
import { raiseAlerts } from '../../pipeline/alerts/raise.js'
import { sentenceOf } from '../../pipeline/alerts/words.js'
import { runSync } from '../../pipeline/run.js'
import { openLedger } from '../../pipeline/warehouse/ledger.js'
import { tablesRead } from '../../pipeline/warehouse/order.js'
import { readSql } from '../../pipeline/warehouse/read-sql.js'
import { sqlNames } from '../conventions/sql-files.js'
import { buildEmptyWarehouse, type EmptyWarehouse } from '../models/empty-warehouse.js'
import { createWorkspace } from '../support/workspace.js'

/** Thursday noon of 2026-W09; more than half of the week is over, and of February all but three days. */
const now = '2026-02-26T12:00:00Z'
let warehouse: EmptyWarehouse
beforeAll(async () => {
  warehouse = await buildEmptyWarehouse()
})
afterAll(() => warehouse?.db.close())

interface Row {
  readonly [column: string]: string | number | boolean | null
}
type Tables = Readonly<Record<string, readonly Row[]>>

async function found(
  kind: AlertKind,
  tables: Tables,
  budget: { week_usd: number | null; month_usd: number | null } = { week_usd: null, month_usd: null },
): Promise<Record<string, unknown>[]> {
  const { db } = warehouse
  const workspace = createWorkspace({ now, change: (config) => ({ ...config, budget }) })
  await db.run('begin')
  try {
    await createMomentTable(db, workspace.ctx.config, workspace.ctx.now())
    for (const [table, rows] of Object.entries(tables))
      for (const row of rows) {
        const names = Object.keys(row)
        const places = names.map((_, i) => `$${i + 1}`).join(', ')
        await db.run(
          `insert into marts.${table} (${names.join(', ')}) values (${places})`,
          Object.values(row),
        )
      }
    return await db.rows(readSql('alerts', kind))
  } finally {
    await db.run('rollback')
  }
}

const day = (date: string, cost_usd: number, source = 'claude-code'): Row => ({
  session_id: `${source} ${date}`,
  local_date: date,
  source,
  cost_usd,
})
const february = (first: number, last: number, cost: number, source?: string) =>
  Array.from({ length: last - first + 1 }, (_, i) =>
    day(`2026-02-${String(first + i).padStart(2, '0')}`, cost, source),
  )
const says = (kind: AlertKind, [row]: Record<string, unknown>[]) => {
  const { cause, session_id, ...figures } = row!
  return sentenceOf({ kind, cause, sessionId: session_id ?? null, figures } as Finding)
}

describe('a spike in cost', () => {
  test('is a day of three times the median of at least five days, and five dollars more', async () => {
    const rows = await found('cost_spike', { session_days: [...february(16, 20, 4), day('2026-02-26', 17)] })
    expect(rows).toEqual([{ cause: '2026-02-26', cost_usd: 17, usual_usd: 4, usual_day_count: 5 }])
    expect(says('cost_spike', rows)).toBe(
      'Thursday 26 February has cost $17.00, 4.3 times the usual (median of 5 days: $4.00).',
    )
  })

  test('is none after fewer days, below three times, for a few dollars, or long ago', async () => {
    const spike = day('2026-02-26', 17)
    expect(await found('cost_spike', { session_days: [...february(17, 20, 4), spike] })).toEqual([])
    expect(await found('cost_spike', { session_days: [...february(16, 20, 6), spike] })).toEqual([])
    expect(
      await found('cost_spike', { session_days: [...february(16, 20, 0.5), day('2026-02-26', 5)] }),
    ).toEqual([])
    expect(
      await found('cost_spike', { session_days: [...february(16, 20, 4), day('2026-02-24', 17)] }),
    ).toEqual([])
  })
})

test('a spike in friction is measured in dollars, on days with sessions', async () => {
  const span = (local_date: string, cost_usd: number, span_number: number): Row => ({
    session_id: 's',
    span_number,
    local_date,
    cost_usd,
  })
  const session_days = [...february(16, 21, 10), day('2026-02-25', 10)]
  const friction_spans = [
    span('2026-02-17', 1, 1),
    span('2026-02-18', 1, 2),
    span('2026-02-19', 1, 3),
    span('2026-02-20', 1, 4),
    span('2026-02-25', 2, 5),
    span('2026-02-25', 3, 6),
  ]
  const rows = await found('friction_spike', { session_days, friction_spans })
  expect(rows).toEqual([
    { cause: '2026-02-25', friction_usd: 5, usual_usd: 1, usual_day_count: 6, span_count: 2 },
  ])
  expect(says('friction_spike', rows)).toContain('$5.00 went to 2 moments of friction, 5.0 times the usual')
  expect(await found('friction_spike', { session_days, friction_spans: friction_spans.slice(0, 5) })).toEqual(
    [],
  )
})

describe('a budget', () => {
  const spent = { session_days: [day('2026-02-24', 60)] }

  test('is passed once more is spent', async () => {
    const rows = await found('budget', spent, { week_usd: 50, month_usd: 500 })
    expect(rows).toMatchObject([{ cause: '2026-W09/passed', is_passed: true, cost_usd: 60, budget_usd: 50 }])
    expect(says('budget', rows)).toBe('The budget of $50.00 for 2026-W09 is passed: $60.00 so far.')
  })

  test('is about to be passed where the pace so far leads beyond it', async () => {
    const rows = await found('budget', spent, { week_usd: 100, month_usd: null })
    expect(rows).toMatchObject([{ cause: '2026-W09/near', is_passed: false, expected_usd: 120 }])
    expect(says('budget', rows)).toContain('At this pace 2026-W09 comes to $120.00')
  })

  test('is not spoken of where the pace holds, or where there is none', async () => {
    expect(await found('budget', spent, { week_usd: 121, month_usd: 70 })).toEqual([])
    expect(await found('budget', spent)).toEqual([])
  })
})

test('a context is nearly full at nine tenths of what its model reads, in a session at work', async () => {
  const call = (session_id: string, context_tokens: number, called_at: string, row: Row = {}): Row => ({
    llm_call_id: `${session_id} ${called_at}`,
    session_id,
    context_tokens,
    called_at,
    model: 'claude-opus-4-5-20251101',
    is_subagent: false,
    ...row,
  })
  const sessions = ['full', 'fresh', 'past', 'large', 'other', 'compacted'].map((session_id) => ({
    session_id,
    source: 'claude-code',
    is_extraction: false,
  }))
  const rows = await found('context_full', {
    sessions,
    llm_calls: [
      call('full', 190_000, '2026-02-26 11:50:00'),
      call('fresh', 20_000, '2026-02-26 11:50:00'),
      call('past', 190_000, '2026-02-26 10:50:00'),
      call('large', 400_000, '2026-02-26 11:50:00'),
      call('other', 190_000, '2026-02-26 11:50:00', { model: 'gpt-5' }),
      call('compacted', 195_000, '2026-02-26 11:50:00'),
      call('compacted', 30_000, '2026-02-26 11:55:00'),
    ],
  })
  expect(rows).toMatchObject([{ cause: 'full', session_id: 'full', window_tokens: 200_000 }])
  expect(says('context_full', rows)).toContain('its last call sent 190k of 200k tokens')
})

test('logs are about to be deleted three days before they go, those of sub-agents not told', async () => {
  const log = (file_id: number, deletes_at: string | null, row: Row = {}): Row => ({
    file_id,
    source: 'claude-code',
    file_kind: 'main',
    kept_days: 30,
    deletes_at,
    is_gone: false,
    ...row,
  })
  const rows = await found('expiring_logs', {
    files: [
      log(1, '2026-02-28 09:00:00'),
      log(2, '2026-02-27 09:00:00'),
      log(3, '2026-03-08 09:00:00'),
      log(4, null),
      log(5, '2026-02-27 09:00:00', { is_gone: true }),
      log(6, '2026-02-27 09:00:00', { file_kind: 'subagent' }),
    ],
  })
  expect(rows).toEqual([
    {
      cause: 'claude-code/2026-W09',
      source: 'claude-code',
      log_count: 2,
      kept_days: 30,
      next_deletes_on: '2026-02-27',
    },
  ])
})

test('a source has stopped after three steady weeks and one of silence, while another went on', async () => {
  const steady = [...february(1, 17, 1, 'codex')]
  const others = february(20, 26, 1)
  const rows = await found('stopped_source', { session_days: [...steady, ...others] })
  expect(rows).toEqual([{ cause: 'codex/2026-02-17', source: 'codex', silent_days: 9, unread_count: 0 }])
  expect(says('stopped_source', rows)).toMatch(/^Nothing from codex for 9 days, .* shows where/)
  expect(await found('stopped_source', { session_days: steady })).toEqual([])
  expect(
    await found('stopped_source', { session_days: [...february(16, 17, 1, 'codex'), ...others] }),
  ).toEqual([])
  const files = [{ file_id: 1, source: 'codex', read_error: 'EACCES' }]
  expect(await found('stopped_source', { session_days: steady, files })).toMatchObject([{ unread_count: 1 }])
})

test('every kind has its query, which reads marts alone', async () => {
  expect(sqlNames('alerts')).toEqual([...measuredKinds].sort())
  for (const kind of measuredKinds) {
    const [read] = await tablesRead(warehouse.db, [readSql('alerts', kind)])
    expect(
      read!.filter((table) => !table.startsWith('marts.')),
      kind,
    ).toEqual([])
  }
})

describe('what is found', () => {
  const spike: Finding = {
    kind: 'cost_spike',
    cause: '2026-02-26',
    sessionId: null,
    figures: { cost_usd: 17, usual_usd: 4, usual_day_count: 5 },
  }
  const full: Finding = {
    kind: 'context_full',
    cause: 's1',
    sessionId: 's1',
    figures: { source: 'claude-code', context_tokens: 190_000, window_tokens: 200_000, model: 'claude-a' },
  }

  test('is told once: a spike never again, a full context again on the next day', async () => {
    const { ctx, events } = createWorkspace({ now })
    const ledger = await openLedger(ctx.config.paths.ledger)
    const at = (instant: string) => ({ ...ctx, now: () => new Date(instant) })
    const kinds = async (instant: string) =>
      (await raiseAlerts(at(instant), ledger, [spike, full])).map(({ alertId }) => alertId)
    expect(await kinds(now)).toEqual(['cost_spike/2026-02-26/2026-02-26', 'context_full/s1/2026-02-26'])
    expect(await kinds('2026-02-26T13:00:00Z')).toEqual([])
    expect(await kinds('2026-02-27T08:00:00Z')).toEqual(['context_full/s1/2026-02-27'])
    expect(events.filter(({ step }) => step === 'alerts')).toHaveLength(3)
    ledger.close()
  })

  test('of runs is the last one of each command, where it did not end well', async () => {
    const { ctx } = createWorkspace({ now })
    const ledger = await openLedger(ctx.config.paths.ledger)
    await ledger.run(`insert into state.runs (run_id, command, started_at, ended_at, exit_code) values
      ('a', 'sync', timestamp '2026-02-26 09:00:00', timestamp '2026-02-26 09:00:01', 2),
      ('b', 'sync', timestamp '2026-02-26 10:00:00', timestamp '2026-02-26 10:00:01', 0),
      ('c', 'run weekly', timestamp '2026-02-26 10:00:00', timestamp '2026-02-26 10:00:01', 4),
      ('d', 'snapshot', timestamp '2026-02-26 10:00:00', null, null),
      ('e', 'query', timestamp '2026-02-26 10:00:00', timestamp '2026-02-26 10:00:01', 2)`)
    const findings = await findFailedRuns(ledger, 'other')
    expect(findings.map(({ cause }) => cause)).toEqual(['run weekly/4', 'snapshot/cut off'])
    expect(sentenceOf(findings[0]!)).toBe(
      'The last run of `run weekly` failed a check, so nothing was published. See `debrief runs show c`.',
    )
    ledger.close()
  })

  test('in a warehouse without sessions is nothing', async () => {
    const { ctx } = createWorkspace({ now })
    await runSync(ctx)
    expect(await findInWarehouse(ctx.config, ctx.now())).toEqual([])
  })
})
