// Compares two warehouses mart by mart, row for row.
import type { Config } from '../../pipeline/config.js'
import { openDatabase, sqlText } from '../../pipeline/warehouse/db.js'
import { discoverModels } from '../../pipeline/warehouse/models.js'

/** Marts with rows that only one of them has, and how many; `unlike` are columns not to compare, by mart. */
export async function differingMarts(
  left: Config,
  right: Config,
  unlike: Readonly<Record<string, readonly string[] | 'all'>> = {},
): Promise<Record<string, number>> {
  const db = await openDatabase(':memory:')
  try {
    await db.run(`attach ${sqlText(left.paths.warehouse)} as l (read_only);
      attach ${sqlText(right.paths.warehouse)} as r (read_only)`)
    const differing: Record<string, number> = {}
    for (const { table, columns } of discoverModels().filter(({ layer }) => layer === 'marts')) {
      if (unlike[table] === 'all') continue
      const names = columns.map(({ name }) => name).filter((name) => !unlike[table]?.includes(name))
      const rows = (side: string) => `select ${names.join(', ')} from ${side}.marts.${table}`
      const [difference] = await db.rows<{ n: number }>(
        `select count(*) as n from (
           (${rows('l')} except all ${rows('r')}) union all (${rows('r')} except all ${rows('l')}))`,
      )
      if (difference!.n > 0) differing[table] = difference!.n
    }
    return differing
  } finally {
    db.close()
  }
}
