// Compares two ledgers table by table, row for row, but for when something was done.
import { openDatabase, sqlText } from '../../pipeline/warehouse/db.js'

/** Of `state.deliveries` is compared elsewhere what can be. */
const others = ['state.runs', 'state.deliveries', 'state.tip_messages']
const times = /^(loaded_at|read_at|extracted_at|frozen_at|files_read_at|report_link)$/

/** Tables with rows that only one of them has, and how many. */
export async function differingTables(left: string, right: string): Promise<Record<string, number>> {
  const db = await openDatabase(':memory:')
  try {
    await db.run(`attach ${sqlText(left)} as l (read_only); attach ${sqlText(right)} as r (read_only)`)
    const columns = await db.rows<{ name: string; columns: string[] }>(
      `select schema_name || '.' || table_name as name, list(column_name order by column_index) as columns
       from duckdb_columns() where database_name = 'l' and schema_name in ('raw', 'state') group by all order by name`,
    )
    const differing: Record<string, number> = {}
    for (const { name, columns: all } of columns.filter((table) => !others.includes(table.name))) {
      const kept = all.filter((column) => !times.test(column))
      const rows = (side: string) => `select ${kept.join(', ')} from ${side}.${name}`
      const [difference] = await db.rows<{ n: number }>(
        `select count(*) as n from (
           (${rows('l')} except all ${rows('r')}) union all (${rows('r')} except all ${rows('l')}))`,
      )
      if (difference!.n > 0) differing[name] = difference!.n
    }
    return differing
  } finally {
    db.close()
  }
}
