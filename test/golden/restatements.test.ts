// What becomes of a frozen week when its sessions, prices, parsers or settings change: whole runs, as cron starts them.
import { appendFileSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Config } from '../../pipeline/config.js'
import { runReport } from '../../pipeline/run.js'
import { type Database, openDatabase } from '../../pipeline/warehouse/db.js'
import { contextAt, differingFiles, makeScratch, runAt } from './golden-run.js'

const week = { kind: 'weekly', label: '2026-W07' } as const
const scratch = makeScratch()
const home = join(scratch.path, 'home')
let runs = 0
let out: string

beforeAll(async () => {
  writeSession(home, 's1', '2026-02-10', 1)
  writeSession(home, 's2', '2026-02-12', 2)
  // Within the hours that another time zone or week would cut off.
  writeSession(home, 's3', '2026-02-16', 3)
  cpSync(home, `${home}-first`, { recursive: true, preserveTimestamps: true })
  await runAt('2026-02-17T12:00:00Z', home, join(scratch.path, 'first'), week)
})
beforeEach(() => {
  rmSync(home, { recursive: true })
  cpSync(`${home}-first`, home, { recursive: true, preserveTimestamps: true })
  out = join(scratch.path, `out-${++runs}`)
  cpSync(join(scratch.path, 'first'), out, { recursive: true })
})
afterAll(scratch.remove)

/** One prompt and one answer, soon after midnight in UTC; each million of output costs $25. */
function writeSession(folder: string, sessionId: string, date: string, millions: number): void {
  const file = fileOf(folder, sessionId)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, exchange(sessionId, `${date}T01:00`, millions))
}

function fileOf(folder: string, sessionId: string): string {
  return join(folder, '.claude/projects/recipe-box', `${sessionId}.jsonl`)
}

function exchange(sessionId: string, minute: string, millions: number): string {
  const line = { sessionId, cwd: '/home/dev/projects/recipe-box', version: '2.1.119', isSidechain: false }
  const key = `${sessionId}-${minute}`
  const lines = [
    {
      ...line,
      type: 'user',
      uuid: `${key}-1`,
      timestamp: `${minute}:00.000Z`,
      message: { role: 'user', content: 'Go on.' },
    },
    {
      ...line,
      type: 'assistant',
      uuid: `${key}-2`,
      requestId: `req-${key}`,
      timestamp: `${minute}:09.000Z`,
      message: {
        id: `msg-${key}`,
        role: 'assistant',
        model: 'claude-opus-4-6',
        content: [{ type: 'text', text: 'Done.' }],
        usage: { input_tokens: 0, output_tokens: millions * 1_000_000 },
      },
    },
  ]
  return lines.map((entry) => `${JSON.stringify(entry)}\n`).join('')
}

const runLater = (config: Partial<Config> = {}) => runAt(later(), home, out, { ...week, config })

/** Runs are told apart by when they began. */
function later(): string {
  return new Date(Date.parse('2026-02-18T12:00:00Z') + ++runs * 60_000).toISOString()
}

/** Without a sync, as after `forget`, `restore` or an update of the program. */
async function reportLater(): Promise<void> {
  const { ctx } = contextAt(later(), home, out)
  await runReport(ctx, { ...week, isAll: false })
}

async function inDatabase<T>(name: string, use: (db: Database) => Promise<T>): Promise<T> {
  const db = await openDatabase(join(out, `${name}.duckdb`))
  try {
    return await use(db)
  } finally {
    db.close()
  }
}

const restatements = () =>
  inDatabase('warehouse', (db) =>
    db.rows(
      'select reason, session_count, cost_change_usd, token_change, prompt_change from marts.restatements order by reason',
    ),
  )

/** Today's cost over the frozen instants, less the frozen cost. */
async function difference(): Promise<number> {
  const [row] = await inDatabase('warehouse', (db) =>
    db.rows<{ usd: number }>(`
      select (select sum(cost_usd) from marts.llm_calls where called_at >= starts_at and called_at < ends_at)
        - frozen_cost_usd as usd from marts.periods`),
  )
  return row!.usd
}

function siteFile(name: string): string {
  return readFileSync(join(out, 'site/weekly/2026-W07', name), 'utf8')
}

const headlines = (): { value: string }[] => JSON.parse(siteFile('digest.json')).headlines

describe('a frozen week', () => {
  test('of which nothing changed has the same page, byte for byte', async () => {
    await runLater()
    expect(await restatements()).toEqual([])
    expect(await difference()).toBe(0)
    expect(differingFiles(join(scratch.path, 'first/site'), join(out, 'site'))).toEqual([])
  })

  test('is restated by a session that comes late, on its page and nowhere else', async () => {
    writeSession(home, 's4', '2026-02-13', 4)
    writeSession(home, 's5', '2026-02-17', 8)
    await runLater()
    expect(await restatements()).toEqual([
      {
        reason: 'late_session',
        session_count: 1,
        cost_change_usd: 100,
        token_change: 4_000_000,
        prompt_change: 1,
      },
    ])
    expect(await difference()).toBe(100)
    expect(siteFile('index.html')).toContain(
      'restated +$100.00 from $150.00 since 17\u00a0February: 1\u00a0late session<',
    )
    expect(headlines()[2]).toMatchObject({ value: '$250.00' })
  })

  test('is restated by what a session says late', async () => {
    appendFileSync(fileOf(home, 's1'), exchange('s1', '2026-02-11T01:00', 1))
    await runLater()
    expect(await restatements()).toMatchObject([
      { reason: 'late_data', cost_change_usd: 25, prompt_change: 1 },
    ])
    expect(await difference()).toBe(25)
  })

  test('is restated by a new price', async () => {
    const unset = {
      cache_read: null,
      cache_write_5m: null,
      cache_write_1h: null,
      long_threshold_tokens: null,
    }
    const price = {
      ...unset,
      long_input: null,
      long_output: null,
      fast_multiplier: null,
      input: 5,
      output: 26,
    }
    await runLater({ prices: [{ ...price, model: 'claude-opus-4-6', from: '2026-02-12' }] })
    expect(await restatements()).toMatchObject([
      { reason: 'new_price', session_count: 2, cost_change_usd: 5, token_change: 0 },
    ])
    expect(await difference()).toBe(5)
  })

  test('is restated by a parser that reads the same files otherwise', async () => {
    await inDatabase('ledger', async (ledger) => {
      await ledger.run(`update raw.calls set output_tokens = output_tokens // 2 where session_id = 's2'`)
      await ledger.run('update state.files set parser_version = parser_version + 1')
    })
    await reportLater()
    expect(await restatements()).toMatchObject([
      { reason: 'mended_parser', session_count: 1, cost_change_usd: -25 },
    ])
    expect(siteFile('report.md')).toContain('restated −$25.00')
  })

  test('is restated by a session that is forgotten', async () => {
    await inDatabase('ledger', async (ledger) => {
      for (const table of ['events', 'calls', 'prompts'])
        await ledger.run(`delete from raw.${table} where session_id = 's2'`)
      await ledger.run(`update state.files set loaded_at = now()::timestamp`)
    })
    await reportLater()
    expect(await restatements()).toMatchObject([
      { reason: 'forgotten', session_count: 1, cost_change_usd: -50, prompt_change: -1 },
    ])
    expect(await difference()).toBe(-50)
  })

  test('is not restated by another time zone or another first day of the week', async () => {
    const before = headlines()
    for (const config of [
      { timezone: 'Asia/Tokyo' },
      { week_starts_on: 'sunday' },
      { timezone: 'Pacific/Auckland', week_starts_on: 'sunday' },
    ] as const) {
      await runLater(config)
      expect(await restatements()).toEqual([])
      expect(await difference()).toBe(0)
      expect(headlines().map(({ value }) => value)).toEqual(before.map(({ value }) => value))
      expect(siteFile('index.html')).not.toContain('class="restated"')
    }
  })

  test('that an earlier version froze is neither restated nor an error', async () => {
    await inDatabase('ledger', async (ledger) => {
      await ledger.run('update state.periods set starts_at = null, ends_at = null, timezone = null')
      await ledger.run('delete from state.period_sessions')
    })
    writeSession(home, 's4', '2026-02-13', 4)
    await runLater()
    expect(await restatements()).toEqual([])
    expect(siteFile('index.html')).not.toMatch(/class="restated"|restated [+−]|Restated since/)
  })
})
