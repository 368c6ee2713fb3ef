// Runs models, each once what it reads is there, and holds them to their headers.
import { availableParallelism } from 'node:os'
import type { Config } from '../config.js'
import type { StageContext } from '../events.js'
import { checkModel } from './check.js'
import { type Database, inTransaction, sqlText } from './db.js'
import { downstreamOf, type OrderedModel } from './order.js'
import { equip, type Scope } from './workbench.js'

/** What is done with some of the models beside the building of the others. */
export interface ModelReader {
  readonly reads: readonly string[]
  readonly work: (lane: Database) => Promise<void>
}

/**
 * Builds each model once those that it reads are there, two at a time: the sorting of one fills the writing of another.
 * Of several that could be built, that for which most others wait goes first; the reader fills a lane that none needs.
 */
export async function buildModels(
  ctx: StageContext<Config>,
  db: Database,
  models: readonly OrderedModel[],
  scope: Scope = 'all',
  reader: ModelReader = { reads: [], work: async () => {} },
): Promise<void> {
  const beside = await db.connect()
  await equip(beside, ctx.config, scope)
  const lanes = [db, beside]
  // A lane that waits for another thread asks on and on whether it is done, and burns its core.
  await db.run(`set threads = ${Math.max(1, availableParallelism() - lanes.length + 1)}`)
  const waiting: { readonly readerCount: number; readonly take: (lane: Database) => void }[] = []
  const takeLane = (readerCount: number): Promise<Database> => {
    const lane = lanes.pop()
    return lane ? Promise.resolve(lane) : new Promise((take) => waiting.push({ readerCount, take }))
  }
  const giveBack = (lane: Database): void => {
    const next = waiting.sort((one, other) => other.readerCount - one.readerCount).shift()
    if (next) next.take(lane)
    else lanes.push(lane)
  }
  const built = new Map<string, Promise<void>>()
  const onceBuilt = async ({ reads, work }: ModelReader, readerCount: number): Promise<void> => {
    await Promise.all(reads.map((table) => built.get(table)))
    const lane = await takeLane(readerCount)
    try {
      await work(lane)
    } finally {
      giveBack(lane)
    }
  }
  for (const model of models) {
    const readerCount = downstreamOf(new Set([model.name]), models).size
    const work = (lane: Database): Promise<void> => buildModel(ctx, lane, model, scope)
    built.set(model.name, onceBuilt({ reads: model.reads, work }, readerCount))
  }
  const read = onceBuilt(reader, 0)
  try {
    for (const result of await Promise.allSettled([...built.values(), read]))
      if (result.status === 'rejected') throw result.reason
  } finally {
    beside.close()
    await db.run('reset threads')
  }
}

/** Says with each model which of how many it is, in the order in which they are done. */
export function counting(ctx: StageContext<Config>, total: number): StageContext<Config> {
  let done = 0
  return {
    ...ctx,
    emit: (event) => {
      if (event.action === 'progress') done += 1
      ctx.emit(event.action === 'progress' ? { ...event, done, total } : event)
    },
  }
}

async function buildModel(
  ctx: StageContext<Config>,
  db: Database,
  model: OrderedModel,
  scope: Scope,
): Promise<void> {
  const startedAt = performance.now()
  const isKept = model.layer === 'marts' && scope === 'all'
  const catalog = isKept ? 'warehouse' : 'scratch'
  const kind = model.isView ? 'view' : 'table'
  // In one transaction, since each commit waits for the disk.
  const rows = await inTransaction(db, async () => {
    try {
      await db.run(`create or replace ${kind} ${catalog}.${model.name} as\n${model.sql}`)
    } catch (cause) {
      throw new Error(`model ${model.name} failed: ${(cause as Error).message}`, { cause })
    }
    const rowCount = await checkModel(db, model, model.isView)
    if (isKept) await describeMart(db, model)
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
