// What the pages around the reports say, as typed rows: each file in sql/site run once against the warehouse.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../../config.js'
import { packageRoot } from '../../root.js'
import { openWarehouse } from '../../warehouse/period-table.js'
import type {
  GrowthPoint,
  MonthRow,
  PlanRow,
  SiteSessionRow,
  SiteTipRow,
  TotalsRow,
  WeekRow,
} from './rows.js'

/** The rows of sql/site/<name>.sql, under its name. */
export interface SiteRows {
  readonly totals: TotalsRow[]
  readonly weeks: WeekRow[]
  readonly months: MonthRow[]
  readonly growth: GrowthPoint[]
  readonly tips: SiteTipRow[]
  readonly sessions: SiteSessionRow[]
  readonly plans: PlanRow[]
}

export type SiteQuery = keyof SiteRows

export const siteQueries = [
  'totals',
  'weeks',
  'months',
  'growth',
  'tips',
  'sessions',
  'plans',
] as const satisfies readonly SiteQuery[]

export interface SiteData {
  readonly rows: SiteRows
  /** Changes where the warehouse does, but for what was delivered; null where nobody noted it. */
  readonly fingerprint: string | null
}

/** Reads the warehouse, which others may be reading too, and never writes to it. */
export async function readSiteData(config: Config): Promise<SiteData> {
  const db = await openWarehouse(config)
  try {
    const rows: Partial<Record<SiteQuery, object[]>> = {}
    for (const name of siteQueries) rows[name] = await db.rows(readSiteSql(name))
    const inputs = await db.rows<{ input: string; fingerprint: string }>(
      `select input, fingerprint from internal.fingerprints where input <> 'state.deliveries' order by input`,
    )
    return {
      rows: rows as unknown as SiteRows,
      fingerprint: inputs.length === 0 ? null : JSON.stringify(inputs),
    }
  } finally {
    db.close()
  }
}

export function readSiteSql(name: SiteQuery): string {
  return readFileSync(join(packageRoot, 'sql/site', `${name}.sql`), 'utf8')
}

export interface ShownSql {
  readonly name: string
  readonly text: string
}

/** The queries as a reader can run them: with `debrief query`, or over the Parquet files. */
export function shownSiteSql(names: readonly SiteQuery[]): ShownSql[] {
  return names.map((name) => ({ name, text: readSiteSql(name).replaceAll(/\bmarts\.(?=\w)/g, '') }))
}
