// One read-only SELECT on the marts, in a database that can reach neither files nor settings.
import { existsSync } from 'node:fs'
import type { DuckDBType } from '@duckdb/node-api'
import { messageOf, UserError } from '../errors.js'
import { type JsonValue, openDatabase, toJson } from './db.js'

export interface QueryColumn {
  readonly name: string
  readonly type: DuckDBType
}

export interface QueryResult {
  readonly columns: readonly QueryColumn[]
  readonly rows: readonly (readonly JsonValue[])[]
}

const sandbox = {
  enable_external_access: 'false',
  autoload_known_extensions: 'false',
  autoinstall_known_extensions: 'false',
  lock_configuration: 'true',
}

/** Runs one SELECT on the warehouse; UserError for anything else, and for SQL that DuckDB refuses. */
export async function queryWarehouse(warehouse: string, sql: string): Promise<QueryResult> {
  if (!existsSync(warehouse))
    throw new UserError(`nothing is loaded yet: there is no ${warehouse}`, 'Run `debrief sync` first.')
  const { StatementType } = await import('@duckdb/node-api')
  const db = await openDatabase(warehouse, { readOnly: true, settings: sandbox })
  try {
    const statements = await db.connection.extractStatements(sql)
    const statement = statements.count === 1 ? await statements.prepare(0) : null
    if (
      statement?.statementType !== StatementType.SELECT &&
      statement?.statementType !== StatementType.EXPLAIN
    )
      throw new UserError(
        `expected one SELECT, got ${statements.count === 1 ? 'another kind of statement' : `${statements.count} statements`}`,
        'debrief query only reads. Open warehouse.duckdb with DuckDB for anything else.',
      )
    const reader = await statement.runAndReadAll()
    return {
      columns: reader.deduplicatedColumnNames().map((name, i) => ({ name, type: reader.columnType(i) })),
      rows: reader.getRows().map((row) => row.map(toJson)),
    }
  } catch (cause) {
    if (cause instanceof UserError) throw cause
    throw new UserError(
      messageOf(cause),
      'Tables: debrief query "show tables". Columns: sql/DICTIONARY.md.',
      { cause },
    )
  } finally {
    db.close()
  }
}
