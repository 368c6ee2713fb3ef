// Derives the order of the models from the tables that their SQL reads.
import { createHash } from 'node:crypto'
import { type Database, sqlText } from './db.js'
import type { Model } from './models.js'

export interface OrderedModel extends Model {
  /** Schema-qualified tables its SELECT reads: models, raw.*, state.*, seeds.*. */
  readonly reads: readonly string[]
  /** Staging, and an intermediate that one model reads: it is worked out there. Else a table. */
  readonly isView: boolean
}

/** The tables that SELECTs read, by the digest of their text: what they say is known as long as they say it. */
export type KnownReads = ReadonlyMap<string, readonly string[]>

/** The models, each after all that it reads; throws where they read in a circle or read what does not exist. */
export async function orderModels(
  db: Database,
  models: readonly Model[],
  known: KnownReads = new Map(),
): Promise<OrderedModel[]> {
  const unknown = models.filter((model) => !known.has(digestOf(model)))
  const read = await tablesRead(
    db,
    unknown.map(({ sql }) => sql),
  )
  const reads = new Map([...known, ...unknown.map((model, i) => [digestOf(model), read[i]!] as const)])
  const readers = markViews(models.map((model) => ({ ...model, reads: reads.get(digestOf(model))! })))
  const byName = new Map(readers.map((model) => [model.name, model]))
  const ordered: OrderedModel[] = []
  const state = new Map<string, 'visiting' | 'done'>()
  const visit = (model: OrderedModel, path: readonly string[]): void => {
    if (state.get(model.name) === 'done') return
    if (state.get(model.name) === 'visiting')
      throw new Error(`models read in a circle: ${[...path, model.name].join(' → ')}`)
    state.set(model.name, 'visiting')
    for (const table of model.reads) {
      const upstream = byName.get(table)
      if (upstream) visit(upstream, [...path, model.name])
      else if (!/^(raw|state|seeds)\./.test(table))
        throw new Error(`${model.name} reads ${table}, which is no model and no table of the ledger`)
    }
    state.set(model.name, 'done')
    ordered.push(model)
  }
  for (const model of readers) visit(model, [])
  return ordered
}

/** What the warehouse was built with; to have each SELECT parsed again takes a fifth of a second. */
export async function recallReads(db: Database): Promise<KnownReads> {
  const rows = await db.rows<{ sql_digest: string; reads: string[] }>(
    'select sql_digest, reads from warehouse.internal.model_reads',
  )
  return new Map(rows.map(({ sql_digest, reads }) => [sql_digest, reads]))
}

export async function rememberReads(db: Database, ordered: readonly OrderedModel[]): Promise<void> {
  const rows = ordered.map(
    (model) => `(${sqlText(digestOf(model))}, [${model.reads.map(sqlText).join(', ')}]::varchar[])`,
  )
  await db.run(`delete from warehouse.internal.model_reads;
    insert into warehouse.internal.model_reads values ${rows.sort().join(', ')}`)
}

function digestOf({ sql }: Model): string {
  return createHash('sha256').update(sql).digest('hex')
}

function markViews(readers: readonly Omit<OrderedModel, 'isView'>[]): OrderedModel[] {
  const isReadTwice = (name: string): boolean =>
    readers.filter(({ reads }) => reads.includes(name)).length > 1
  return readers.map((model) => ({
    ...model,
    isView: model.layer === 'staging' || (model.layer === 'intermediate' && !isReadTwice(model.name)),
  }))
}

/** The models that any of `changed` (tables or models) reaches. */
export function downstreamOf(changed: ReadonlySet<string>, ordered: readonly OrderedModel[]): Set<string> {
  const reached = new Set<string>()
  for (const model of ordered)
    if (model.reads.some((table) => changed.has(table) || reached.has(table))) reached.add(model.name)
  return reached
}

/** The models that any of `wanted` needs, with themselves; what one that `isThere` already needed is not needed. */
export function upstreamOf(
  wanted: ReadonlySet<string>,
  ordered: readonly OrderedModel[],
  isThere: (model: OrderedModel) => boolean = () => false,
): Set<string> {
  const needed = new Set(wanted)
  for (const model of [...ordered].reverse())
    if (needed.has(model.name) && (wanted.has(model.name) || !isThere(model)))
      for (const table of model.reads) needed.add(table)
  return new Set(ordered.filter(({ name }) => needed.has(name)).map(({ name }) => name))
}

/** Schema-qualified tables in the FROM clauses of SELECTs, sorted; of all at once, as each query takes longer than its parsing. */
export async function tablesRead(db: Database, selects: readonly string[]): Promise<string[][]> {
  if (selects.length === 0) return []
  const numbered = selects.map((select, i) => `(${i}, ${sqlText(select)})`).join(',\n')
  const rows = await db.rows<{ tree: string }>(
    `select json_serialize_sql(select_text) as tree from (values ${numbered}) as s (number, select_text) order by number`,
  )
  return rows.map(({ tree: text }) => {
    const tree = JSON.parse(text) as { error: boolean; error_message?: string }
    if (tree.error) throw new Error(`expected one SELECT: ${tree.error_message}`)
    const found = new Set<string>()
    collectTables(tree, found)
    return [...found].sort()
  })
}

function collectTables(node: unknown, found: Set<string>): void {
  if (node === null || typeof node !== 'object') return
  const { type, schema_name, table_name } = node as Record<string, unknown>
  if (type === 'BASE_TABLE' && typeof schema_name === 'string' && schema_name !== '')
    found.add(`${schema_name}.${String(table_name)}`)
  for (const inner of Object.values(node)) collectTables(inner, found)
}
