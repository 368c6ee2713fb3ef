// One model case: input tables as CSV, the model's SELECT, and the rows it must give.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Database, type Row, sqlText } from '../../pipeline/warehouse/db.js'
import type { Model } from '../../pipeline/warehouse/models.js'

export interface Difference {
  /** Rows that expected.csv has and the model does not give. */
  readonly missing: readonly Row[]
  readonly unexpected: readonly Row[]
}

export interface Expectation {
  readonly names: readonly string[]
  /** By name, where the header cell reads `name:type`. */
  readonly types: Readonly<Record<string, string>>
}

/**
 * Runs the model over the case's tables, in a transaction that leaves the database as it was. A table that the case
 * lacks is the one in `shared`, else empty; a column that a CSV lacks is null.
 */
export async function runCase(
  db: Database,
  model: Pick<Model, 'sql'>,
  folder: string,
  shared: string,
): Promise<Difference> {
  await db.run('begin')
  try {
    for (const [table, file] of inputsOf(folder, shared)) await fillTable(db, table, file)
    await db.run(`create temp table actual as\n${model.sql}`)
    return await compare(db, join(folder, 'expected.csv'))
  } finally {
    await db.run('rollback')
  }
}

function inputsOf(folder: string, shared: string): Map<string, string> {
  const inputs = new Map<string, string>()
  for (const place of [shared, folder])
    for (const file of readdirSync(place))
      if (file.endsWith('.csv') && file !== 'expected.csv') inputs.set(file.slice(0, -4), join(place, file))
  return inputs
}

async function fillTable(db: Database, table: string, file: string): Promise<void> {
  const { names } = readHeader(file)
  await db.run(`insert into ${table} (${names.join(', ')}) ${csvRows(file, names)}`)
}

async function compare(db: Database, file: string): Promise<Difference> {
  const { names, types } = readHeader(file)
  await checkTypes(db, types)
  const columns = names.join(', ')
  await db.run(`create temp table expected as select ${columns} from actual limit 0`)
  await db.run(`insert into expected ${csvRows(file, names)}`)
  const except = (left: string, right: string) =>
    db.rows(`select ${columns} from ${left} except all select ${columns} from ${right} order by all`)
  return { missing: await except('expected', 'actual'), unexpected: await except('actual', 'expected') }
}

async function checkTypes(db: Database, types: Expectation['types']): Promise<void> {
  const described = await db.rows<{ column_name: string; column_type: string }>('describe actual')
  for (const { column_name, column_type } of described) {
    const expected = types[column_name]
    if (expected !== undefined && expected.toUpperCase() !== column_type)
      throw new Error(`${column_name}: expected the type ${expected.toUpperCase()}, got ${column_type}`)
  }
}

/** A cell that is empty is null; one that is `""` is an empty text. */
function csvRows(file: string, names: readonly string[]): string {
  return `select * from read_csv(${sqlText(file)}, skip = 1, header = false, all_varchar = true, auto_detect = false,
    delim = ',', quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false,
    columns = {${names.map((name) => `${name}: 'varchar'`).join(', ')}})`
}

function readHeader(file: string): Expectation {
  const [line = ''] = readFileSync(file, 'utf8').split('\n', 1)
  const cells = [...line.matchAll(/"([^"]*)"|([^,]+)/g)].map(([, quoted, plain]) =>
    (quoted ?? plain ?? '').trim(),
  )
  const pairs = cells.map((cell) => cell.split(':') as [string, string?])
  return {
    names: pairs.map(([name]) => name),
    types: Object.fromEntries(pairs.flatMap(([name, type]) => (type === undefined ? [] : [[name, type]]))),
  }
}
