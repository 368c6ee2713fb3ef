// sql/DICTIONARY.md from the headers of the SQL: what every table and column means, so that nobody writes it twice.
import type { Database } from './db.js'
import type { Layer, Model } from './models.js'

/** Type of each column, by table (`marts.sessions`) and column. */
export type ColumnTypes = ReadonlyMap<string, ReadonlyMap<string, string>>

/** A model, or a query of sql/reports, whose layer is not built and so has no types. */
export type Described = Pick<Model, 'table' | 'description' | 'grain' | 'columns'> & {
  readonly layer: Layer | 'reports'
}

const chapters = [
  ['marts', 'Marts', 'What `debrief query` and the Parquet files show, each under its plain name.'],
  [
    'reports',
    'Reports',
    'What the report shows: one query a chart or table, for the period of the one-row table `period`.',
  ],
  ['intermediate', 'Intermediate', 'Steps on the way to the marts; they are built in memory and not kept.'],
  ['staging', 'Staging', 'The ledger (`sql/ledger.sql`) and the seeds as the other models read them.'],
] as const

/** The whole dictionary as Markdown. */
export function dictionaryMarkdown(models: readonly Described[], types: ColumnTypes): string {
  const parts = chapters.map(([layer, title, about]) => {
    const tables = models.filter((model) => model.layer === layer)
    return [`## ${title}`, about, ...tables.map((model) => describeTable(model, types))].join('\n\n')
  })
  const opening = ['# Dictionary', 'Generated from the headers of the SQL beside it; sql/README.md says how.']
  return `${[...opening, ...parts].join('\n\n')}\n`
}

/** Types of all columns of these models, in a database that holds their tables. */
export async function readColumnTypes(
  db: Database,
  models: readonly Pick<Model, 'name'>[],
): Promise<ColumnTypes> {
  const types = new Map<string, ReadonlyMap<string, string>>()
  for (const { name } of models) {
    const rows = await db.rows<{ column_name: string; column_type: string }>(`describe ${name}`)
    types.set(name, new Map(rows.map((row) => [row.column_name, row.column_type.toLowerCase()])))
  }
  return types
}

function describeTable(model: Described, types: ColumnTypes): string {
  const heading = `### ${model.layer === 'marts' ? model.table : `${model.layer}.${model.table}`}`
  const grain = model.grain.length > 0 ? `One row per ${model.grain.map(code).join(', ')}.` : ''
  const about = [heading, escapeMarkdown(model.description), grain].filter(Boolean)
  if (model.layer === 'staging' || model.columns.length === 0) return about.join('\n\n')
  return [...about, columnTable(model, types)].join('\n\n')
}

function columnTable(model: Described, types: ColumnTypes): string {
  const known = types.get(`${model.layer}.${model.table}`)
  const rows = model.columns.map(({ name, description }) =>
    [code(name), ...(known ? [known.get(name) ?? ''] : []), escapeMarkdown(description)].join(' | '),
  )
  const head = ['column', ...(known ? ['type'] : []), 'meaning']
  return [head.join(' | '), head.map(() => '---').join(' | '), ...rows].map((row) => `| ${row} |`).join('\n')
}

function code(text: string): string {
  return `\`${text}\``
}

function escapeMarkdown(text: string): string {
  return text.replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll(/[|*]/g, '\\$&')
}
