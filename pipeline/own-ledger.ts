// The ledger as a command gets it: waited for where another holds it, made again where it cannot be used.
import { existsSync, rmSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Config } from './config.js'
import { messageOf, UserError } from './errors.js'
import type { StageContext } from './events.js'
import { journalPath, replayDeliveries } from './publish/delivery-journal.js'
import { carryForgotten } from './snapshot/forgotten.js'
import { fillLedger, verifySnapshot } from './snapshot/restore.js'
import type { Database } from './warehouse/db.js'
import {
  ledgerSchemaVersion,
  type OpenLedgerOptions,
  openLedger,
  UnusableLedger,
} from './warehouse/ledger.js'

interface OwnContext extends StageContext<Config> {
  readonly run: { readonly id: string; readonly command: string }
}

/** Opens it, in whatever state it is; a new one knows at once what was delivered before. */
export async function openOwnLedger(ctx: OwnContext): Promise<Database> {
  const { ledger: path } = ctx.config.paths
  const options = openingOf(ctx)
  const isNew = !existsSync(path)
  try {
    const ledger = await openLedger(path, options)
    if (isNew) await replay(ctx, ledger)
    return ledger
  } catch (error) {
    if (!(error instanceof UnusableLedger)) throw error
    await rebuildLedger(ctx, error)
    return openLedger(path, options)
  }
}

function openingOf(ctx: OwnContext): OpenLedgerOptions {
  const { command, id } = ctx.run
  const onWait = (holder: string) =>
    ctx.emit({ step: 'sync', action: 'warn', message: `waiting for ${holder}, which writes the ledger` })
  return { owner: { command, runId: id }, wait: { timeoutMs: ctx.config.wait_seconds * 1000, onWait } }
}

/** Sets the ledger aside and fills a new one from the snapshot; the logs that are still there are read as ever. */
async function rebuildLedger(ctx: OwnContext, { kind, message }: UnusableLedger): Promise<void> {
  const { out, ledger: path, parquet, warehouse } = ctx.config.paths
  const fresh = join(out, '.restoring', 'ledger.duckdb')
  await rm(dirname(fresh), { recursive: true, force: true })
  const ledger = await openLedger(fresh)
  let source: string
  try {
    source = await fillFromSnapshot(ctx, ledger, parquet)
    await replay(ctx, ledger)
  } finally {
    ledger.close()
  }
  const aside = await setLedgerAside(path, kind)
  rmSync(warehouse, { force: true })
  await rename(fresh, path)
  await rm(dirname(fresh), { recursive: true, force: true })
  const trouble = kind === 'newer' ? 'is of a later version of debrief' : 'is damaged'
  warn(
    ctx,
    path,
    `the ledger ${trouble} (${message.split('\n')[0]}): it was set aside as ${aside}, and made again from ${source}`,
  )
}

async function fillFromSnapshot(ctx: OwnContext, ledger: Database, parquet: string): Promise<string> {
  if (!existsSync(join(parquet, 'manifest.json'))) return 'the logs alone, as there is no snapshot'
  try {
    await verifySnapshot(parquet, ledgerSchemaVersion)
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return `the logs alone, as the snapshot is of no use: ${messageOf(error)}`
  }
  const { rowCount } = await fillLedger(ctx, ledger, parquet)
  await carryForgotten(ledger, null, parquet)
  return `the snapshot in ${parquet} (${rowCount} rows) and the logs`
}

async function replay(ctx: OwnContext, ledger: Database): Promise<void> {
  const count = await replayDeliveries(journalPath(ctx.config), ledger)
  if (count > 0)
    warn(ctx, 'deliveries.jsonl', `deliveries known from the journal: ${count}; none is posted twice`)
}

/** Nothing that was set aside before is written over. */
export async function setLedgerAside(path: string, why: string): Promise<string> {
  let n = 1
  while (existsSync(`${path}.${why}-${n}`)) n += 1
  const aside = `${path}.${why}-${n}`
  await rename(path, aside)
  if (existsSync(`${path}.wal`)) await rename(`${path}.wal`, `${aside}.wal`)
  return aside
}

function warn(ctx: OwnContext, subject: string, message: string): void {
  ctx.emit({ step: 'restore', action: 'warn', subject, message })
}
