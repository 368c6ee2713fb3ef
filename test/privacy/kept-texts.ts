// Everything that lies below out/, as text: the bytes of each file, and each value of each table and Parquet file.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { openDatabase, sqlText } from '../../pipeline/warehouse/db.js'
import { filesIn } from '../golden/golden-run.js'

/** By file; compressed pages are read through DuckDB as well. */
export async function readKeptTexts(out: string): Promise<Map<string, string>> {
  const texts = new Map<string, string>()
  for (const file of filesIn(out)) {
    const path = join(out, file)
    const values = file.endsWith('.duckdb')
      ? await databaseValues(path)
      : file.endsWith('.parquet')
        ? await parquetValues(path)
        : ''
    texts.set(file, `${readFileSync(path, 'latin1')}\n${values}`)
  }
  return texts
}

async function databaseValues(path: string): Promise<string> {
  const db = await openDatabase(path, { readOnly: true })
  try {
    const tables = await db.rows<{ schema_name: string; table_name: string }>(
      'select schema_name, table_name from duckdb_tables()',
    )
    const values: string[] = []
    for (const { schema_name, table_name } of tables)
      values.push(JSON.stringify(await db.rows(`select * from ${schema_name}.${table_name}`)))
    return values.join('\n')
  } finally {
    db.close()
  }
}

async function parquetValues(path: string): Promise<string> {
  const db = await openDatabase(':memory:')
  try {
    return JSON.stringify(await db.rows(`select * from read_parquet(${sqlText(path)})`))
  } finally {
    db.close()
  }
}
