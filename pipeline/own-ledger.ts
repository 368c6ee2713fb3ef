// The ledger as a command gets it: waited for where another holds it, made again where it cannot be used.
import { copyFileSync, existsSync, rmSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import type { Config } from './config.js'
import { messageOf, UserError } from './errors.js'
import type { StageContext } from './events.js'
import { removeLeftovers } from './leftovers.js'
import { isBeingMended, mendingAlone, waitingOf } from './mending-lock.js'
import { journalPath, replayDeliveries } from './publish/delivery-journal.js'
import { carryForgotten, fillLedger, verifySnapshot } from './stages.js'
import type { Database } from './warehouse/db.js'
import {
  ledgerSchemaVersion,
  type OpenLedgerOptions,
  openLedger,
  UnusableLedger,
} from './warehouse/ledger.js'

type Trouble = Pick<UnusableLedger, 'message'> & { readonly kind: UnusableLedger['kind'] | 'missing' }

interface OwnContext extends StageContext<Config> {
  readonly run: { readonly id: string; readonly command: string }
}

/** Opens it, in whatever state it is; it knows at once what was delivered before, and what was left half written goes. */
export async function openOwnLedger(ctx: OwnContext): Promise<Database> {
  const ledger = (await openSound(ctx)) ?? (await mendingAlone(ctx, () => openMended(ctx)))
  if (!isBeingMended(ctx.config)) cleanUp(ctx)
  if (await mayLackDeliveries(ledger)) await replayJournal(ctx, ledger)
  return ledger
}

/** Null where it is gone, cannot be used, or is being made again by another command. */
async function openSound(ctx: OwnContext): Promise<Database | null> {
  if (isBeingMended(ctx.config)) return null
  const opened = await tryToOpen(ctx)
  if ('kind' in opened) return null
  if (!isBeingMended(ctx.config)) return opened
  // It came free because it is to be made again.
  opened.close()
  return null
}

/** The one that another command made again meanwhile; else makes it again. */
async function openMended(ctx: OwnContext): Promise<Database> {
  const opened = await tryToOpen(ctx)
  if (!('kind' in opened)) return opened
  cleanUp(ctx)
  await rebuildLedger(ctx, opened)
  return openLedger(ctx.config.paths.ledger, openingOf(ctx))
}

async function tryToOpen(ctx: OwnContext): Promise<Database | Trouble> {
  const { ledger: path } = ctx.config.paths
  if (!existsSync(path) && hasSnapshot(ctx.config)) return { kind: 'missing', message: `there is no ${path}` }
  try {
    return await openLedger(path, openingOf(ctx))
  } catch (error) {
    if (!(error instanceof UnusableLedger)) throw error
    return error
  }
}

/** Whether a ledger that is gone can be made again; a kill may also have left the former one under its other name. */
export function hasSnapshot({ paths: { parquet } }: Config): boolean {
  return [parquet, `${parquet}.old`].some((folder) => existsSync(join(folder, 'manifest.json')))
}

function cleanUp(ctx: OwnContext): void {
  const count = removeLeftovers(ctx.config.paths).length
  const message = `files that a command had left half written: ${count}; they were removed`
  if (count > 0) ctx.emit({ step: 'sync', action: 'note', rows: count, message })
}

/** A new one, or one whose writer was cut off between the journal's line and its own row. */
async function mayLackDeliveries(ledger: Database): Promise<boolean> {
  const [row] = await ledger.rows<{ count: number; open_count: number }>(
    `select count(*) as count, count(*) filter (status = 'intended') as open_count from state.deliveries`,
  )
  return row!.count === 0 || row!.open_count > 0
}

function openingOf(ctx: OwnContext): OpenLedgerOptions {
  const { command, id } = ctx.run
  return { owner: { command, runId: id }, wait: waitingOf(ctx) }
}

/** Alone: sets the ledger aside and fills a new one from the snapshot; the logs that are still there are read as ever. */
export async function rebuildLedger(ctx: OwnContext, { kind, message }: Trouble): Promise<void> {
  const { out, ledger: path, parquet, warehouse } = ctx.config.paths
  const fresh = join(out, '.restoring', 'ledger.duckdb')
  await rm(dirname(fresh), { recursive: true, force: true })
  const ledger = await openLedger(fresh)
  let source: string
  try {
    source = await fillFromSnapshot(ctx, ledger, parquet)
    await replayJournal(ctx, ledger)
  } finally {
    ledger.close()
  }
  const aside = await setLedgerAside(path, kind)
  rmSync(warehouse, { force: true })
  await rename(fresh, path)
  await rm(dirname(fresh), { recursive: true, force: true })
  const trouble = { newer: 'is of a later version of debrief', corrupt: 'is damaged', missing: 'is gone' }[
    kind
  ]
  const place = aside === null ? 'it was' : `it was set aside as ${aside}, and`
  warn(ctx, path, `the ledger ${trouble} (${message.split('\n')[0]}): ${place} made again from ${source}`)
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

/** Tells a ledger what was sent since its rows were written, also where the snapshot that it was filled from was made. */
export async function replayJournal(ctx: OwnContext, ledger: Database, snapshot?: string): Promise<void> {
  let count = 0
  for (const journal of journalsFor(ctx.config, snapshot)) count += await replayDeliveries(journal, ledger)
  if (count > 0)
    warn(ctx, 'deliveries.jsonl', `deliveries known from the journal: ${count}; none is posted twice`)
}

/** A snapshot of another out folder has that one's journal beside it; an out folder without one goes on with a copy. */
function journalsFor(config: Config, snapshot: string | undefined): string[] {
  const own = journalPath(config)
  const other = join(dirname(resolve(snapshot ?? config.paths.parquet)), basename(own))
  if (other === own || !existsSync(other)) return [own]
  if (existsSync(own)) return [other, own]
  copyFileSync(other, own)
  return [own]
}

/** Nothing that was set aside before is written over; null where only a log of writes was left, or nothing. */
export async function setLedgerAside(path: string, why: string): Promise<string | null> {
  let n = 1
  while ([`${path}.${why}-${n}`, `${path}.${why}-${n}.wal`].some((name) => existsSync(name))) n += 1
  const aside = `${path}.${why}-${n}`
  const isThere = existsSync(path)
  if (isThere) await rename(path, aside)
  // Beside another ledger it would be read as that one's.
  if (existsSync(`${path}.wal`)) await rename(`${path}.wal`, `${aside}.wal`)
  return isThere ? aside : null
}

function warn(ctx: OwnContext, subject: string, message: string): void {
  ctx.emit({ step: 'restore', action: 'warn', subject, message })
}
