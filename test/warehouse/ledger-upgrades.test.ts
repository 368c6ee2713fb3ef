// A ledger of each earlier version, filled as its program would have, opens with every row and is then as good as a new one.
import { cpSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { packageRoot } from '../../pipeline/root.js'
import type { RunContext } from '../../pipeline/run/context.js'
import { runDebrief } from '../../pipeline/run.js'
import { type Database, openDatabase, type Row, sqlText } from '../../pipeline/warehouse/db.js'
import { ledgerSchemaVersion, openLedger } from '../../pipeline/warehouse/ledger.js'
import { differingTables } from '../crash/same-ledger.js'
import { contextAt, copyHome, makeScratch } from '../golden/golden-run.js'
import { queryFile } from '../support/workspace.js'
import { writeWeeks } from '../tips/correction-logs.js'

const logs = join(packageRoot, 'fixtures/logs/claude-code')
/** What only a test puts there: nothing that a run of these logs does. */
const moreRows = [
  `insert into state.deliveries by name select 'discord:1/weekly/2026-W07' as delivery_id, 'discord:1' as target,
     'weekly' as period_kind, '2026-W07' as period, 'delivered' as status, '99' as remote_id,
     timestamp '2026-02-16' as intended_at, timestamp '2026-02-16' as settled_at`,
  `insert into state.forgotten values ('session', repeat('a', 64), timestamp '2026-02-16')`,
  `insert into state.repositories values ('/x/other', '/x/other', timestamp '2026-02-16')`,
]

/** Today's ledger after a run, whose rows the earlier ones are given; and as a run leaves it that found one log more. */
let full: string
let reference: string
const scratch = makeScratch()
const home = join(scratch.path, 'home')
const contextIn = (folder: string) => contextAt('2026-03-01T00:00:00Z', home, folder).ctx
const run = (ctx: RunContext) => runDebrief(ctx, { kind: 'weekly', label: '2026-W07', isPublished: false })

beforeAll(async () => {
  for (const name of ['version-2.1-late', 'bad-lines', 'todo-lists', 'plans-by-slug'])
    copyHome(join(logs, name, 'home'), home)
  writeWeeks(home, { '2026-02-09': 10 })
  const ctx = contextIn(join(scratch.path, 'today'))
  reference = ctx.config.paths.ledger
  await run(ctx)
  await withDatabase(reference, async (db) => {
    for (const sql of moreRows) await db.run(sql)
    await db.run('update state.files set parser_version = 0')
  })
  full = join(scratch.path, 'full.duckdb')
  cpSync(reference, full)
  // Of another week: a week that was advised on keeps its tips, and one that was not gets them with what is known now.
  writeWeeks(home, { '2026-02-09': 10, '2026-02-16': 0 })
  await run(ctx)
})
afterAll(() => scratch.remove())

async function withDatabase<T>(path: string, use: (db: Database) => Promise<T>): Promise<T> {
  const db = await openDatabase(path)
  try {
    return await use(db)
  } finally {
    db.close()
  }
}

const columnsIn = (path: string) =>
  queryFile<{ name: string; column_name: string }>(
    path,
    `select schema_name || '.' || table_name as name, column_name, data_type, is_nullable, column_default
     from duckdb_columns() where schema_name in ('raw', 'state') order by name, column_name`,
  )
const constraintsIn = (path: string) =>
  queryFile(
    path,
    `select schema_name || '.' || table_name as name, constraint_type, constraint_column_names
     from duckdb_constraints() where schema_name in ('raw', 'state')
     order by name, constraint_type, constraint_column_names::varchar`,
  )

/** A ledger of this version at `path`, with the rows that its tables and columns could hold, read by an older parser. */
async function writeEarlier(path: string, version: number): Promise<void> {
  mkdirSync(dirname(path), { recursive: true })
  await withDatabase(path, async (db) => {
    await db.run(readFileSync(join(packageRoot, `fixtures/ledgers/version-${version}.sql`), 'utf8'))
    await db.run(`attach ${sqlText(full)} as today (read_only)`)
    const tables = await db.rows<{ name: string; columns: string[] }>(
      `select schema_name || '.' || table_name as name, list(column_name order by column_index) as columns
       from duckdb_columns() where database_name <> 'today' and schema_name in ('raw', 'state') and table_name <> 'meta'
       group by all`,
    )
    for (const { name, columns } of tables)
      await db.run(`insert into ${name} by name select ${columns.join(', ')} from today.${name}`)
    await db.run(`insert into state.meta values (${version})`)
  })
}

/** Every row of these columns, by table. */
async function rowsOf(path: string, columns: Awaited<ReturnType<typeof columnsIn>>) {
  const rows: Record<string, Row[]> = {}
  for (const name of new Set(columns.map((column) => column.name))) {
    const listed = columns.filter((column) => column.name === name).map(({ column_name }) => column_name)
    if (name !== 'state.meta')
      rows[name] = await queryFile(path, `select ${listed.join(', ')} from ${name} order by all`)
  }
  return rows
}

describe.each([2, 3, 4])('a ledger of version %i', (version) => {
  it('keeps every row, and gets the tables, columns and constraints of a new one', async () => {
    const [path, fresh] = ['old', 'new'].map((name) =>
      join(scratch.path, `${name}-${version}`, 'ledger.duckdb'),
    )
    await writeEarlier(path!, version)
    const columns = await columnsIn(path!)
    const before = await rowsOf(path!, columns)
    const filled = Object.keys(before).filter((name) => before[name]!.length > 0)
    expect(filled).toEqual(
      expect.arrayContaining(['raw.calls', 'raw.contexts', 'state.facets', 'state.deliveries']),
    )
    for (const file of [path!, fresh!]) (await openLedger(file)).close()
    expect(await rowsOf(path!, columns)).toEqual(before)
    expect(await queryFile(path!, 'select * from state.meta')).toEqual([
      { schema_version: ledgerSchemaVersion },
    ])
    expect(await columnsIn(path!)).toEqual(await columnsIn(fresh!))
    expect(await constraintsIn(path!)).toEqual(await constraintsIn(fresh!))
  })

  it('is after a run what one of today is: logs read anew, a new one taken, what was decided kept', async () => {
    const ctx = contextIn(join(scratch.path, `version-${version}`))
    await writeEarlier(ctx.config.paths.ledger, version)
    const { ingest } = await run(ctx)
    expect(ingest.filesRead).toBeGreaterThan(4)
    expect(await differingTables(reference, ctx.config.paths.ledger)).toEqual({})
    const kept = `select delivery_id, status, remote_id, thread_id from state.deliveries`
    expect(await queryFile(ctx.config.paths.ledger, kept)).toEqual([
      { delivery_id: 'discord:1/weekly/2026-W07', status: 'delivered', remote_id: '99', thread_id: null },
    ])
  })
})
