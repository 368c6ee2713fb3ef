import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Config, PriceSpec } from '../../pipeline/config.js'
import { generateLogs } from '../../pipeline/demo/generate.js'
import { CheckError } from '../../pipeline/errors.js'
import type { RunContext } from '../../pipeline/run/context.js'
import { runFacets, runSync } from '../../pipeline/run.js'
import { type BuildResult, buildWarehouse } from '../../pipeline/warehouse/build.js'
import { openDatabase, sqlText } from '../../pipeline/warehouse/db.js'
import { openLedger } from '../../pipeline/warehouse/ledger.js'
import { discoverModels } from '../../pipeline/warehouse/models.js'
import { createWorkspace, queryFile, queryMarts } from '../support/workspace.js'

let home: string
/** out/ with those logs loaded and judged: made once, and copied for each test. */
let template: string | null = null

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'debrief-build-'))
  await generateLogs({
    folder: home,
    seed: 3,
    weeks: ['2026-W05', '2026-W06'],
    sessionsPerWeek: 5,
    textScale: 0.1,
    noise: 0,
  })
})
afterAll(() => rmSync(home, { recursive: true, force: true }))

const price: PriceSpec = {
  model: 'claude-sonnet-4-6',
  from: null,
  input: 1000,
  output: 1000,
  cache_read: 1000,
  cache_write_5m: null,
  cache_write_1h: null,
  long_threshold_tokens: null,
  long_input: null,
  long_output: null,
  fast_multiplier: null,
}

/** A workspace whose logs are loaded and judged, and whose warehouse is up to date. */
async function builtWorkspace() {
  const workspace = createWorkspace({ home })
  const { out } = workspace.ctx.config.paths
  if (template) cpSync(template, out, { recursive: true })
  else {
    await runSync(workspace.ctx)
    await runFacets(workspace.ctx, {})
    template = join(home, 'template')
    cpSync(out, template, { recursive: true })
  }
  return workspace
}

/** One build, perhaps with another configuration; the marts that ran, by name. */
async function build(
  ctx: RunContext,
  change: Partial<Config> = {},
): Promise<BuildResult & { marts: string[]; config: Config }> {
  const marts: string[] = []
  const config = { ...ctx.config, ...change }
  const ledger = await openLedger(config.paths.ledger)
  try {
    const emit: RunContext['emit'] = ({ step, subject = '' }) => {
      if (step === 'models' && subject.startsWith('marts.')) marts.push(subject.slice('marts.'.length))
    }
    return { ...(await buildWarehouse({ ...ctx, config, emit }, ledger)), marts: marts.sort(), config }
  } finally {
    ledger.close()
  }
}

async function changeLedger(config: Config, sql: string): Promise<void> {
  const ledger = await openLedger(config.paths.ledger)
  await ledger.run(sql)
  ledger.close()
}

/** Names of marts that differ, as sets of rows, from those of a build from nothing with the same inputs. */
async function martsThatDifferFromNew(ctx: RunContext, config: Config): Promise<string[]> {
  const partly = join(config.paths.out, 'partly.duckdb')
  writeFileSync(partly, readFileSync(config.paths.warehouse))
  rmSync(config.paths.warehouse)
  await build({ ...ctx, config })
  const db = await openDatabase(config.paths.warehouse, { readOnly: true })
  try {
    await db.run(`attach ${sqlText(partly)} as partly (read_only)`)
    const differing = []
    for (const { table } of discoverModels().filter(({ layer }) => layer === 'marts')) {
      const [row] = await db.rows<{ n: number }>(
        `select count(*) as n from ((from marts.${table} except all from partly.marts.${table})
         union all (from partly.marts.${table} except all from marts.${table}))`,
      )
      if (row?.n !== 0) differing.push(table)
    }
    return differing
  } finally {
    db.close()
  }
}

describe('a build', () => {
  it('does nothing where nothing changed: the file is not even touched', async () => {
    const { ctx } = await builtWorkspace()
    const before = readFileSync(ctx.config.paths.warehouse)
    expect(await build(ctx)).toMatchObject({ isRebuilt: false, modelCount: 0, marts: [] })
    expect(readFileSync(ctx.config.paths.warehouse).equals(before)).toBe(true)
  })

  it('after a changed price runs only the models that costs reach, and gives what a new build gives', async () => {
    const { ctx } = await builtWorkspace()
    const costs = 'select sum(cost_usd)::double as usd from llm_calls'
    const [before] = await queryMarts<{ usd: number }>(ctx.config, costs)
    const { marts, config } = await build(ctx, { prices: [price] })
    expect(marts).toEqual(expect.arrayContaining(['llm_calls', 'session_days', 'sessions', 'period_metrics']))
    for (const untouched of ['events', 'prompts', 'tool_calls', 'file_edits', 'files', 'rejects'])
      expect(marts).not.toContain(untouched)
    const [after] = await queryMarts<{ usd: number }>(config, costs)
    expect(after!.usd).toBeGreaterThan(before!.usd)
    expect(await martsThatDifferFromNew(ctx, config)).toEqual([])
  })

  it('after a changed facet runs only the models that facets reach, and gives what a new build gives', async () => {
    const { ctx } = await builtWorkspace()
    await changeLedger(
      ctx.config,
      `update state.facets set facets = json_merge_patch(facets, '{"outcome": "not_achieved"}'),
         extracted_at = extracted_at + interval 1 minute`,
    )
    const { marts, config } = await build(ctx)
    expect(marts).toContain('session_facets')
    for (const untouched of [
      'llm_calls',
      'events',
      'prompts',
      'tool_calls',
      'file_edits',
      'files',
      'rejects',
    ])
      expect(marts).not.toContain(untouched)
    expect(await queryMarts(config, 'select distinct outcome from session_facets')).toEqual([
      { outcome: 'not_achieved' },
    ])
    expect(await martsThatDifferFromNew(ctx, config)).toEqual([])
  })

  it('after a changed setting runs every model', async () => {
    const { ctx } = await builtWorkspace()
    const all = discoverModels()
    const { modelCount, config } = await build(ctx, { timezone: 'Asia/Tokyo' })
    expect(modelCount).toBe(all.length)
    expect(await martsThatDifferFromNew(ctx, config)).toEqual([])
  })

  it.each([
    ['is gone', (file: string) => rmSync(file)],
    ['is no database', (file: string) => writeFileSync(file, 'no database')],
    ['is cut short', (file: string) => writeFileSync(file, readFileSync(file).subarray(0, 20_000))],
  ])('makes the warehouse again where it %s', async (_, harm) => {
    const { ctx } = await builtWorkspace()
    const query = 'select count(*) as calls, sum(cost_usd)::varchar as usd from llm_calls'
    const before = await queryMarts(ctx.config, query)
    harm(ctx.config.paths.warehouse)
    expect((await build(ctx)).isRebuilt).toBe(true)
    expect(await queryMarts(ctx.config, query)).toEqual(before)
  })

  it('whose check fails leaves the warehouse that was there, byte for byte, and heals when the fault does', async () => {
    const { ctx } = await builtWorkspace()
    const { warehouse, out } = ctx.config.paths
    const before = readFileSync(warehouse)
    await changeLedger(
      ctx.config,
      'update raw.calls set input_tokens = -1 - input_tokens; update state.files set loaded_at = loaded_at + interval 1 second',
    )
    const error = await build(ctx).catch((cause: unknown) => cause)
    expect(error).toBeInstanceOf(CheckError)
    expect((error as CheckError).failures.map(({ check }) => check)).toContain(
      'llm_calls__tokens_are_not_negative',
    )
    expect(readFileSync(warehouse).equals(before)).toBe(true)
    expect(readdirSync(out).filter((file) => file.includes('building'))).toEqual([])

    await expect(build(ctx), 'it fails again and does not take the old one for up to date').rejects.toThrow(
      CheckError,
    )
    await changeLedger(ctx.config, 'update raw.calls set input_tokens = -1 - input_tokens')
    expect((await build(ctx)).isRebuilt).toBe(true)
  })

  it('is not harmed by what a killed build left behind', async () => {
    const { ctx } = await builtWorkspace()
    const aside = `${ctx.config.paths.warehouse}.building`
    writeFileSync(aside, readFileSync(ctx.config.paths.warehouse).subarray(0, 50_000))
    writeFileSync(`${aside}.wal`, 'half a log')
    expect((await build(ctx)).isRebuilt, 'nothing changed').toBe(false)
    const { isRebuilt, config } = await build(ctx, { prices: [price] })
    expect(isRebuilt).toBe(true)
    expect([existsSync(aside), existsSync(`${aside}.wal`)]).toEqual([false, false])
    expect(await martsThatDifferFromNew(ctx, config)).toEqual([])
  })

  it('comments every column and table of the marts, for whoever opens the file', async () => {
    const { ctx } = await builtWorkspace()
    const bare = await queryFile(
      ctx.config.paths.warehouse,
      `select table_name || '.' || column_name as name from duckdb_columns()
         where schema_name = 'marts' and comment is null
       union all select table_name from duckdb_tables() where schema_name = 'marts' and comment is null`,
    )
    expect(bare).toEqual([])
  })

  it('lets readers go on reading the warehouse that they opened', async () => {
    const { ctx } = await builtWorkspace()
    const reader = await openDatabase(ctx.config.paths.warehouse, { readOnly: true })
    const query = 'select sum(cost_usd)::varchar as usd from llm_calls'
    const before = await reader.rows(query)
    const { isRebuilt } = await build(ctx, { prices: [price] })
    expect(isRebuilt).toBe(true)
    expect(await reader.rows(query)).toEqual(before)
    reader.close()
    expect(await queryMarts(ctx.config, query)).not.toEqual(before)
  })

  it.each(['infinity', '294247-01-10T04:00:54Z', '0000-01-01T00:00:00Z'])(
    'is not stopped by a line from a time that no calendar holds: %s',
    async (timestamp) => {
      const { ctx, home: ownHome } = createWorkspace()
      const folder = join(ownHome, '.claude/projects/-x')
      mkdirSync(folder, { recursive: true })
      const line = {
        type: 'user',
        sessionId: 's',
        cwd: '/home/dev/x',
        message: { role: 'user', content: 'hi' },
      }
      const lines = [timestamp, '2026-02-09T10:00:00Z'].map((at, i) =>
        JSON.stringify({ ...line, timestamp: at, uuid: `11111111-0000-4000-8000-00000000000${i}` }),
      )
      writeFileSync(join(folder, 's.jsonl'), `${lines.join('\n')}\n`)
      await runSync(ctx)
      expect(
        await queryMarts(ctx.config, "select count(*) as n from prompts where local_date = '2026-02-09'"),
      ).toEqual([{ n: 1 }])
    },
  )
})
