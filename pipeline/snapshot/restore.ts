// Makes a ledger again from the Parquet files of a snapshot alone. Marts are not read: they are built anew.
import { createHash } from 'node:crypto'
import { createReadStream, existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { Config } from '../config.js'
import { UserError } from '../errors.js'
import type { StageContext } from '../events.js'
import { type Database, openDatabase, sqlText } from '../warehouse/db.js'
import { listLedgerTables, localColumn } from './ledger-tables.js'
import { type Manifest, type ManifestFile, manifestSchema, readManifest } from './manifest.js'

export interface RestoreResult {
  readonly from: string
  readonly tableCount: number
  readonly rowCount: number
}

/** Throws UserError where a file of the snapshot that a restore needs is missing, or is not as the manifest says. */
export async function verifySnapshot(folder: string, ledgerVersion: number): Promise<void> {
  const manifest = requireManifest(folder)
  const db = await openDatabase(':memory:')
  try {
    for (const [path, expected] of ledgerFiles(manifest))
      await verifyFile(db, join(folder, path), `${folder}/${path}`, expected)
    await refuseLaterVersion(db, folder, ledgerVersion)
  } finally {
    db.close()
  }
}

/** Fills the tables of a new ledger, columns by name: what the snapshot lacks gets its default or null. */
export async function fillLedger(
  ctx: StageContext<Config>,
  ledger: Database,
  folder: string,
): Promise<RestoreResult> {
  const files = new Map(ledgerFiles(requireManifest(folder)))
  const pathOf = (table: string) => `_ledger/${table}.parquet`
  const tables = (await listLedgerTables(ledger)).filter((table) => table !== 'state.meta')
  const known = new Set([...tables, 'state.meta'].map(pathOf))
  for (const path of files.keys())
    if (!known.has(path)) warn(ctx, path, 'a table that this version does not know; left out')
  let rowCount = 0
  const present = tables.filter((table) => files.has(pathOf(table)))
  for (const table of present) {
    await fillTable(ctx, ledger, table, join(folder, pathOf(table)))
    rowCount += files.get(pathOf(table))!.rows
  }
  return { from: folder, tableCount: present.length, rowCount }
}

function ledgerFiles({ files }: Manifest): [string, ManifestFile][] {
  return Object.entries(files).filter(([path]) => path.startsWith('_ledger/'))
}

function requireManifest(folder: string): Manifest {
  const path = join(folder, 'manifest.json')
  if (!existsSync(path))
    throw new UserError(
      `expected a snapshot at ${folder}, but there is no manifest.json`,
      'Name the folder that `debrief snapshot` wrote with --from; out/parquet is the usual one.',
    )
  const manifest = readManifest(path)
  if (manifest?.schema === manifestSchema && typeof manifest.files === 'object') return manifest
  throw new UserError(
    `expected ${path} to be of schema ${manifestSchema}, got ${manifest?.schema ?? 'no JSON'}`,
    'Use the version of debrief that wrote it, or another snapshot.',
  )
}

async function verifyFile(db: Database, file: string, name: string, expected: ManifestFile): Promise<void> {
  const refuse = (came: string): UserError =>
    new UserError(
      `${name} is not as its manifest says: ${came}`,
      'Take the file from another copy of the same snapshot, or another snapshot.',
    )
  if (!existsSync(file)) throw refuse('expected the file, got none')
  const { size } = statSync(file)
  if (size !== expected.bytes) throw refuse(`expected ${expected.bytes} bytes, got ${size}`)
  const hash = createHash('sha256')
  await pipeline(createReadStream(file), hash)
  const digest = hash.digest('hex')
  if (digest !== expected.sha256) throw refuse(`expected sha256 ${expected.sha256}, got ${digest}`)
  const [found] = await db.rows<{ rows: number }>(
    `select count(*) as rows from read_parquet(${sqlText(file)})`,
  )
  if (found!.rows !== expected.rows) throw refuse(`expected ${expected.rows} rows, got ${found!.rows}`)
}

/** A snapshot of version 1 does not say its version. */
async function refuseLaterVersion(db: Database, folder: string, ledgerVersion: number): Promise<void> {
  const meta = join(folder, '_ledger/state.meta.parquet')
  if (!existsSync(meta)) return
  const [row] = await db.rows<{ schema_version: number }>(
    `select schema_version from read_parquet(${sqlText(meta)})`,
  )
  if (row === undefined || row.schema_version <= ledgerVersion) return
  throw new UserError(
    `${folder} has schema version ${row.schema_version}, expected at most ${ledgerVersion}`,
    'Use the version of debrief that wrote it, or a later one.',
  )
}

interface Column {
  readonly name: string
  readonly type: string
  readonly isNullable: boolean
  readonly fallback: string | null
}

async function fillTable(
  ctx: StageContext<Config>,
  ledger: Database,
  table: string,
  file: string,
): Promise<void> {
  const parquet = `read_parquet(${sqlText(file)})`
  const described = await ledger.rows<{ column_name: string }>(`describe select * from ${parquet}`)
  const stored = new Set(described.map(({ column_name }) => column_name))
  const columns = await columnsOf(ledger, table)
  const selected = columns.map((column) =>
    stored.has(column.name)
      ? `${localColumn(table, column.name, ctx.config)} as "${column.name}"`
      : `${missingValue(column)} as "${column.name}"`,
  )
  for (const name of stored)
    if (!columns.some((column) => column.name === name))
      warn(ctx, `${table}.${name}`, 'a column that this version does not know; left out')
  await ledger.run(`insert into ${table} by name select ${selected.join(', ')} from ${parquet}`)
}

async function columnsOf(ledger: Database, table: string): Promise<Column[]> {
  const [schema, name] = table.split('.') as [string, string]
  return ledger.rows<Column & object>(
    `select column_name as name, data_type as "type", is_nullable as "isNullable", column_default as fallback
     from duckdb_columns() where database_name = 'ledger' and schema_name = ? and table_name = ?
     order by column_index`,
    [schema, name],
  )
}

/** What an earlier version did not keep: the default, null, or where neither is allowed nothing of its type. */
function missingValue({ type, isNullable, fallback }: Column): string {
  if (fallback !== null) return `cast(${fallback} as ${type})`
  if (isNullable) return `cast(null as ${type})`
  if (/^(VARCHAR|JSON|BLOB)/.test(type)) return `''`
  if (type.startsWith('TIMESTAMP') || type === 'DATE') return `cast('1970-01-01' as ${type})`
  return `cast(${type === 'BOOLEAN' ? 'false' : '0'} as ${type})`
}

function warn(ctx: StageContext<Config>, subject: string, message: string): void {
  ctx.emit({ step: 'restore', action: 'warn', subject, message })
}
