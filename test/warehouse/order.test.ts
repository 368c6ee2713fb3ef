import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Database, openDatabase } from '../../pipeline/warehouse/db.js'
import { discoverModels, type Model, readModel } from '../../pipeline/warehouse/models.js'
import { downstreamOf, orderModels, tablesRead, upstreamOf } from '../../pipeline/warehouse/order.js'

let db: Database

beforeAll(async () => {
  db = await openDatabase(':memory:')
})
afterAll(() => db.close())

/** `{ 'marts.b': 'select …' }` as models, in this order. */
function modelsOf(selects: Record<string, string>): Model[] {
  return Object.entries(selects).map(([name, sql]) => {
    const [layer, table] = name.split('.') as [Model['layer'], string]
    return readModel(layer, table, `-- A model.\n-- grain: none\n${sql}`)
  })
}

describe('the tables that a SELECT reads', () => {
  it.each<[string, string, string[]]>([
    ['of a join', 'select * from raw.a join marts.b using (x)', ['marts.b', 'raw.a']],
    [
      'in a subquery',
      'select (select max(x) from raw.a), * from raw.b where x in (select x from raw.c)',
      ['raw.a', 'raw.b', 'raw.c'],
    ],
    [
      'in a CTE, and not the CTE itself',
      'with raw_a as (select * from raw.a) select * from raw_a',
      ['raw.a'],
    ],
    ['on both sides of a union', 'select x from raw.a union all select x from raw.b', ['raw.a', 'raw.b']],
    ['once, however often', 'select * from raw.a, raw.a as again', ['raw.a']],
    ['and no function or text', "select 'raw.a', range(3) from range(3)", []],
  ])('are found %s', async (_, sql, expected) => {
    expect(await tablesRead(db, [sql, 'select 1'])).toEqual([expected, []])
  })

  it('are asked of one SELECT only', async () => {
    await expect(tablesRead(db, ['create table x (n integer)'])).rejects.toThrow('expected one SELECT')
    await expect(tablesRead(db, ['select 1', 'selekt 1'])).rejects.toThrow('expected one SELECT')
  })
})

describe('the order of models', () => {
  it('puts each after all that it reads, whatever order they are found in', async () => {
    const models = modelsOf({
      'marts.c': 'select * from intermediate.b, staging.a',
      'intermediate.b': 'select * from staging.a',
      'staging.a': 'select * from raw.events',
    })
    const ordered = await orderModels(db, models)
    expect(ordered.map(({ name }) => name)).toEqual(['staging.a', 'intermediate.b', 'marts.c'])
    expect(ordered[2]?.reads).toEqual(['intermediate.b', 'staging.a'])
  })

  it('is right for the models of this project', async () => {
    const ordered = await orderModels(db, discoverModels())
    const misplaced = ordered.flatMap(({ name, reads }, i) =>
      reads
        .filter((table) => ordered.findIndex((model) => model.name === table) > i)
        .map((table) => `${name} before ${table}`),
    )
    expect(misplaced).toEqual([])
    expect(ordered).toHaveLength(discoverModels().length)
  })

  it('cannot be made of models that read in a circle, and names the circle', async () => {
    const models = modelsOf({
      'marts.a': 'select * from marts.b',
      'marts.b': 'select * from marts.c',
      'marts.c': 'select * from marts.a',
    })
    await expect(orderModels(db, models)).rejects.toThrow(
      'models read in a circle: marts.a → marts.b → marts.c → marts.a',
    )
  })

  it('cannot be made where a model reads itself', async () => {
    await expect(orderModels(db, modelsOf({ 'marts.a': 'select * from marts.a' }))).rejects.toThrow('circle')
  })

  it('cannot be made where a model reads what is not there, and names both', async () => {
    await expect(orderModels(db, modelsOf({ 'marts.a': 'select * from marts.sesions' }))).rejects.toThrow(
      'marts.a reads marts.sesions, which is no model and no table of the ledger',
    )
  })
})

describe('what a change reaches', () => {
  const selects = {
    'staging.a': 'select * from raw.a',
    'staging.b': 'select * from raw.b',
    'intermediate.ab': 'select * from staging.a, staging.b',
    'marts.only_a': 'select * from staging.a',
    'marts.all': 'select * from intermediate.ab',
    'marts.last': 'select * from marts.all',
  }

  it('is all that reads it, near or far, and nothing else', async () => {
    const ordered = await orderModels(db, modelsOf(selects))
    expect([...downstreamOf(new Set(['raw.b']), ordered)].sort()).toEqual([
      'intermediate.ab',
      'marts.all',
      'marts.last',
      'staging.b',
    ])
    expect(downstreamOf(new Set(['raw.nothing']), ordered).size).toBe(0)
    expect([...downstreamOf(new Set(['marts.all']), ordered)]).toEqual(['marts.last'])
  })

  it('needs all that these read, with themselves', async () => {
    const ordered = await orderModels(db, modelsOf(selects))
    expect([...upstreamOf(new Set(['marts.only_a']), ordered)]).toEqual(['staging.a', 'marts.only_a'])
    expect([...upstreamOf(new Set(['marts.all']), ordered)]).toEqual([
      'staging.a',
      'staging.b',
      'intermediate.ab',
      'marts.all',
    ])
  })
})
