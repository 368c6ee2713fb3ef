// The ledger's memory of what was sent where: written as intended before a request, settled after its answer.
import type { Database } from '../warehouse/db.js'
import { appendDelivery } from './delivery-journal.js'
import type { Period } from './objects.js'

/** How one delivery ended, for the person who started it. */
export interface Delivery {
  readonly target: string
  readonly status: 'delivered' | 'unchanged' | 'failed' | 'unknown' | 'off' | 'dry-run'
  /** Where the report can be read. */
  readonly link?: string
  readonly detail: string
}

export interface DeliveryRow {
  readonly status: 'intended' | 'delivered' | 'failed' | 'unknown'
  /** The message's id or the object's key; null while nothing is known to be there. */
  readonly remoteId: string | null
  readonly contentSha256: string | null
  /** The forum's post that the message began; null elsewhere. */
  readonly threadId?: string | null
}

export interface KnownDelivery extends DeliveryRow {
  readonly intendedAt: Date
}

export interface DeliveryBook {
  /** Names one delivery: target, kind and period. */
  idOf(target: string): string
  find(target: string): Promise<KnownDelivery | null>
  intend(target: string, remoteId: string | null, threadId?: string | null): Promise<void>
  settle(target: string, row: DeliveryRow, error?: string): Promise<void>
  /** Keeps where the report of a frozen period can be found; `url` holds nothing that lets one in. */
  keepLink(url: string): Promise<void>
}

interface StoredRow {
  readonly status: DeliveryRow['status']
  readonly remote_id: string | null
  readonly content_sha256: string | null
  readonly thread_id: string | null
  readonly intended_at: string
}

/** `clearText` takes the secrets out of whatever is written down; the journal at `journal` is written first. */
export function openDeliveryBook(
  db: Database,
  /** What it tells: a week or month, or an alert. */
  period: Omit<Period, 'kind'> & { readonly kind: Period['kind'] | 'alert' },
  now: () => Date,
  clearText: (text: string) => string,
  journal: string,
): DeliveryBook {
  const idOf = (target: string) => `${target}/${period.kind}/${period.period}`
  const note = (target: string, row: DeliveryRow) =>
    appendDelivery(journal, {
      delivery_id: idOf(target),
      target,
      period_kind: period.kind,
      period: period.period,
      status: row.status,
      remote_id: row.remoteId,
      thread_id: row.threadId ?? null,
      content_sha256: row.contentSha256,
      at: now().toISOString(),
    })
  return {
    idOf,
    find: async (target) => {
      const [row] = await db.rows<StoredRow>(
        `select status, remote_id, content_sha256, thread_id, intended_at
         from state.deliveries where delivery_id = $1`,
        [idOf(target)],
      )
      if (!row) return null
      return {
        status: row.status,
        remoteId: row.remote_id,
        contentSha256: row.content_sha256,
        threadId: row.thread_id,
        intendedAt: new Date(row.intended_at),
      }
    },
    intend: async (target, remoteId, threadId) => {
      note(target, { status: 'intended', remoteId, threadId: threadId ?? null, contentSha256: null })
      await db.run(
        `insert or replace into state.deliveries
           (delivery_id, target, period_kind, period, status, remote_id, thread_id, intended_at)
         values ($1, $2, $3, $4, 'intended', $5, $6, $7::timestamp)`,
        [idOf(target), target, period.kind, period.period, remoteId, threadId ?? null, instant(now())],
      )
    },
    settle: async (target, row, error) => {
      note(target, row)
      await db.run(
        `update state.deliveries
         set status = $2, remote_id = $3, content_sha256 = $4, settled_at = $5::timestamp, error = $6,
           thread_id = $7
         where delivery_id = $1`,
        [
          idOf(target),
          row.status,
          row.remoteId,
          row.contentSha256,
          instant(now()),
          error === undefined ? null : clearText(error),
          row.threadId ?? null,
        ],
      )
    },
    keepLink: (url) =>
      db.run('update state.periods set report_link = $3 where period_kind = $1 and period = $2', [
        period.kind,
        period.period,
        url,
      ]),
  }
}

function instant(date: Date): string {
  return date.toISOString().replace('Z', '')
}
