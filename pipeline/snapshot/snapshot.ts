// Writes the marts, and what a restore needs of the ledger, as Parquet that any DuckDB reads.
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join, relative, sep } from 'node:path'
import type { Config } from '../config.js'
import type { StageContext } from '../events.js'
import { type Database, openDatabase, sqlText } from '../warehouse/db.js'
import { discoverModels, type Model } from '../warehouse/models.js'
import { listLedgerTables, portableColumns } from './ledger-tables.js'
import { type Manifest, manifestSchema, readManifest } from './manifest.js'

export interface SnapshotResult {
  readonly manifest: string
  readonly fileCount: number
  readonly rowCount: number
  /** False where the Parquet files already held all this. */
  readonly isWritten: boolean
}

interface Fingerprint {
  readonly input: string
  readonly fingerprint: string
}

/** Journals of this program's own doings: they change with every command and say nothing of sessions. */
const journals = ['runs', 'deliveries']
/**
 * Writes `parquet/` from the warehouse and ledger; equal inputs give equal bytes. Files appear whole or not at all,
 * and files of weeks that hold nothing any more go.
 */
export async function writeSnapshot(ctx: StageContext<Config>, ledger: Database): Promise<SnapshotResult> {
  const { parquet } = ctx.config.paths
  const manifestPath = join(parquet, 'manifest.json')
  const fingerprints = await readFingerprints(ctx.config)
  const inputs = await describeInputs(fingerprints, ledger)
  const before = readManifest(manifestPath)
  if (before?.inputs === inputs && (await isComplete(parquet, before)))
    return { ...countFiles(before), manifest: manifestPath, isWritten: false }

  ctx.emit({ step: 'snapshot', action: 'start' })
  const aside = `${parquet}.writing`
  await rm(aside, { recursive: true, force: true })
  await mkdir(aside, { recursive: true })
  const rowCounts = {
    ...(await writeMarts(ctx.config, aside)),
    ...(await writeLedger(ledger, aside, ctx.config)),
  }
  const files = await describeFiles(aside, rowCounts)
  const price_digest = fingerprints.find(({ input }) => input === 'seeds.model_prices')?.fingerprint ?? ''
  const manifest: Manifest = { schema: manifestSchema, inputs, price_digest, files }
  await writeFile(join(aside, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`)
  await replaceFolder(parquet, aside)
  const counts = countFiles(manifest)
  ctx.emit({ step: 'snapshot', action: 'done', rows: counts.rowCount, subject: parquet })
  return { ...counts, manifest: manifestPath, isWritten: true }
}

/** One thread and a total order: several threads would cut row groups and add doubles in any order. */
async function writeMarts(config: Config, folder: string): Promise<Record<string, number>> {
  const db = await openDatabase(config.paths.warehouse, { readOnly: true, settings: { threads: '1' } })
  try {
    const rowCounts: Record<string, number> = {}
    for (const model of discoverModels().filter(
      ({ layer, table }) => layer === 'marts' && !journals.includes(table),
    ))
      Object.assign(rowCounts, await writeMart(db, config, model, folder))
    return rowCounts
  } finally {
    db.close()
  }
}

/** The marts of a warehouse are one user's on one machine, so these two are the same in every row. */
async function writeMart(
  db: Database,
  { user, machine }: Config,
  model: Model,
  folder: string,
): Promise<Record<string, number>> {
  const columns = new Set(model.columns.map(({ name }) => name))
  const order = model.grain.length > 0 ? model.grain.join(', ') : 'all'
  if (!columns.has('week')) {
    const path = `${model.table}/data_0.parquet`
    return {
      [path]: await copyOrdered(db, `select * from ${model.name} order by ${order}`, join(folder, path)),
    }
  }
  const inPath = ['user_id', 'machine_id', 'week']
  const kept = model.columns.map(({ name }) => name).filter((name) => !inPath.includes(name))
  const found = await db.rows<{ week: string | null }>(`select distinct week from ${model.name} order by all`)
  // A table without rows is a file without rows, so that a query over it finds its columns.
  const weeks = found.length > 0 ? found : [{ week: null }]
  const rowCounts: Record<string, number> = {}
  for (const { week } of weeks) {
    const keys = Object.entries({ user_id: user, machine_id: machine, week })
    const path = [
      model.table,
      ...keys.map(
        ([key, value]) =>
          `${key}=${value === null ? '__HIVE_DEFAULT_PARTITION__' : encodeURIComponent(value)}`,
      ),
      'data_0.parquet',
    ].join('/')
    const isOfWeek = `week is not distinct from ${week === null ? 'null' : sqlText(week)}`
    rowCounts[path] = await copyOrdered(
      db,
      `select ${kept.join(', ')} from ${model.name} where ${isOfWeek} order by ${order}`,
      join(folder, path),
    )
  }
  return rowCounts
}

/** Snapshots leave the machine, so this home becomes ~, which a restore can turn back. */
async function writeLedger(
  ledger: Database,
  folder: string,
  config: Config,
): Promise<Record<string, number>> {
  const rowCounts: Record<string, number> = {}
  await ledger.run('set threads = 1')
  try {
    for (const table of await listLedgerTables(ledger)) {
      const path = `_ledger/${table}.parquet`
      const select = `select ${portableColumns(table, config)} from ${table} order by all`
      rowCounts[path] = await copyOrdered(ledger, select, join(folder, path))
    }
  } finally {
    await ledger.run('reset threads')
  }
  return rowCounts
}

async function copyOrdered(db: Database, select: string, path: string): Promise<number> {
  await mkdir(dirname(path), { recursive: true })
  const [row] = await db.rows<{ Count: number }>(
    `copy (${select}) to ${sqlText(path)} (format parquet, compression zstd, row_group_size 100000)`,
  )
  return row?.Count ?? 0
}

async function describeFiles(folder: string, rowCounts: Record<string, number>): Promise<Manifest['files']> {
  const entries = []
  for (const path of Object.keys(rowCounts).sort()) {
    const bytes = await readFile(join(folder, path))
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    entries.push([path, { rows: rowCounts[path]!, bytes: bytes.length, sha256 }] as const)
  }
  return Object.fromEntries(entries)
}

/** What the warehouse was built from, by input. */
async function readFingerprints({ paths }: Config): Promise<Fingerprint[]> {
  const warehouse = await openDatabase(paths.warehouse, { readOnly: true })
  try {
    return await warehouse.rows<Fingerprint>('select * from internal.fingerprints order by input')
  } finally {
    warehouse.close()
  }
}

/** All inputs of the files in one digest, also what no mart reads but `_ledger/` keeps; of the journals the deliveries. */
async function describeInputs(fingerprints: readonly Fingerprint[], ledger: Database): Promise<string> {
  const lasting = fingerprints.filter(({ input }) => input !== 'state.deliveries')
  const kept = [
    'select * from state.deliveries order by all',
    'select * from state.forgotten order by all',
    'select count(*), sum(hash(w)) from state.withheld_files as w',
    'select count(*), sum(hash(w)) from state.withheld_events as w',
    'select count(*), sum(hash(w)) from state.withheld_sessions as w',
  ]
  const rows = await Promise.all(kept.map((select) => ledger.rows(select)))
  return createHash('sha256')
    .update(JSON.stringify([3, lasting, rows]))
    .digest('hex')
}

/** Whether every file of the manifest lies there with its size, and no other does. */
async function isComplete(folder: string, { files }: Manifest): Promise<boolean> {
  const present = (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && entry.name !== 'manifest.json')
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
  if (present.length !== Object.keys(files).length) return false
  for (const path of present) {
    const expected = files[path]
    if (!expected || (await stat(join(folder, path))).size !== expected.bytes) return false
  }
  return true
}

async function replaceFolder(target: string, source: string): Promise<void> {
  const old = `${target}.old`
  await rm(old, { recursive: true, force: true })
  if (existsSync(target)) await rename(target, old)
  await rename(source, target)
  await rm(old, { recursive: true, force: true })
}

function countFiles({ files }: Manifest): { fileCount: number; rowCount: number } {
  const all = Object.values(files)
  return { fileCount: all.length, rowCount: all.reduce((sum, { rows }) => sum + rows, 0) }
}
