import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Database, type JsonValue, openDatabase, sqlText } from '../../pipeline/warehouse/db.js'

let db: Database

beforeAll(async () => {
  db = await openDatabase(':memory:')
})
afterAll(() => db.close())

async function jsonOf(expression: string): Promise<JsonValue | undefined> {
  const [row] = await db.rows(`select ${expression} as value`)
  return row?.value
}

describe('a value as JSON', () => {
  it.each<[string, JsonValue]>([
    ['null::integer', null],
    ['true', true],
    ["'text'", 'text'],
    ['42::tinyint', 42],
    ['1.5::double', 1.5],
    ['9007199254740991::bigint', 9007199254740991],
    ['-9007199254740991::hugeint', -9007199254740991],
  ])('%s is itself', async (expression, expected) => {
    expect(await jsonOf(expression)).toEqual(expected)
  })

  it.each<[string, string]>([
    ['9007199254740992::bigint', '9007199254740992'],
    ['9007199254740993::bigint', '9007199254740993'],
    ['-9007199254740993::bigint', '-9007199254740993'],
    ['18446744073709551615::ubigint', '18446744073709551615'],
    ['170141183460469231731687303715884105727::hugeint', '170141183460469231731687303715884105727'],
  ])('%s is text, as a number would lose digits', async (expression, expected) => {
    expect(await jsonOf(expression)).toBe(expected)
  })

  it.each<[string, JsonValue]>([
    ['0.10::decimal(9, 2)', 0.1],
    ['100.00::decimal(9, 2)', 100],
    ['1200::decimal(9, 0)', 1200],
    ['-0.05::decimal(9, 2)', -0.05],
    ['0.000000::decimal(18, 6)', 0],
    ['0.000001::decimal(18, 6)', 0.000001],
    ['999999999999.999999::decimal(18, 6)', '999999999999.999999'],
    ['1234567890123456789.12::decimal(38, 2)', '1234567890123456789.12'],
    ['0.0000001::decimal(18, 7)', '0.0000001'],
  ])('%s is a number where that says exactly the same, else text', async (expression, expected) => {
    expect(await jsonOf(expression)).toBe(expected)
  })

  it.each([
    ["'nan'::double", 'NaN'],
    ["'infinity'::double", 'Infinity'],
    ["'-infinity'::float", '-Infinity'],
  ])('%s is text, as JSON has no such number', async (expression, expected) => {
    expect(await jsonOf(expression)).toBe(expected)
  })

  it.each([
    ["timestamp '2026-02-09 10:00:01'", '2026-02-09T10:00:01.000Z'],
    ["timestamp '2026-02-09 10:00:01.250007'", '2026-02-09T10:00:01.250007Z'],
    ["timestamp '1969-12-31 23:59:59.500001'", '1969-12-31T23:59:59.500001Z'],
    ["timestamp '1969-12-31 23:59:59.5'", '1969-12-31T23:59:59.500Z'],
    ["timestamptz '2026-02-09 10:00:01+05:30'", '2026-02-09T04:30:01.000Z'],
  ])('%s is an instant in UTC', async (expression, expected) => {
    expect(await jsonOf(expression)).toBe(expected)
  })

  it.each(["'infinity'::timestamp", "'-infinity'::timestamptz"])(
    '%s does not break the row',
    async (expression) => {
      expect(await jsonOf(expression)).toMatch(/infinity/i)
    },
  )

  it('a date is a date, and a time or a uuid is what DuckDB writes', async () => {
    expect(
      await db.rows(
        "select date '2026-02-09' as d, time '10:00' as t, '00000000-0000-4000-8000-000000000001'::uuid as u",
      ),
    ).toEqual([{ d: '2026-02-09', t: '10:00:00', u: '00000000-0000-4000-8000-000000000001' }])
  })

  it('lists, structs, maps and bytes keep their values, each by the same rules', async () => {
    expect(
      await db.rows(
        `select [1, null, 9007199254740993] as list, {'a': {'b': 1.50::decimal(9, 2)}} as struct,
           map {'k': date '2026-02-09'} as map, 'abc'::blob as bytes, '{"j": [1]}'::json as json`,
      ),
    ).toEqual([
      {
        list: [1, null, '9007199254740993'],
        struct: { a: { b: 1.5 } },
        map: { k: '2026-02-09' },
        bytes: 'YWJj',
        json: '{"j": [1]}',
      },
    ])
  })
})

describe('a database', () => {
  it('gives columns of one name each a name of their own', async () => {
    expect(await db.rows('select 1 as n, 2 as n')).toEqual([{ n: 1, 'n:1': 2 }])
  })

  it('takes values as parameters, so that no text is ever SQL', async () => {
    const text = "'; drop table x; --"
    expect(await db.rows('select ? as text, ?::integer as n', [text, 7])).toEqual([{ text, n: 7 }])
    expect(await db.rows(`select ${sqlText(text)} as text`)).toEqual([{ text }])
  })

  it('runs several statements, and stops at the first that fails', async () => {
    await expect(
      db.run('create table one (n integer); select * from nowhere; create table two (n integer)'),
    ).rejects.toThrow('nowhere')
    expect(await db.rows('show tables')).toEqual([{ name: 'one' }])
  })
})
