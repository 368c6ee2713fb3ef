// The formats in which rows are printed.
import type { DuckDBType } from '@duckdb/node-api'
import type { JsonValue } from '../pipeline/warehouse/db.js'
import type { QueryResult } from '../pipeline/warehouse/query.js'

type Printer = (result: QueryResult) => string | Promise<Uint8Array>

export const printers = {
  table: printTable,
  json: printJson,
  csv: printCsv,
  arrow: printArrow,
} satisfies Record<string, Printer>

const mostTableRows = 200
const widestCell = 60

function printTable({ columns, rows }: QueryResult): string {
  const shown = rows.slice(0, mostTableRows)
  const isNumber = columns.map((_, i) => rows.every((row) => row[i] === null || typeof row[i] === 'number'))
  const cells = [columns.map(({ name }) => name), ...shown.map((row) => row.map(cellText))]
  const widths = columns.map((_, i) => Math.max(...cells.map((line) => line[i]!.length)))
  const lines = cells.map((line) =>
    line
      .map((cell, i) => (isNumber[i] ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)))
      .join('  ')
      .trimEnd(),
  )
  lines.splice(1, 0, widths.map((width) => '─'.repeat(width)).join('  '))
  if (rows.length > shown.length)
    lines.push(`… and ${rows.length - shown.length} more rows; --format json or csv shows all`)
  return lines.join('\n')
}

function cellText(value: JsonValue): string {
  const text = value === null ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value)
  const oneLine = text.replaceAll(/\s+/g, ' ')
  return oneLine.length > widestCell ? `${oneLine.slice(0, widestCell - 1)}…` : oneLine
}

function printJson({ columns, rows }: QueryResult): string {
  const objects = rows.map((row) => Object.fromEntries(columns.map(({ name }, i) => [name, row[i] ?? null])))
  return objects.length === 0 ? '[]' : `[\n${objects.map((row) => `  ${JSON.stringify(row)}`).join(',\n')}\n]`
}

function printCsv({ columns, rows }: QueryResult): string {
  return [columns.map(({ name }) => name), ...rows].map((line) => line.map(csvCell).join(',')).join('\n')
}

function csvCell(value: JsonValue): string {
  if (value === null) return ''
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
  return /[",\r\n]/.test(text) || text === '' ? `"${text.replaceAll('"', '""')}"` : text
}

/** Integers as Int64, decimals and doubles as Float64, instants as milliseconds, the rest as text. */
async function printArrow({ columns, rows }: QueryResult): Promise<Uint8Array> {
  const arrow = await import('apache-arrow')
  const vectors = columns.map(({ name, type }, i) => {
    const values = rows.map((row) => row[i] ?? null)
    switch (arrowKind(type)) {
      case 'bool':
        return [name, arrow.vectorFromArray(values as boolean[], new arrow.Bool())] as const
      case 'integer':
        return [name, arrow.vectorFromArray(values.map(toBigInt), new arrow.Int64())] as const
      case 'number':
        return [name, arrow.vectorFromArray(values.map(toNumber), new arrow.Float64())] as const
      case 'instant':
        return [name, arrow.vectorFromArray(values.map(toMillis), new arrow.TimestampMillisecond())] as const
      default:
        return [name, arrow.vectorFromArray(values.map(toText), new arrow.Utf8())] as const
    }
  })
  return arrow.tableToIPC(new arrow.Table(Object.fromEntries(vectors)), 'stream')
}

function arrowKind(type: DuckDBType): 'bool' | 'integer' | 'number' | 'instant' | 'text' {
  const name = type.toString()
  if (name === 'BOOLEAN') return 'bool'
  if (/^U?(TINY|SMALL|BIG)?INT(EGER)?$/.test(name)) return 'integer'
  if (/^(FLOAT|DOUBLE|DECIMAL|HUGEINT)/.test(name)) return 'number'
  return name.startsWith('TIMESTAMP') ? 'instant' : 'text'
}

function toBigInt(value: JsonValue): bigint | null {
  return value === null ? null : BigInt(value as number | string)
}

function toNumber(value: JsonValue): number | null {
  return value === null ? null : Number(value)
}

function toMillis(value: JsonValue): number | null {
  return value === null ? null : Date.parse(String(value))
}

function toText(value: JsonValue): string | null {
  return value === null || typeof value === 'string' ? value : JSON.stringify(value)
}
