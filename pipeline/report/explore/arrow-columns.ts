// A column of DuckDB values as Arrow keeps it: packed bytes, a bit a row for what is not null.
import type { DuckDBValue } from '@duckdb/node-api'
import type { Data, DataType } from 'apache-arrow'

type Arrow = typeof import('apache-arrow')

/** Takes the values of one batch, row by row, and packs them. */
export interface ColumnPacker {
  readonly type: DataType
  readonly add: (value: DuckDBValue) => void
  /** What was added since the last time. */
  readonly pack: () => Data
}

/** For a column of this DuckDB type; UserError-free by design: an unknown type is a bug, which names itself. */
export function columnPacker(arrow: Arrow, sqlType: string, mostRows: number): ColumnPacker {
  const decimal = /^DECIMAL\((\d+),(\d+)\)$/.exec(sqlType)
  if (decimal) return decimalPacker(arrow, Number(decimal[1]), Number(decimal[2]), mostRows)
  switch (sqlType) {
    case 'VARCHAR':
      return textPacker(arrow, mostRows)
    case 'BOOLEAN':
      return booleanPacker(arrow, mostRows)
    case 'BIGINT':
      return fixedPacker(arrow, new arrow.Int64(), new BigInt64Array(mostRows), (value) => value as bigint)
    case 'INTEGER':
      return fixedPacker(arrow, new arrow.Int32(), new Int32Array(mostRows), (value) => value as number)
    case 'DOUBLE':
      return fixedPacker(arrow, new arrow.Float64(), new Float64Array(mostRows), (value) => value as number)
    case 'DATE':
      return fixedPacker(
        arrow,
        new arrow.DateDay(),
        new Int32Array(mostRows),
        (value) => (value as { readonly days: number }).days,
      )
    case 'TIMESTAMP':
      return fixedPacker(
        arrow,
        new arrow.TimestampMicrosecond(),
        new BigInt64Array(mostRows),
        (value) => (value as { readonly micros: bigint }).micros,
      )
  }
  throw new Error(`expected a type that marts have, got ${sqlType}`)
}

/** Bits for `mostRows` rows, the first row's the lowest. */
class Bits {
  readonly bytes: Uint8Array
  length = 0
  setCount = 0

  constructor(mostRows: number) {
    this.bytes = new Uint8Array(Math.ceil(mostRows / 8))
  }

  add(isSet: boolean): void {
    if (isSet) {
      this.bytes[this.length >> 3]! |= 1 << (this.length & 7)
      this.setCount += 1
    }
    this.length += 1
  }

  take(): { length: number; nullCount: number; nullBitmap: Uint8Array } {
    const taken = {
      length: this.length,
      nullCount: this.length - this.setCount,
      nullBitmap: this.bytes.slice(0, Math.ceil(this.length / 8)),
    }
    this.bytes.fill(0)
    this.length = 0
    this.setCount = 0
    return taken
  }
}

function fixedPacker<V extends bigint | number>(
  arrow: Arrow,
  type: DataType,
  values: { [row: number]: V; slice(start: number, end: number): unknown },
  read: (value: DuckDBValue) => V,
): ColumnPacker {
  const mostRows = (values as unknown as ArrayLike<V>).length
  const present = new Bits(mostRows)
  const zero = (values as unknown as ArrayLike<V>)[0]!
  return {
    type,
    add: (value) => {
      values[present.length] = value === null ? zero : read(value)
      present.add(value !== null)
    },
    pack: () => {
      const taken = present.take()
      return makeData(arrow, { type, ...taken, data: values.slice(0, taken.length) })
    },
  }
}

/** 128 bits a value, the lowest 32 first. */
function decimalPacker(arrow: Arrow, precision: number, scale: number, mostRows: number): ColumnPacker {
  const type = new arrow.Decimal(scale, precision, 128)
  const halves = new BigInt64Array(2 * mostRows)
  const present = new Bits(mostRows)
  return {
    type,
    add: (value) => {
      const digits = value === null ? 0n : (value as { readonly value: bigint }).value
      halves[2 * present.length] = BigInt.asIntN(64, digits)
      halves[2 * present.length + 1] = digits >> 64n
      present.add(value !== null)
    },
    pack: () => {
      const taken = present.take()
      const data = new Uint32Array(halves.slice(0, 2 * taken.length).buffer)
      return makeData(arrow, { type, ...taken, data })
    },
  }
}

function booleanPacker(arrow: Arrow, mostRows: number): ColumnPacker {
  const type = new arrow.Bool()
  const values = new Bits(mostRows)
  const present = new Bits(mostRows)
  return {
    type,
    add: (value) => {
      values.add(value === true)
      present.add(value !== null)
    },
    pack: () => makeData(arrow, { type, data: values.take().nullBitmap, ...present.take() }),
  }
}

function textPacker(arrow: Arrow, mostRows: number): ColumnPacker {
  const type = new arrow.Utf8()
  const present = new Bits(mostRows)
  const offsets = new Int32Array(mostRows + 1)
  let texts: string[] = []
  let size = 0
  return {
    type,
    add: (value) => {
      const text = (value ?? '') as string
      texts.push(text)
      size += Buffer.byteLength(text)
      present.add(value !== null)
      offsets[present.length] = size
    },
    pack: () => {
      const data = Buffer.from(texts.join(''))
      texts = []
      size = 0
      const taken = present.take()
      return makeData(arrow, { type, ...taken, valueOffsets: offsets.slice(0, taken.length + 1), data })
    },
  }
}

/** Its types tell every Arrow type apart by literal members; here the type is only known when the table is read. */
function makeData(arrow: Arrow, parts: { readonly type: DataType } & Record<string, unknown>): Data {
  return arrow.makeData(parts as unknown as Parameters<Arrow['makeData']>[0])
}
