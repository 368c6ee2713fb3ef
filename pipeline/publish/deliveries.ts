// The ledger's memory of what was sent where: written as intended before a request, settled after its answer.
import type { Database } from '../warehouse/db.js'
import { appendDelivery, type DeliveryLine } from './delivery-journal.js'
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
}

export interface DeliveryBook {
  find(target: string): Promise<DeliveryRow | null>
  intend(target: string, remoteId: string | null): Promise<void>
  settle(target: string, row: DeliveryRow, error?: string): Promise<void>
  /** Keeps where the report of a frozen period can be found; `url` holds nothing that lets one in. */
  keepLink(url: string): Promise<void>
}

interface StoredRow {
  readonly status: DeliveryRow['status']
  readonly remote_id: string | null
  readonly content_sha256: string | null
}

/** `clearText` takes the secrets out of whatever is written down; the journal at `journal` is written first. */
export function openDeliveryBook(
  db: Database,
  period: Period,
  now: () => Date,
  clearText: (text: string) => string,
  journal: string,
): DeliveryBook {
  const idOf = (target: string) => `${target}/${period.kind}/${period.period}`
  const note = (target: string, row: Pick<DeliveryLine, 'status' | 'remote_id' | 'content_sha256'>) =>
    appendDelivery(journal, {
      delivery_id: idOf(target),
      target,
      period_kind: period.kind,
      period: period.period,
      ...row,
      at: now().toISOString(),
    })
  return {
    find: async (target) => {
      const [row] = await db.rows<StoredRow>(
        'select status, remote_id, content_sha256 from state.deliveries where delivery_id = $1',
        [idOf(target)],
      )
      return row ? { status: row.status, remoteId: row.remote_id, contentSha256: row.content_sha256 } : null
    },
    intend: async (target, remoteId) => {
      note(target, { status: 'intended', remote_id: remoteId, content_sha256: null })
      await db.run(
        `insert or replace into state.deliveries
           (delivery_id, target, period_kind, period, status, remote_id, intended_at)
         values ($1, $2, $3, $4, 'intended', $5, $6::timestamp)`,
        [idOf(target), target, period.kind, period.period, remoteId, instant(now())],
      )
    },
    settle: async (target, row, error) => {
      note(target, { status: row.status, remote_id: row.remoteId, content_sha256: row.contentSha256 })
      await db.run(
        `update state.deliveries
         set status = $2, remote_id = $3, content_sha256 = $4, settled_at = $5::timestamp, error = $6
         where delivery_id = $1`,
        [
          idOf(target),
          row.status,
          row.remoteId,
          row.contentSha256,
          instant(now()),
          error === undefined ? null : clearText(error),
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
