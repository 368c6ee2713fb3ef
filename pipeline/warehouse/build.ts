// Builds the warehouse: runs the models aside, checks them, then renames the result into place.
import { createHash } from 'node:crypto'
import { copyFileSync, existsSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { totalmem } from 'node:os'
import { join } from 'node:path'
import type { Config } from '../config.js'
import type { StageContext } from '../events.js'
import { checkModel, runChecks } from './check.js'
import { type Database, inTransaction, sqlText } from './db.js'
import { discoverModels } from './models.js'
import { downstreamOf, type OrderedModel, orderModels, upstreamOf } from './order.js'
import { priceDigest, priceSeeds } from './price-table.js'
import { readSql, seedFile, sqlRoot } from './read-sql.js'
import { loadSeeds, shortenedPathMacro, textSeeds } from './seeds.js'

export interface BuildResult {
  readonly isRebuilt: boolean
  readonly modelCount: number
}

/** What each input of the models looked like when the warehouse was built, by table. */
type Fingerprints = Readonly<Record<string, string>>

/**
 * Brings the warehouse up to date with the ledger: nothing where no input changed, else the models that read
 * what changed. A failed check throws CheckError and leaves the warehouse that was there.
 */
export async function buildWarehouse(ctx: StageContext<Config>, ledger: Database): Promise<BuildResult> {
  const { warehouse } = ctx.config.paths
  const now = await takeFingerprints(ctx.config, ledger)
  const before = await readFingerprints(ledger, warehouse)
  const changed = new Set(Object.keys(now).filter((input) => now[input] !== before?.[input]))
  if (changed.size === 0) return { isRebuilt: false, modelCount: 0 }
  changed.add('state.runs') // No reason to build, but taken along.

  const aside = `${warehouse}.building`
  removeDatabase(aside)
  const isPartial =
    before !== null && !['models', 'seeds.settings', 'raw.events'].some((input) => changed.has(input))
  if (isPartial) copyFileSync(warehouse, aside)
  await attach(ledger, aside)
  await ledger.run(`set memory_limit = '${mostMemoryBytes}B'`)
  try {
    await equip(ledger, ctx.config)
    await loadSeeds(ledger, ctx.config)
    const ordered = await orderModels(ledger, discoverModels())
    const models = isPartial ? selectModels(changed, ordered) : ordered
    await buildModels(counting(ctx, models.length), ledger, models)
    await runChecks(ctx, ledger)
    await recordFingerprints(ledger, now)
    await ledger.run('checkpoint warehouse')
    await detach(ledger)
    renameSync(aside, warehouse)
    return { isRebuilt: true, modelCount: models.length }
  } finally {
    await detach(ledger)
    await ledger.run('reset memory_limit')
    removeDatabase(aside)
  }
}

/** Beyond it tables and sorts go to disk, which takes hardly longer: however many logs there are, 1.5 GB must do. */
const mostMemoryBytes = Math.round(Math.min(0.95e9, totalmem() * 0.5))

/** The models to run again, and those without a table of their own that they need. */
function selectModels(changed: ReadonlySet<string>, ordered: readonly OrderedModel[]): OrderedModel[] {
  const stale = downstreamOf(changed, ordered)
  const needed = upstreamOf(stale, ordered, ({ layer }) => layer === 'marts')
  return ordered.filter(({ name, layer }) => stale.has(name) || (needed.has(name) && layer !== 'marts'))
}

/** Staging and intermediate live in memory and go with it; marts stay. */
async function attach(db: Database, aside: string): Promise<void> {
  await db.run(`
    attach ':memory:' as scratch;
    attach ${sqlText(aside)} as warehouse;
    create schema scratch.seeds; create schema scratch.staging; create schema scratch.intermediate;
    create schema if not exists warehouse.marts;
    create schema if not exists warehouse.internal;
    create table if not exists warehouse.internal.fingerprints (input varchar, fingerprint varchar)`)
}

/** What a connection needs to run models: where their tables are found, and the macros. */
async function equip(db: Database, config: Config): Promise<void> {
  await db.run(
    `set search_path = 'ledger.main,ledger.raw,ledger.state,scratch.seeds,scratch.staging,scratch.intermediate,warehouse.marts'`,
  )
  await db.run(readSql('macros'))
  await db.run(shortenedPathMacro(config))
}

async function detach(db: Database): Promise<void> {
  await db.run(
    `set search_path = 'ledger.main'; detach database if exists warehouse; detach database if exists scratch`,
  )
}

/** Builds each model once those that it reads are there, two at a time: the sorting of one fills the writing of another. */
async function buildModels(
  ctx: StageContext<Config>,
  db: Database,
  models: readonly OrderedModel[],
): Promise<void> {
  const beside = await db.connect()
  await equip(beside, ctx.config)
  const lanes = [db, beside]
  const free: ((lane: Database) => void)[] = []
  const takeLane = (): Promise<Database> => {
    const lane = lanes.pop()
    return lane ? Promise.resolve(lane) : new Promise((resolve) => free.push(resolve))
  }
  const giveBack = (lane: Database): void => {
    const next = free.shift()
    if (next) next(lane)
    else lanes.push(lane)
  }
  const built = new Map<string, Promise<void>>()
  for (const model of models) {
    const upstream = Promise.all(model.reads.map((table) => built.get(table)))
    const build = upstream.then(async () => {
      const lane = await takeLane()
      try {
        await buildModel(ctx, lane, model)
      } finally {
        giveBack(lane)
      }
    })
    built.set(model.name, build)
  }
  try {
    for (const result of await Promise.allSettled(built.values()))
      if (result.status === 'rejected') throw result.reason
  } finally {
    beside.close()
  }
}

/** Says with each model which of how many it is, in the order in which they are done. */
function counting(ctx: StageContext<Config>, total: number): StageContext<Config> {
  let done = 0
  return {
    ...ctx,
    emit: (event) => {
      if (event.action === 'progress') done += 1
      ctx.emit(event.action === 'progress' ? { ...event, done, total } : event)
    },
  }
}

async function buildModel(ctx: StageContext<Config>, db: Database, model: OrderedModel): Promise<void> {
  const startedAt = performance.now()
  const catalog = model.layer === 'marts' ? 'warehouse' : 'scratch'
  const kind = model.isView ? 'view' : 'table'
  // In one transaction, since each commit waits for the disk.
  const rows = await inTransaction(db, async () => {
    try {
      await db.run(`create or replace ${kind} ${catalog}.${model.name} as\n${model.sql}`)
    } catch (cause) {
      throw new Error(`model ${model.name} failed: ${(cause as Error).message}`, { cause })
    }
    const rowCount = await checkModel(db, model, model.isView)
    if (model.layer === 'marts') await describeMart(db, model)
    return rowCount
  })
  const elapsedMs = Math.round(performance.now() - startedAt)
  ctx.emit({
    step: 'models',
    action: 'progress',
    subject: model.name,
    elapsedMs,
    ...(rows === null ? {} : { rows }),
  })
}

/** Comments from the header, and the plain name under which `query` finds it. */
async function describeMart(db: Database, model: OrderedModel): Promise<void> {
  const comments = model.columns.map(
    ({ name, description }) => `comment on column warehouse.${model.name}.${name} is ${sqlText(description)}`,
  )
  await db.run(
    [...comments, `comment on table warehouse.${model.name} is ${sqlText(model.description)}`].join(';\n'),
  )
  await db.run(`create or replace view warehouse.main.${model.table} as select * from ${model.name}`)
}

/** The journals `state.runs` and `state.deliveries` move with every command, so runs alone build nothing. */
async function takeFingerprints(config: Config, ledger: Database): Promise<Fingerprints> {
  const [files, facets, periods, deliveries, repositories, agentSettings, agentTotals] = await Promise.all(
    [
      `select count(*), max(loaded_at), sum(hash(file_id, size_bytes, modified_ms, parser_version, is_gone, read_error)), (select count(*) from state.removals) from state.files`,
      `select count(*), sum(hash(session_id, content_sha256, prompt_version, extractor, extracted_at, facets::varchar)) from state.facets`,
      `select count(*), sum(hash(period_kind, period, frozen_at, report_link, starts_at, ends_at, figures::varchar)) from state.periods`,
      `select count(*), sum(hash(delivery_id, status, remote_id, settled_at)) from state.deliveries`,
      `select count(*), sum(hash(working_directory, repository_root)) from state.repositories`,
      `select count(*), sum(hash(source, place, cleanup_days, totals_from, totals_until)) from state.agent_settings`,
      `select count(*), sum(hash(source, place, local_date, measure, model, amount)) from state.agent_totals`,
    ].map(async (sql) => JSON.stringify(await ledger.rows(sql))),
  )
  const { user, machine, timezone, week_starts_on, privacy, home } = config
  const redact = privacy.redact_paths ? home : null
  const settings = JSON.stringify({
    user,
    machine,
    timezone,
    week_starts_on,
    redact,
    content: privacy.content,
  })
  const rawTables = await ledger.rows<{ table_name: string }>(
    `select table_name from duckdb_tables() where database_name = 'ledger' and schema_name = 'raw'`,
  )
  return {
    ...Object.fromEntries(rawTables.map(({ table_name }) => [`raw.${table_name}`, files])),
    'state.files': files!,
    'state.facets': facets!,
    'state.periods': periods!,
    'state.period_sessions': periods!, // Written together, and never apart.
    'state.deliveries': deliveries!,
    'state.repositories': repositories!,
    'state.agent_settings': agentSettings!,
    'state.agent_totals': agentTotals!,
    'seeds.settings': settings,
    ...Object.fromEntries(Object.keys(priceSeeds).map((seed) => [`seeds.${seed}`, priceDigest(config)])),
    ...Object.fromEntries(textSeeds.map((seed) => [`seeds.${seed}`, digest(readFileSync(seedFile(seed)))])),
    models: digest(...sqlFiles()),
  }
}

function sqlFiles(): string[] {
  return readdirSync(sqlRoot, { recursive: true, encoding: 'utf8' })
    .filter((file) => /^(staging|intermediate|marts|checks)[\\/].*\.sql$|^macros\.sql$/.test(file))
    .sort()
    .map((file) => `${file}\n${readFileSync(join(sqlRoot, file), 'utf8')}`)
}

function digest(...parts: readonly unknown[]): string {
  const hash = createHash('sha256')
  for (const part of parts)
    hash.update(Buffer.isBuffer(part) || typeof part === 'string' ? part : JSON.stringify(part))
  return hash.digest('hex')
}

/** The fingerprints of the warehouse in place; null where there is none that can be read. */
async function readFingerprints(ledger: Database, warehouse: string): Promise<Fingerprints | null> {
  if (!existsSync(warehouse)) return null
  try {
    await ledger.run(`attach ${sqlText(warehouse)} as built (read_only)`)
    const rows = await ledger.rows<{ input: string; fingerprint: string }>(
      'select * from built.internal.fingerprints',
    )
    return Object.fromEntries(rows.map(({ input, fingerprint }) => [input, fingerprint]))
  } catch {
    return null
  } finally {
    await ledger.run('detach database if exists built')
  }
}

async function recordFingerprints(db: Database, fingerprints: Fingerprints): Promise<void> {
  const rows = Object.entries(fingerprints).map(([input, value]) => `(${sqlText(input)}, ${sqlText(value)})`)
  await db.run(`delete from warehouse.internal.fingerprints;
    insert into warehouse.internal.fingerprints values ${rows.sort().join(', ')}`)
}

function removeDatabase(path: string): void {
  for (const file of [path, `${path}.wal`]) rmSync(file, { force: true })
}
