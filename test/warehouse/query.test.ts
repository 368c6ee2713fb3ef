import { createHash } from 'node:crypto'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { UserError } from '../../pipeline/errors.js'
import { openDatabase } from '../../pipeline/warehouse/db.js'
import { queryWarehouse } from '../../pipeline/warehouse/query.js'

const canary = 'canary_that_must_not_be_read'
/** A warehouse with other files beside it: made once, and copied for each statement. */
let template: string
let folder: string
let warehouse: string
let before: Record<string, string>

beforeAll(async () => {
  template = mkdtempSync(join(tmpdir(), 'debrief-query-'))
  const db = await openDatabase(join(template, 'warehouse.duckdb'))
  await db.run("create table sessions as select 's' || n as session_id, n as cost_usd from range(3) as t (n)")
  await db.run(`copy (select '${canary}' as x) to '${template}/secret.parquet'`)
  db.close()
  const other = await openDatabase(join(template, 'ledger.duckdb'))
  await other.run(`create table secrets as select '${canary}' as x`)
  other.close()
  mkdirSync(join(template, 'dump'))
  writeFileSync(join(template, 'dump/schema.sql'), 'create table imported (n integer);')
  writeFileSync(join(template, 'dump/load.sql'), '')
  for (const name of ['secret.csv', 'secret.txt']) writeFileSync(join(template, name), `x\n${canary}\n`)
  writeFileSync(join(template, 'secret.json'), JSON.stringify({ x: canary }))
})
afterAll(() => rmSync(template, { recursive: true, force: true }))
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'debrief-query-'))
  cpSync(template, folder, { recursive: true })
  warehouse = join(folder, 'warehouse.duckdb')
  before = digests()
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** What each file holds, so that anything written, changed or removed shows. */
function digests(): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  )
  return Object.fromEntries(
    files
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
      .map((file) => [
        file.slice(folder.length + 1),
        createHash('sha256').update(readFileSync(file)).digest('hex'),
      ]),
  )
}

/** `DIR` in a statement stands for the folder of the warehouse, which has other files too. */
function ask(sql: string) {
  return queryWarehouse(warehouse, sql.replaceAll('DIR', folder))
}

describe('debrief query', () => {
  it.each<[string, unknown[][]]>([
    ['select sum(cost_usd)::integer as usd from sessions', [[3]]],
    ['with s as (select * from sessions) select count(*) from s', [[3]]],
    ['from sessions where cost_usd > 1', [['s2', 2]]],
    ['values (1), (2)', [[1], [2]]],
    ['select 1;', [[1]]],
    ['-- a comment before\nselect 1', [[1]]],
    ['show tables', [['sessions']]],
    ['select session_id from sessions where false', []],
  ])('answers %s', async (sql, rows) => {
    expect((await ask(sql)).rows).toEqual(rows)
    expect(digests()).toEqual(before)
  })

  it('names columns, and tells apart those of one name', async () => {
    const { columns } = await ask('select 1 as a, 2 as a, null as b')
    expect(columns.map(({ name }) => name)).toEqual(['a', 'a:1', 'b'])
  })

  it('answers two at once', async () => {
    const both = await Promise.all([ask('select 1'), ask('select 2')])
    expect(both.map(({ rows }) => rows)).toEqual([[[1]], [[2]]])
  })

  it('says what is wrong with SQL that DuckDB refuses', async () => {
    await expect(ask('select cots_usd from sessions')).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringContaining('cots_usd'),
      hint: expect.stringContaining('DICTIONARY.md'),
    })
  })

  it.each(['', '  ;  ', '-- only a comment'])(
    'says what it expected where there is no statement (%j)',
    async (sql) => {
      await expect(ask(sql)).rejects.toThrow('expected one SELECT')
    },
  )

  it('says that nothing is loaded where there is no warehouse, and makes none', async () => {
    rmSync(warehouse)
    await expect(ask('select 1')).rejects.toMatchObject({
      name: 'UserError',
      hint: 'Run `debrief sync` first.',
    })
    expect(Object.keys(digests())).not.toContain('warehouse.duckdb')
  })
})

const escapes = {
  'read a file': [
    "select * from 'DIR/secret.csv'",
    'select * from "DIR/secret.csv"',
    "from 'DIR/secret.parquet'",
    "select * from read_csv('DIR/secret.csv')",
    "select * from read_csv_auto(['DIR/secret.csv'])",
    "select * from read_json('DIR/secret.json')",
    "select * from read_ndjson_objects('DIR/secret.json')",
    "select * from read_parquet('DIR/*.parquet')",
    "select * from parquet_metadata('DIR/secret.parquet')",
    "select * from read_text('DIR/secret.txt')",
    "select content::varchar from read_blob('DIR/secret.txt')",
    "select * from sniff_csv('DIR/secret.csv')",
    "select * from glob('DIR/*')",
    "select * from read_text('DIR/warehouse.duckdb/../secret.txt')",
    "select * from query('from read_text(''DIR/secret.txt'')')",
    "select * from query_table('DIR/secret.csv')",
    "select (select x from 'DIR/secret.csv')",
    "select * from sessions where exists (from 'DIR/secret.csv')",
    "select * from read_text('/etc/hostname')",
    "select * from read_duckdb('DIR/ledger.duckdb')",
  ],
  'reach the network': [
    "select * from 'https://127.0.0.1:9/x.parquet'",
    "select * from read_csv('http://127.0.0.1:9/x.csv')",
    "select * from read_parquet('s3://bucket/x.parquet')",
  ],
  'write a file': [
    "copy sessions to 'DIR/out.csv'",
    "copy (select 1) to 'DIR/out.parquet' (format parquet)",
    "copy sessions to 'DIR/warehouse.duckdb' (use_tmp_file false)",
    "export database 'DIR/dump2'",
    "explain analyze copy sessions to 'DIR/out.csv'",
    "explain analyze copy sessions to 'DIR/warehouse.duckdb' (format csv, use_tmp_file false)",
    "explain (analyze) copy sessions to 'DIR/warehouse.duckdb.wal' (format csv)",
    "select 1; copy sessions to 'DIR/out.csv'",
  ],
  'bring in more': [
    "attach 'DIR/ledger.duckdb' as l",
    "attach ':memory:' as m",
    "import database 'DIR/dump'",
    'install httpfs',
    'load httpfs',
    "load 'DIR/secret.txt'",
    'create secret (type s3)',
    "select * from sqlite_scan('DIR/secret.txt', 't')",
  ],
  'change settings': [
    'set enable_external_access = true',
    'reset enable_external_access',
    'set lock_configuration = false',
    'pragma threads = 1',
    "set memory_limit = '1GB'",
    "select set_config('threads', '1')",
    'use temp',
  ],
  'change the warehouse': [
    'create table t (n integer)',
    'create temp table t (n integer)',
    'create view v as select 1',
    'create macro f() as 1',
    "insert into sessions values ('x', 1)",
    'update sessions set cost_usd = 0',
    'delete from sessions',
    'truncate sessions',
    'drop table sessions',
    'alter table sessions add column x integer',
    "comment on table sessions is 'x'",
    'explain analyze delete from sessions',
    'merge into sessions using sessions as s on true when matched then delete',
    'checkpoint',
    'vacuum',
    'begin transaction',
  ],
  'smuggle a statement': [
    'select 1; select 2',
    'select 1; drop table sessions',
    'prepare p as select 1',
    'execute p',
    'call pragma_version()',
    "select * from query('drop table sessions')",
    "select * from query('select 1; select 2')",
  ],
  'ask the environment': ["select getenv('HOME')", "select getenv('AWS_SECRET_ACCESS_KEY')"],
}

describe.each(Object.entries(escapes))('debrief query cannot %s', (_, statements) => {
  it.each(statements)('with %s', async (sql) => {
    const outcome = await ask(sql).catch((error: unknown) => error)
    expect(digests(), 'nothing is written').toEqual(before)
    expect(inspect(outcome, { depth: 9, maxArrayLength: null }), 'nothing is read').not.toContain(canary)
    expect(outcome).toBeInstanceOf(UserError)
    expect((outcome as UserError).hint).not.toBe('')
    expect((await ask('select count(*) from sessions')).rows).toEqual([[3]])
  })
})
