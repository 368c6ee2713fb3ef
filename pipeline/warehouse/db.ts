// A DuckDB database as the stages see it: run statements, read rows as plain JSON values, close.

import { basename, extname } from 'node:path'
import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api'
import {
  DuckDBBlobValue,
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBInstance,
  DuckDBListValue,
  DuckDBMapValue,
  DuckDBStructValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
} from './duckdb.js'

export type JsonValue = null | boolean | number | string | JsonValue[] | { [key: string]: JsonValue }
export type Row = Record<string, JsonValue>
export type Bindable = null | boolean | number | bigint | string

export interface Database {
  readonly connection: DuckDBConnection
  /** Runs one or more statements, without result. */
  run(sql: string, values?: readonly Bindable[]): Promise<void>
  /** Rows as JSON values: numbers where exact, instants as ISO 8601 in UTC, dates as YYYY-MM-DD. */
  rows<T extends object = Row>(sql: string, values?: readonly Bindable[]): Promise<T[]>
  /** Another connection to the same database, for work at the same time; temporary tables and macros are its own. */
  connect(): Promise<Database>
  close(): void
}

/** Rows that are written at once: fewer than are loaded at a time, so that no commit writes them a second time. */
export const smallRowGroup = 30_720

/** How files are written: as DuckDB 1.4 does takes a third less time than as 1.0 did, and duckdb-wasm reads it too. */
export const storageVersion = 'v1.4.0'

export interface OpenOptions {
  readonly readOnly?: boolean
  readonly rowGroupSize?: number
  readonly settings?: Readonly<Record<string, string>>
}

/** Opens a database file, or `:memory:`. One process may open a file once: close it before opening again. */
export async function openDatabase(path: string, options: OpenOptions = {}): Promise<Database> {
  if (options.rowGroupSize !== undefined) return openAttached(path, options.rowGroupSize, options.settings)
  const instance = await DuckDBInstance.create(path, {
    ...(options.readOnly ? { access_mode: 'READ_ONLY' } : {}),
    ...options.settings,
  })
  return databaseOver(instance, await instance.connect(), () => instance.closeSync())
}

/** Only a database that is attached can be told the size of its row groups; else it is as if it had been opened. */
async function openAttached(
  path: string,
  rowGroupSize: number,
  settings: OpenOptions['settings'],
): Promise<Database> {
  const instance = await DuckDBInstance.create(':memory:', {
    temp_directory: `${path}.tmp`,
    ...settings,
  })
  const name = basename(path, extname(path))
  const db = databaseOver(instance, await instance.connect(), () => instance.closeSync(), `use ${name}`)
  try {
    const layout = `row_group_size ${rowGroupSize}, storage_version '${storageVersion}'`
    await db.run(`attach ${sqlText(path)} as ${name} (${layout}); use ${name}`)
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

function databaseOver(
  instance: DuckDBInstance,
  connection: DuckDBConnection,
  closeInstance: () => void,
  opening?: string,
): Database {
  return {
    connection,
    run: async (sql, values = []) => {
      if (values.length === 0) await connection.run(sql)
      else await connection.run(sql, [...values])
    },
    rows: async <T extends object>(sql: string, values: readonly Bindable[] = []) => {
      const reader = await connection.runAndReadAll(sql, [...values])
      const names = reader.deduplicatedColumnNames()
      return reader
        .getRows()
        .map((row) => Object.fromEntries(names.map((name, i) => [name, toJson(row[i] ?? null)])) as T)
    },
    connect: async () => {
      const beside = databaseOver(instance, await instance.connect(), () => {}, opening)
      if (opening !== undefined) await beside.run(opening)
      return beside
    },
    close: () => {
      connection.closeSync()
      closeInstance()
    },
  }
}

/** Does all of the work or, where it fails, none. */
export async function inTransaction<T>(db: Database, work: () => Promise<T>): Promise<T> {
  await db.run('begin')
  try {
    const result = await work()
    await db.run('commit')
    return result
  } catch (error) {
    await db.run('rollback').catch(() => {})
    throw error
  }
}

/** A DuckDB value as JSON. Integers beyond 2^53 and inexact decimals become strings, so no digit is lost. */
export function toJson(value: DuckDBValue): JsonValue {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value)
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString()
  if (value instanceof DuckDBDecimalValue) return decimalToJson(value.toString())
  if (value instanceof DuckDBTimestampValue || value instanceof DuckDBTimestampTZValue)
    return instantToJson(value)
  if (value instanceof DuckDBDateValue) return value.toString()
  if (value instanceof DuckDBListValue) return value.items.map(toJson)
  if (value instanceof DuckDBStructValue)
    return Object.fromEntries(Object.entries(value.entries).map(([key, inner]) => [key, toJson(inner)]))
  if (value instanceof DuckDBMapValue)
    return Object.fromEntries(
      value.entries.map(({ key, value: inner }) => [String(toJson(key)), toJson(inner)]),
    )
  if (value instanceof DuckDBBlobValue) return Buffer.from(value.bytes).toString('base64')
  return String(value)
}

function decimalToJson(text: string): number | string {
  const shortest = text.includes('.') ? text.replace(/\.?0+$/, '') : text
  return String(Number(shortest)) === shortest ? Number(shortest) : shortest
}

/** Infinity and the years beyond those of a JavaScript date stay as DuckDB writes them. */
function instantToJson(value: { readonly micros: bigint; toString(): string }): string {
  const rest = ((value.micros % 1000n) + 1000n) % 1000n
  const instant = new Date(Number((value.micros - rest) / 1000n))
  if (Number.isNaN(instant.getTime())) return value.toString()
  const iso = instant.toISOString()
  return rest === 0n ? iso : iso.replace('Z', `${String(rest).padStart(3, '0')}Z`)
}

/** A text as an SQL string literal. */
export function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

/** SQL for a path column in which this home directory is written as ~; other paths are as `otherwise` says. */
export function sqlHomeAsTilde(column: string, home: string, otherwise: string = column): string {
  const own = sqlText(home)
  return `case when ${column} = ${own} or starts_with(${column}, ${own} || '/')
    then '~' || substr(${column}, length(${own}) + 1) else ${otherwise} end`
}
