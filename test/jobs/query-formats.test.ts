import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { tableFromIPC } from 'apache-arrow'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { printers } from '../../jobs/query-formats.js'
import { openDatabase } from '../../pipeline/warehouse/db.js'
import { queryWarehouse } from '../../pipeline/warehouse/query.js'

let folder: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'debrief-formats-'))
  ;(await openDatabase(join(folder, 'warehouse.duckdb'))).close()
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function ask(sql: string) {
  return queryWarehouse(join(folder, 'warehouse.duckdb'), sql)
}

async function print(format: 'table' | 'json' | 'csv', sql: string): Promise<string> {
  return String(await printers[format](await ask(sql)))
}

async function readArrow(sql: string) {
  const bytes = await printers.arrow(await ask(sql))
  return tableFromIPC(bytes)
}

const sample = `select * from (values
  ('s1', 1.50::decimal(18, 6), timestamp '2026-02-09 10:00:00', true),
  ('a longer one', null, null, null)) as t (session_id, cost_usd, started_at, is_subagent)`

describe('a table', () => {
  it('aligns numbers right and all else left, and leaves null blank', async () => {
    expect(await print('table', sample)).toBe(
      [
        'session_id    cost_usd  started_at                is_subagent',
        '────────────  ────────  ────────────────────────  ───────────',
        's1                 1.5  2026-02-09T10:00:00.000Z  true',
        'a longer one',
      ].join('\n'),
    )
  })

  it('keeps a row on one line, cuts wide cells, and says how many rows it leaves out', async () => {
    expect(await print('table', `select 'two' || chr(10) || 'lines' as t`)).toContain('two lines')
    const wide = await print('table', `select repeat('x', 61) as t`)
    expect(wide.split('\n')[2]).toBe(`${'x'.repeat(59)}…`)
    const long = await print('table', 'select * from range(203)')
    expect(long.split('\n')).toHaveLength(203)
    expect(long).toMatch(/… and 3 more rows; --format json or csv shows all$/)
  })

  it('without rows shows its columns', async () => {
    expect(await print('table', `${sample} where false`)).toMatch(/^session_id +cost_usd/)
  })
})

describe('JSON', () => {
  it('has numbers where they are exact, and text where they are not', async () => {
    const rows = await print(
      'json',
      `select 0.1::decimal(9, 1) as d, 9007199254740993 as big, 12345678901234.567891::decimal(20, 6) as exact,
         'a"b' as t, null as nothing, [1, 2] as list, date '2026-02-09' as day`,
    )
    expect(JSON.parse(rows)).toEqual([
      {
        d: 0.1,
        big: '9007199254740993',
        exact: '12345678901234.567891',
        t: 'a"b',
        nothing: null,
        list: [1, 2],
        day: '2026-02-09',
      },
    ])
  })

  it('without rows is an empty list', async () => {
    expect(await print('json', `${sample} where false`)).toBe('[]')
  })

  it('keeps columns of one name apart', async () => {
    expect(JSON.parse(await print('json', 'select 1 as a, 2 as a'))).toEqual([{ a: 1, 'a:1': 2 }])
  })
})

describe('CSV', () => {
  it('quotes what needs it, and tells null from empty text', async () => {
    const csv = await print(
      'csv',
      `select 'a,b' as "x,y", 'say "hi"' as q, 'two' || chr(10) || 'lines' as l, '' as e, null as n, ' s ' as s, {'a': 1} as o, 1.50::decimal(9, 2) as d`,
    )
    expect(csv).toBe('"x,y",q,l,e,n,s,o,d\n"a,b","say ""hi""","two\nlines","",, s ,"{""a"":1}",1.5')
  })

  it('is read back by DuckDB as it was', async () => {
    const sql = `select * from (values ('a,"b"', 1), ('', null), (null, -3), ('ü' || chr(13) || chr(10), 0)) as t (text, n)`
    const db = await openDatabase(':memory:')
    const { writeFileSync } = await import('node:fs')
    const file = join(folder, 'rows.csv')
    writeFileSync(file, `${await print('csv', sql)}\n`)
    const read = `select * from read_csv('${file}', header = true, nullstr = '', allow_quoted_nulls = false,
      columns = {text: varchar, n: integer})`
    expect(await db.rows(read)).toEqual(await db.rows(sql))
    db.close()
  })
})

describe('an Arrow stream', () => {
  it('has a type for each column and the right values', async () => {
    const table = await readArrow(`select * from (values
      (true, 1::tinyint, 9007199254740993::bigint, 0.25::decimal(18, 6), 1.5::double,
       timestamp '2026-02-09 10:00:00.250', date '2026-02-09', 'ü"', [1, 2]),
      (null, null, null, null, null, null, null, null, null)) as t (b, i, big, d, f, moment, day, t, l)`)
    expect(table.schema.fields.map(({ name, type }) => `${name} ${type}`)).toEqual([
      'b Bool',
      'i Int64',
      'big Int64',
      'd Float64',
      'f Float64',
      'moment Timestamp<MILLISECOND>',
      'day Utf8',
      't Utf8',
      'l Utf8',
    ])
    const [first, second] = table.toArray().map((row) => ({ ...row.toJSON() }))
    expect(first).toEqual({
      b: true,
      i: 1n,
      big: 9007199254740993n,
      d: 0.25,
      f: 1.5,
      moment: Date.parse('2026-02-09T10:00:00.250Z'),
      day: '2026-02-09',
      t: 'ü"',
      l: '[1,2]',
    })
    expect(Object.values(second ?? {})).toEqual(Array(9).fill(null))
  })

  it('without rows still has its columns', async () => {
    const table = await readArrow(`${sample} where false`)
    expect([table.numRows, table.schema.fields.map(({ name }) => name)]).toEqual([
      0,
      ['session_id', 'cost_usd', 'started_at', 'is_subagent'],
    ])
  })

  it('takes sums, which are huge integers, and numbers that are none', async () => {
    const table = await readArrow(`select sum(n) as total, 'nan'::double as f from range(3) as t (n)`)
    expect(table.get(0)?.toJSON()).toEqual({ total: 3, f: Number.NaN })
  })

  it('takes unsigned integers of any size', async () => {
    const table = await readArrow('select 255::utinyint as a, 18446744073709551615::ubigint as b')
    expect(table.get(0)?.toJSON()).toMatchObject({ a: 255n })
    expect(BigInt.asUintN(64, table.get(0)?.toJSON().b as bigint)).toBe(18446744073709551615n)
  })
})
