// What was sent where, line by line in out/deliveries.jsonl and on the disk before the request: it outlives the ledger.
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Config } from '../config.js'
import type { Database } from '../warehouse/db.js'
import * as z from '../zod.js'

const lineSchema = z.strictObject({
  delivery_id: z.string(),
  target: z.string(),
  period_kind: z.string(),
  period: z.string(),
  status: z.enum(['intended', 'delivered', 'failed', 'unknown']),
  remote_id: z.string().nullable(),
  thread_id: z.string().nullable().default(null),
  content_sha256: z.string().nullable(),
  at: z.iso.datetime(),
})
export type DeliveryLine = z.output<typeof lineSchema>

export function journalPath({ paths }: Pick<Config, 'paths'>): string {
  return join(paths.out, 'deliveries.jsonl')
}

/** Returns once the line is on the disk. */
export function appendDelivery(path: string, line: DeliveryLine): void {
  mkdirSync(dirname(path), { recursive: true })
  const file = openSync(path, 'a', 0o600)
  try {
    // A line that was cut off must not spoil this one.
    writeSync(file, `\n${JSON.stringify(line)}`)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

/** Brings a ledger that was made again up to what the journal knows; returns how many deliveries it added or moved on. */
export async function replayDeliveries(path: string, db: Database): Promise<number> {
  let count = 0
  for (const line of lastLines(path)) {
    const [known] = await db.rows<{ at: string }>(
      'select coalesce(settled_at, intended_at) as at from state.deliveries where delivery_id = ?',
      [line.delivery_id],
    )
    if (known && Date.parse(known.at) >= Date.parse(line.at)) continue
    const at = line.at.replace('Z', '')
    await db.run(
      `insert or replace into state.deliveries
         (delivery_id, target, period_kind, period, status, remote_id, content_sha256, intended_at, settled_at,
          thread_id)
       values ($1, $2, $3, $4, $5, $6, $7, $8::timestamp, case when $5 = 'intended' then null else $8::timestamp end,
         $9)`,
      [
        line.delivery_id,
        line.target,
        line.period_kind,
        line.period,
        line.status,
        line.remote_id,
        line.content_sha256,
        at,
        line.thread_id,
      ],
    )
    count += 1
  }
  return count
}

/** Of each delivery what was said last. */
function lastLines(path: string): DeliveryLine[] {
  if (!existsSync(path)) return []
  const last = new Map<string, DeliveryLine>()
  for (const text of readFileSync(path, 'utf8').split('\n')) {
    const line = parseLine(text)
    if (line !== null) last.set(line.delivery_id, line)
  }
  return [...last.values()]
}

/** Null for a line that a crash cut off: then its request was not made either. */
function parseLine(text: string): DeliveryLine | null {
  try {
    return lineSchema.parse(JSON.parse(text))
  } catch {
    return null
  }
}
