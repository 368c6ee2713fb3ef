// Writes marts as Arrow IPC streams, batch by batch, so that memory does not grow with the logs.
import { mkdir, open, rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { RecordBatchStreamWriter } from 'apache-arrow'
import type { Database } from '../../warehouse/db.js'
import { type ColumnPacker, columnPacker } from './arrow-columns.js'

type Arrow = typeof import('apache-arrow')

/** Rows a batch; batches are always full but the last, so that equal rows give equal bytes. */
const batchRows = 40_960

/** Writes the rows of this SELECT, which must be in a total order; returns how many there are. */
export async function writeArrowFile(db: Database, select: string, file: string): Promise<number> {
  const arrow = await import('apache-arrow')
  const result = await db.connection.stream(select)
  const names = result.deduplicatedColumnNames()
  const packers = result.columnTypes().map((type) => columnPacker(arrow, type.toString(), batchRows))
  const schema = new arrow.Schema(names.map((name, i) => new arrow.Field(name, packers[i]!.type, true)))
  const { writer, takeBytes } = openWriter(arrow, schema)
  await mkdir(dirname(file), { recursive: true })
  const handle = await open(`${file}.tmp`, 'w')
  let rowCount = 0
  try {
    const writeBatch = async (length: number) => {
      if (length > 0) writer.write(batchOf(arrow, schema, packers, length))
      await handle.writev(takeBytes())
    }
    let waiting = 0
    for (let chunk = await result.fetchChunk(); chunk?.rowCount; chunk = await result.fetchChunk()) {
      const columns = chunk.getColumns()
      for (let row = 0; row < chunk.rowCount; row += 1) {
        for (const [i, packer] of packers.entries()) packer.add(columns[i]![row] ?? null)
        waiting += 1
        if (waiting === batchRows) {
          await writeBatch(waiting)
          waiting = 0
        }
      }
      rowCount += chunk.rowCount
    }
    await writeBatch(waiting)
    writer.finish()
    await handle.writev(takeBytes())
  } finally {
    await handle.close()
  }
  await rename(`${file}.tmp`, file)
  return rowCount
}

function batchOf(
  arrow: Arrow,
  schema: InstanceType<Arrow['Schema']>,
  packers: readonly ColumnPacker[],
  length: number,
) {
  const children = packers.map((packer) => packer.pack())
  const data = arrow.makeData({ type: new arrow.Struct(schema.fields), length, nullCount: 0, children })
  return new arrow.RecordBatch(schema, data)
}

/** A writer whose bytes are taken out as they come; its own queue would hold them all until the end. */
function openWriter(
  arrow: Arrow,
  schema: InstanceType<Arrow['Schema']>,
): { writer: RecordBatchStreamWriter; takeBytes: () => Uint8Array[] } {
  let bytes: Uint8Array[] = []
  const sink = new arrow.AsyncByteQueue()
  sink.write = (chunk) => {
    bytes.push(chunk as Uint8Array)
  }
  const writer = new arrow.RecordBatchStreamWriter()
  writer.reset(sink, schema)
  return {
    writer,
    takeBytes: () => {
      const taken = bytes
      bytes = []
      return taken.length === 0 ? [new Uint8Array(0)] : taken
    },
  }
}
