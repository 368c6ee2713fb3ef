// site/explore/: SQL in the browser over the marts. DuckDB, the data and the page lie side by side; no server is asked.
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Config } from '../../config.js'
import type { StageContext } from '../../events.js'
import type { Database } from '../../warehouse/db.js'
import { openWarehouse } from '../../warehouse/period-table.js'
import { ownerWords } from '../page.js'
import { renderPage } from '../templates.js'
import { writeArrowFile } from './arrow-files.js'
import { copyEngine, type Engine } from './engine.js'
import { type Menu, readMenu } from './menu.js'
import { type ExploreTable, extractOf, listTables, quoted } from './tables.js'

/** Beyond it a browser's tab grows short of memory: of the events, 130 MB of Arrow. */
export const mostTableRows = 1_000_000

/** Counts up when the same marts are to be written otherwise. */
const formatVersion = 1

interface WrittenTable {
  readonly rows: number
  readonly bytes: number
  readonly omission: string | null
}

/** data/explore.json: what lies in the folder, and of which warehouse. */
interface Written {
  readonly schema: 'debrief.explore/1'
  readonly inputs: string
  /** Of the marts that were written: a public place takes `none` alone. */
  readonly content: Config['privacy']['content']
  readonly engine: Engine
  readonly tables: Readonly<Record<string, WrittenTable>>
}

/** Writes site/explore/ and returns its page; without `explore` in the settings removes it and returns null. */
export async function renderExplore(
  ctx: StageContext<Config>,
  mostRows: number = mostTableRows,
): Promise<string | null> {
  const { config } = ctx
  const folder = join(config.paths.site, 'explore')
  if (!config.explore) {
    await rm(folder, { recursive: true, force: true })
    return null
  }
  const db = await openWarehouse(config)
  try {
    await mkdir(join(folder, 'data'), { recursive: true })
    const tables = await listTables(db)
    const written = await writeFiles(ctx, db, { folder, tables, mostRows })
    const file = join(folder, 'index.html')
    await writeWhole(file, await explorePage(config, tables, written, await readMenu(db, config, ctx.now())))
    return file
  } finally {
    db.close()
  }
}

interface Extent {
  readonly folder: string
  readonly tables: readonly ExploreTable[]
  readonly mostRows: number
}

/** The data only where the warehouse changed since, and the engine once. */
async function writeFiles(ctx: StageContext<Config>, db: Database, extent: Extent): Promise<Written> {
  const { folder, tables, mostRows } = extent
  const memory = join(folder, 'data', 'explore.json')
  const before = readWritten(memory)
  const inputs = await describeInputs(db, mostRows)
  const isUpToDate = inputs !== null && before?.inputs === inputs && isWhole(folder, before)
  const engine = await copyEngine(join(folder, 'lib'), before?.engine ?? null)
  const written: Written = {
    schema: 'debrief.explore/1',
    inputs: inputs ?? '',
    content: ctx.config.privacy.content,
    engine,
    tables: isUpToDate ? before.tables : await writeTables(ctx, db, folder, tables, mostRows),
  }
  await writeWhole(memory, `${JSON.stringify(written, null, 2)}\n`)
  return written
}

async function writeTables(
  ctx: StageContext<Config>,
  db: Database,
  folder: string,
  tables: readonly ExploreTable[],
  mostRows: number,
): Promise<Record<string, WrittenTable>> {
  const subject = join(folder, 'data')
  const startedAt = ctx.now().getTime()
  ctx.emit({ step: 'report', action: 'start', subject: 'explore' })
  const written: Record<string, WrittenTable> = {}
  for (const table of tables) {
    const { select, omission } = await extractOf(db, table, mostRows)
    const file = join(subject, `${table.name}.arrow`)
    const rows = await writeArrowFile(db, select, file)
    written[table.name] = { rows, bytes: statSync(file).size, omission }
    if (omission !== null)
      ctx.emit({ step: 'report', action: 'note', subject: `explore ${table.name}`, message: omission })
  }
  await removeOthers(subject, new Set(tables.map(({ name }) => `${name}.arrow`)))
  const rows = Object.values(written).reduce((sum, table) => sum + table.rows, 0)
  const elapsedMs = ctx.now().getTime() - startedAt
  ctx.emit({ step: 'report', action: 'done', subject: 'explore', message: subject, rows, elapsedMs })
  return written
}

async function removeOthers(folder: string, names: ReadonlySet<string>): Promise<void> {
  for (const name of readdirSync(folder))
    if (/\.arrow(\.tmp)?$/.test(name) && !names.has(name)) await rm(join(folder, name))
}

/** Names the marts' contents; null where the warehouse does not say what it was built from. */
async function describeInputs(db: Database, mostRows: number): Promise<string | null> {
  try {
    const fingerprints = await db.rows(
      `select input, fingerprint from internal.fingerprints where input <> 'state.deliveries' order by input`,
    )
    const inputs = JSON.stringify([formatVersion, mostRows, fingerprints])
    return createHash('sha256').update(inputs).digest('hex')
  } catch {
    return null
  }
}

/** What an earlier run left; null where it left nothing, or nothing that can be read. */
function readWritten(file: string): Written | null {
  try {
    const written = JSON.parse(readFileSync(file, 'utf8')) as Written
    return written.schema === 'debrief.explore/1' ? written : null
  } catch {
    return null
  }
}

function isWhole(folder: string, { tables }: Written): boolean {
  return Object.entries(tables).every(([name, { bytes }]) => {
    const file = join(folder, 'data', `${name}.arrow`)
    return existsSync(file) && statSync(file).size === bytes
  })
}

async function explorePage(
  config: Config,
  tables: readonly ExploreTable[],
  written: Written,
  menu: Menu,
): Promise<string> {
  const facts = { ...menu, tables: tables.map((table) => tableFacts(table, written)) }
  return renderPage(
    'explore',
    {
      title: 'Explore',
      owner: ownerWords(config),
      engineVersion: written.engine.version,
      tables: tables.map((table) => tableView(table, written)),
      weeks: menu.periods.filter(({ kind }) => kind === 'weekly'),
      months: menu.periods.filter(({ kind }) => kind === 'monthly'),
      queries: menu.queries,
      // In a script element only `<` could end it.
      facts: JSON.stringify(facts).replaceAll('<', '\\u003c'),
    },
    {
      scripts: ['theme', 'explore'],
      ownFolder: config.templates_dir,
      isServed: true,
      contentLevel: config.privacy.content,
    },
  )
}

/** What the script needs: tables are made at once, and filled when a query names them. */
function tableFacts({ name, columns }: ExploreTable, { tables }: Written): object {
  const definitions = columns.map((column) => `${quoted(column.name)} ${column.type}`)
  return {
    name,
    rows: tables[name]?.rows ?? 0,
    ddl: `create table ${quoted(name)} (${definitions.join(', ')})`,
  }
}

function tableView(table: ExploreTable, { tables }: Written): object {
  const rows = tables[table.name]?.rows ?? 0
  return {
    ...table,
    size: `${rows.toLocaleString('en-US')} ${rows === 1 ? 'row' : 'rows'}`,
    grain: table.grain.join(', '),
    omission: tables[table.name]?.omission ?? null,
    columns: table.columns.map((column) => ({ ...column, type: column.type.toLowerCase() })),
  }
}

/** Nobody ever sees half a file. */
async function writeWhole(file: string, content: string): Promise<void> {
  await writeFile(`${file}.tmp`, content)
  await rename(`${file}.tmp`, file)
}
