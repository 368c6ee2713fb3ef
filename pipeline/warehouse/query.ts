// One read-only SELECT on the marts, in a database that can reach neither files nor settings.
import { existsSync } from 'node:fs'
import type { DuckDBConnection, DuckDBPreparedStatement, DuckDBType } from '@duckdb/node-api'
import { messageOf, UserError } from '../errors.js'
import { type JsonValue, openDatabase, toJson } from './db.js'
import { StatementType } from './duckdb.js'

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
  const db = await openDatabase(warehouse, { readOnly: true, settings: sandbox })
  try {
    const statement = await prepareSelect(db.connection, sql)
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

async function prepareSelect(connection: DuckDBConnection, sql: string): Promise<DuckDBPreparedStatement> {
  if (isEmpty(sql)) throw notOneSelect('0 statements')
  const statements = await connection.extractStatements(sql)
  if (statements.count !== 1) throw notOneSelect(`${statements.count} statements`)
  const statement = await statements.prepare(0)
  if (statement.statementType === StatementType.SELECT) return statement
  if (statement.statementType !== StatementType.EXPLAIN) throw notOneSelect('another kind of statement')
  // EXPLAIN ANALYZE runs what it explains, be it a COPY to the database's own file: that must be a SELECT too.
  const explained = /^\s*explain\s+(?:analyze\s+)?(?:\((?:[\w\s,]|'\w*')*\)\s*)?(.*)$/is.exec(sql)?.[1] ?? ''
  if (!/^(?:select|with|from|values)\b/i.test(explained)) throw notOneSelect('EXPLAIN of something else')
  await prepareSelect(connection, explained)
  return statement
}

/** DuckDB gives no answer of its own where there are only blanks, semicolons and comments. */
function isEmpty(sql: string): boolean {
  return sql.replaceAll(/--.*$|\/\*[\s\S]*?\*\/|[\s;]/gm, '') === ''
}

function notOneSelect(got: string): UserError {
  return new UserError(
    `expected one SELECT, got ${got}`,
    'debrief query only reads. Open warehouse.duckdb with DuckDB for anything else.',
  )
}
