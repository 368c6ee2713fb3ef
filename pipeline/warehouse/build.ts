// Builds the warehouse: runs the models aside, checks them, then renames the result into place.
import { copyFileSync, renameSync } from 'node:fs'
import { totalmem } from 'node:os'
import type { Config } from '../config.js'
import type { StageContext } from '../events.js'
import { buildModels, counting } from './build-models.js'
import { runChecks } from './check.js'
import type { Database } from './db.js'
import { type Fingerprints, readFingerprints, recordFingerprints, takeFingerprints } from './fingerprints.js'
import { discoverModels } from './models.js'
import {
  downstreamOf,
  type OrderedModel,
  orderModels,
  recallReads,
  rememberReads,
  upstreamOf,
} from './order.js'
import { findStaleFiles, isPatched, patchMarts, patchModels, remembering } from './patch.js'
import { loadSeeds } from './seeds.js'
import { attachWorkbench, detachWorkbench, equip, removeDatabase } from './workbench.js'

export interface BuildResult {
  readonly isRebuilt: boolean
  readonly modelCount: number
}

/**
 * Brings the warehouse up to date with the ledger: nothing where no input changed, else the models that read what
 * changed, and of the large marts the rows of sessions whose logs did. A failed check throws CheckError and leaves the
 * warehouse that was there.
 */
export async function buildWarehouse(ctx: StageContext<Config>, ledger: Database): Promise<BuildResult> {
  const { warehouse } = ctx.config.paths
  const now = await takeFingerprints(ctx.config, ledger)
  const before = await readFingerprints(ledger, warehouse)
  const changed = new Set(Object.keys(now).filter((input) => now[input] !== before?.[input]))
  if (changed.size === 0) return { isRebuilt: false, modelCount: 0 }
  changed.add('state.runs') // No reason to build, but taken along.

  const aside = `${warehouse}.building`
  const work = { ctx, ledger, aside, changed }
  await ledger.run(`set memory_limit = '${mostMemoryBytes}B'`)
  try {
    const extent = extentOf(changed, before)
    let modelCount = extent === 'all' ? null : await buildSome(work, extent)
    modelCount ??= await buildAll(work)
    await runChecks(ctx, ledger)
    await recordFingerprints(ledger, now)
    await checkpoint(ledger)
    await detachWorkbench(ledger)
    renameSync(aside, warehouse)
    return { isRebuilt: true, modelCount }
  } finally {
    await detachWorkbench(ledger)
    await ledger.run('reset memory_limit')
    removeDatabase(aside)
  }
}

/** Beyond it tables and sorts go to disk, which takes hardly longer: however many logs there are, 1.5 GB must do. */
const mostMemoryBytes = Math.round(Math.min(0.75e9, totalmem() * 0.5))

/** Both at once: the ledger's is due when it is closed, and then nothing else goes on. */
async function checkpoint(ledger: Database): Promise<void> {
  const beside = await ledger.connect()
  try {
    await Promise.all([ledger.run('checkpoint warehouse'), beside.run('checkpoint ledger')])
  } finally {
    beside.close()
  }
}

interface Work {
  readonly ctx: StageContext<Config>
  readonly ledger: Database
  /** Where the new warehouse is made. */
  readonly aside: string
  readonly changed: ReadonlySet<string>
}

/** What is built: all; of the large marts the rows of some sessions; or models alone, as no log changed. */
type Extent = 'all' | 'sessions' | 'models'

function extentOf(changed: ReadonlySet<string>, before: Fingerprints | null): Extent {
  const has = (...inputs: string[]): boolean => inputs.some((input) => changed.has(input))
  if (before === null || has('models', 'removals', 'seeds.settings')) return 'all'
  if (!has('raw.events', 'state.repositories')) return 'models'
  return [...changed].some((input) => input.startsWith('seeds.')) ? 'all' : 'sessions'
}

async function openWorkbench({ ctx, ledger, aside }: Work): Promise<OrderedModel[]> {
  await attachWorkbench(ledger, aside)
  await equip(ledger, ctx.config, 'all')
  await loadSeeds(ledger, ctx.config)
  return orderModels(ledger, discoverModels(), await recallReads(ledger))
}

async function buildAll(work: Work): Promise<number> {
  const { ctx, ledger, aside } = work
  await detachWorkbench(ledger)
  removeDatabase(aside)
  const models = await openWorkbench(work)
  await buildModels(counting(ctx, models.length), ledger, models, 'all', remembering)
  await rememberReads(ledger, models)
  return models.length
}

/** Null where the marts cannot be patched, or where that would be no less work. */
async function buildSome(work: Work, extent: Extent): Promise<number | null> {
  const { ctx, ledger, aside, changed } = work
  removeDatabase(aside)
  copyFileSync(ctx.config.paths.warehouse, aside)
  const ordered = await openWorkbench(work)
  if (extent === 'models') {
    const models = selectModels(changed, ordered)
    await buildModels(counting(ctx, models.length), ledger, models)
    return models.length
  }
  const files = await findStaleFiles({ ...ctx, emit: () => {} }, ledger, ordered)
  if (files === null) return null
  const others = selectModels(changed, ordered, isPatched)
  const patchCount = files.length === 0 ? 0 : patchModels(ordered).length
  const progress = counting(ctx, patchCount + others.length)
  if (files.length > 0 && !(await patchMarts(progress, ledger, ordered, files))) return null
  await buildModels(progress, ledger, others)
  return patchCount + others.length
}

/** The models to run again but for those that are up to date, and those without a table of their own that they need. */
function selectModels(
  changed: ReadonlySet<string>,
  ordered: readonly OrderedModel[],
  isUpToDate: (model: OrderedModel) => boolean = () => false,
): OrderedModel[] {
  const reached = downstreamOf(changed, ordered)
  const stale = new Set(
    ordered
      .filter((model) => reached.has(model.name) && model.layer === 'marts' && !isUpToDate(model))
      .map(({ name }) => name),
  )
  const needed = upstreamOf(stale, ordered, ({ layer }) => layer === 'marts')
  return ordered.filter(({ name, layer }) => stale.has(name) || (needed.has(name) && layer !== 'marts'))
}
