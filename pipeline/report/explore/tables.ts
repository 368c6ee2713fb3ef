// Which marts the page can ask, what their columns mean, and how much of them a browser is given.
import type { Database } from '../../warehouse/db.js'
import { sqlText } from '../../warehouse/db.js'
import { discoverModels } from '../../warehouse/models.js'

export interface ExploreColumn {
  readonly name: string
  readonly type: string
  readonly description: string
}

export interface ExploreTable {
  readonly name: string
  readonly description: string
  readonly grain: readonly string[]
  readonly columns: readonly ExploreColumn[]
}

/** Journals of this program's own doings, which change with every command: as in the Parquet files, they are left out. */
const journals = ['runs', 'deliveries']

/** The marts of this warehouse by name, their types as they are there. */
export async function listTables(db: Database): Promise<ExploreTable[]> {
  const rows = await db.rows<{ table_name: string; column_name: string; data_type: string }>(
    `select table_name, column_name, data_type from duckdb_columns()
    where schema_name = 'marts' and database_name = current_database() order by table_name, column_index`,
  )
  const models = new Map(discoverModels().map((model) => [model.name, model]))
  const names = [...new Set(rows.map((row) => row.table_name))].filter((name) => !journals.includes(name))
  return names.map((name) => {
    const model = models.get(`marts.${name}`)
    const meanings = new Map(model?.columns.map((column) => [column.name, column.description]))
    const columns = rows
      .filter((row) => row.table_name === name)
      .map((row) => ({
        name: row.column_name,
        type: row.data_type,
        description: meanings.get(row.column_name) ?? '',
      }))
    return { name, description: model?.description ?? '', grain: model?.grain ?? [], columns }
  })
}

/** What of a table is written, in a total order, and words for the page where that is not all. */
export interface Extract {
  readonly select: string
  readonly omission: string | null
}

/** A table of more rows than `mostRows` keeps its latest whole days, or, where nothing is dated, its first rows. */
export async function extractOf(db: Database, table: ExploreTable, mostRows: number): Promise<Extract> {
  const from = `marts.${table.name}`
  const order = table.grain.length > 0 ? table.grain.map(quoted).join(', ') : 'all'
  const [{ count } = { count: 0 }] = await db.rows<{ count: number }>(`select count(*) as count from ${from}`)
  if (count <= mostRows) return { select: `select * from ${from} order by ${order}`, omission: null }
  const dated = dateOf(table)
  const total = count.toLocaleString('en-US')
  const first = dated === null ? null : await firstDayOf(db, from, dated, mostRows)
  if (dated === null || first === null)
    return {
      select: `select * from ${from} order by ${order} limit ${mostRows}`,
      omission: `Only the first ${mostRows.toLocaleString('en-US')} of ${total} rows are here; \`debrief query\` has all.`,
    }
  return {
    select: `select * from ${from} where ${dated} >= date ${sqlText(first)} order by ${order}`,
    omission: `Only rows since ${first} are here, of ${total}; \`debrief query\` has all.`,
  }
}

/** Its local date, else the day of its first instant. */
function dateOf({ columns }: ExploreTable): string | null {
  if (columns.some(({ name }) => name === 'local_date')) return 'local_date'
  const instant = columns.find(({ type }) => type === 'TIMESTAMP')
  return instant === undefined ? null : `cast(${quoted(instant.name)} as date)`
}

async function firstDayOf(
  db: Database,
  from: string,
  dated: string,
  mostRows: number,
): Promise<string | null> {
  const [row] = await db.rows<{ first_day: string | null }>(
    `with days as (select ${dated} as day, count(*) as row_count from ${from} where ${dated} is not null group by all),
    later as (select day, sum(row_count) over (order by day desc) as so_far from days)
    select min(day) as first_day from later where so_far <= ${mostRows}`,
  )
  return row?.first_day ?? null
}

export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
