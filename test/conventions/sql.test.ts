import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { reportQueries } from '../../pipeline/report/data.js'
import { packageRoot } from '../../pipeline/root.js'
import { checkModel } from '../../pipeline/warehouse/check.js'
import { readColumnTypes } from '../../pipeline/warehouse/dictionary.js'
import { discoverModels } from '../../pipeline/warehouse/models.js'
import { tablesRead, upstreamOf } from '../../pipeline/warehouse/order.js'
import { readSql } from '../../pipeline/warehouse/read-sql.js'
import { buildEmptyWarehouse, type EmptyWarehouse } from '../models/empty-warehouse.js'
import { publicTables } from './public-columns.js'
import { discoverReports, sqlNames, sqlTexts } from './sql-files.js'

const models = discoverModels()
const reports = discoverReports()
let warehouse: EmptyWarehouse
let columns: { table: string; name: string; type: string }[]
beforeAll(async () => {
  warehouse = await buildEmptyWarehouse()
  const types = await readColumnTypes(warehouse.db, models)
  columns = [...types].flatMap(([table, byName]) =>
    [...byName].map(([name, type]) => ({ table, name, type })),
  )
})
afterAll(() => warehouse?.db.close())

const offending = (isBroken: (column: { table: string; name: string; type: string }) => boolean) =>
  columns.filter(isBroken).map(({ table, name, type }) => `${table}.${name} ${type}`)

describe('every model', () => {
  test('gives the columns that its header promises', async () => {
    for (const model of models) await checkModel(warehouse.db, model)
  })

  test('has a sentence, and says what its columns mean unless it is staging', () => {
    const mute = models.filter(
      ({ layer, description, columns }) =>
        !description.endsWith('.') || (columns.length === 0 && layer !== 'staging'),
    )
    expect(mute.map(({ name }) => name)).toEqual([])
  })

  test('is one SELECT', () => {
    expect(
      models.filter(({ sql }) => !/^(with|select)\b/i.test(sql) || sql.includes(';')).map(({ name }) => name),
    ).toEqual([])
  })

  test('reads only what its layer may', () => {
    const readable = {
      staging: /^(raw|state|seeds)\./,
      intermediate: /^(staging|intermediate|marts)\./,
      marts: /^(staging|intermediate|marts)\./,
    }
    const wrong = warehouse.models.flatMap(({ name, layer, reads }) =>
      reads.filter((table) => !readable[layer].test(table)).map((table) => `${name} reads ${table}`),
    )
    expect(wrong).toEqual([])
  })

  test('that is patched follows from logs, and from nothing that a change of other logs would move', () => {
    const { models: ordered } = warehouse
    const patched = new Set(ordered.filter(({ patchedBy }) => patchedBy !== null).map(({ name }) => name))
    const behind = upstreamOf(patched, ordered)
    const wrong = ordered
      .filter(({ name }) => behind.has(name))
      .flatMap(({ name, reads }) =>
        reads
          .filter((table) => /^(marts|state)\./.test(table))
          .filter((table) => !patched.has(table) && !['state.files', 'state.repositories'].includes(table))
          .map((table) => `${name} reads ${table}`),
      )
    expect(wrong).toEqual([])
    expect(patched.size).toBeGreaterThan(5)
  })

  test('of staging reads one table', () => {
    const joining = warehouse.models.filter(({ layer, reads }) => layer === 'staging' && reads.length !== 1)
    expect(joining.map(({ name }) => name)).toEqual([])
  })

  test('is named in snake_case, and its file is its name', () => {
    expect(models.map(({ table }) => table).filter((table) => !/^[a-z]+(_[a-z]+)*$/.test(table))).toEqual([])
  })
})

describe('every column', () => {
  test('is in snake_case and says what it is the id, name or type of', () => {
    expect(
      offending(({ name }) => !/^[a-z][a-z0-9_]*$/.test(name) || ['id', 'name', 'type'].includes(name)),
    ).toEqual([])
  })

  test('that is true or false begins with is_ or has_', () => {
    const asNamedElsewhere = ['session_cut_short', 'redact_paths']
    expect(
      offending(
        ({ name, type }) =>
          type === 'boolean' && !/^(is|has)_/.test(name) && !asNamedElsewhere.includes(name),
      ),
    ).toEqual([])
  })

  test('that is an instant ends in _at and holds UTC without a zone', () => {
    expect(offending(({ name, type }) => type.startsWith('timestamp') && !name.endsWith('_at'))).toEqual([])
    expect(offending(({ type }) => type.includes('with time zone'))).toEqual([])
  })

  test('of tokens, counts and summed seconds is whole, and money is exact', () => {
    const whole = /^(tinyint|smallint|integer|bigint|hugeint)$/
    expect(offending(({ name, type }) => /(_tokens|_count)$/.test(name) && !whole.test(type))).toEqual([])
    expect(
      offending(({ name, type }) => /(active|duration|union)_seconds$/.test(name) && !whole.test(type)),
    ).toEqual([])
    expect(offending(({ name, type }) => name.endsWith('_usd') && !type.startsWith('decimal'))).toEqual([])
  })

  test('of a mart has a plain type', () => {
    const plain = /^(varchar|boolean|date|timestamp|integer|bigint|double|decimal\(\d+,\d+\))$/
    expect(offending(({ table, type }) => table.startsWith('marts.') && !plain.test(type))).toEqual([])
  })
})

describe('the public tables', () => {
  test.each(Object.entries(publicTables))('%s has its grain and its columns', (table, expected) => {
    const model = models.find(({ name }) => name === `marts.${table}`)
    const actual = columns.filter((column) => column.table === `marts.${table}`).map(({ name }) => name)
    const wanted = `${expected.grain} ${expected.columns}`.split(/\s+/)
    expect(model?.grain).toEqual(expected.grain.split(' '))
    expect(wanted.filter((name) => !actual.includes(name))).toEqual([])
  })

  test('period_metrics has the change of every measure', () => {
    const keys = ['user_id', 'period_kind', 'period', 'period_start', 'period_end', 'previous_period']
    const names = columns.filter(({ table }) => table === 'marts.period_metrics').map(({ name }) => name)
    const measures = names.filter((name) => !keys.includes(name) && !name.endsWith('_change'))
    expect(measures.length).toBeGreaterThan(20)
    expect(measures.filter((name) => !names.includes(`${name}_change`))).toEqual([])
  })

  test('are all the marts there are', () => {
    expect(sqlNames('marts')).toEqual(Object.keys(publicTables).sort())
  })
})

describe('every report', () => {
  test('is run, and every file that is run is there', () => {
    expect(sqlNames('reports')).toEqual([...reportQueries].sort())
  })

  test('reads marts and the one-row table period, and nothing else', async () => {
    const wrong: string[] = []
    const reads = await tablesRead(
      warehouse.db,
      reports.map(({ sql }) => sql),
    )
    for (const [i, { table }] of reports.entries())
      for (const read of reads[i]!) if (!read.startsWith('marts.')) wrong.push(`${table} reads ${read}`)
    expect(wrong).toEqual([])
  })

  test('ends in order by', () => {
    expect(
      reports.filter(({ sql }) => !/\norder by [a-z0-9_,\s]+;?\s*$/.test(sql)).map(({ table }) => table),
    ).toEqual([])
  })

  test('gives the columns that its header promises, in a total order', async () => {
    await warehouse.db.run(`create temp table period as select 'weekly' as period_kind, '2026-W07' as period,
      date '2026-02-09' as period_start, date '2026-02-16' as period_end,
      timestamp '2026-02-09' as starts_at, timestamp '2026-02-16' as ends_at, '2026-W06' as previous_period,
      date '2026-02-02' as previous_start, date '2026-02-09' as previous_end, 1 as first_weekday,
      false as is_so_far,
      timestamp '2026-02-16' as as_of`)
    for (const { table, sql, columns: promised, grain } of reports) {
      const described = await warehouse.db.rows<{ column_name: string }>(`describe ${sql}`)
      expect(described.map((row) => row.column_name).sort(), table).toEqual(
        promised.map(({ name }) => name).sort(),
      )
      expect(grain.length, table).toBeGreaterThan(0)
    }
  })

  test('has a chart or is shown as a table, and every chart has a report', () => {
    const charts = readdirSync(join(packageRoot, 'templates/charts')).map((file) =>
      file.replace('.vl.json', ''),
    )
    expect(charts.filter((chart) => !sqlNames('reports').includes(chart))).toEqual([])
  })
})

describe('every check', () => {
  const checks = sqlNames('checks').map((name) => ({ name, sql: readSql('checks', name) }))

  test('begins with its sentence and a severity', () => {
    expect(
      checks
        .filter(({ sql }) => !/^-- [A-Z].+\.\n(-- .+\n)*-- severity: (fail|warn)\n/.test(sql))
        .map(({ name }) => name),
    ).toEqual([])
  })

  test('is named after the mart that it checks', () => {
    expect(checks.map(({ name }) => name).filter((name) => !(name.split('__')[0]! in publicTables))).toEqual(
      [],
    )
  })

  test('finds nothing wrong where there is nothing', async () => {
    for (const { name, sql } of checks) expect(await warehouse.db.rows(sql), name).toEqual([])
  })
})

test('no SQL file ends its lines in spaces or is indented by tabs', () => {
  const untidy = [...sqlTexts()].filter(([, text]) => /[ \t]\n|\t/.test(text) || !text.endsWith('\n'))
  expect(untidy.map(([file]) => file)).toEqual([])
})
