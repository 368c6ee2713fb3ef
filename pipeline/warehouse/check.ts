// Holds the models to their headers, and the marts to sql/checks.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { clearSecrets, shortenHomePaths } from '../clear.js'
import type { Config } from '../config.js'
import { CheckError } from '../errors.js'
import type { StageContext } from '../events.js'
import type { Database, Row } from './db.js'
import type { Model } from './models.js'
import { sqlRoot } from './read-sql.js'

/** Throws where columns or grain are not as the header says; returns the row count, null for a view, which nobody counts. */
export async function checkModel(
  db: Database,
  model: Model,
  isView = model.layer === 'staging',
): Promise<number | null> {
  await checkColumns(db, model)
  if (isView) return null
  const key = model.grain.length === 1 ? model.grain[0] : `(${model.grain.join(', ')})`
  const [counts] = await db.rows<{ rows: number; keys: number }>(
    model.grain.length === 0
      ? `select count(*) as rows, count(*) as keys from ${model.name}`
      : `select count(*) as rows, count(distinct ${key}) as keys from ${model.name}`,
  )
  if (counts!.rows !== counts!.keys)
    throw new CheckError([
      {
        check: `${model.name} has one row per ${model.grain.join(', ')}`,
        rowCount: counts!.rows - counts!.keys,
        sample: `${counts!.rows} rows, ${counts!.keys} keys`,
      },
    ])
  return counts!.rows
}

async function checkColumns(db: Database, model: Model): Promise<void> {
  if (model.columns.length === 0 && model.layer === 'staging') return
  const described = await db.rows<{ column_name: string }>(`describe ${model.name}`)
  const actual = new Set(described.map(({ column_name }) => column_name))
  const promised = new Set(model.columns.map(({ name }) => name))
  const missing = [...promised].filter((name) => !actual.has(name))
  const unsaid = [...actual].filter((name) => !promised.has(name))
  if (missing.length + unsaid.length > 0)
    throw new Error(
      `${model.name}: header and result differ; ` +
        `missing from the result: ${missing.join(', ') || 'none'}; not in the header: ${unsaid.join(', ') || 'none'}`,
    )
}

/** Runs sql/checks/*.sql, each of which selects offending rows. Throws CheckError for `-- severity: fail`. */
export async function runChecks(ctx: StageContext<Config>, db: Database): Promise<void> {
  const folder = join(sqlRoot, 'checks')
  if (!existsSync(folder)) return
  const failures = []
  for (const file of readdirSync(folder)
    .filter((name) => name.endsWith('.sql'))
    .sort()) {
    const sql = readFileSync(join(folder, file), 'utf8')
    const check = file.slice(0, -4)
    const offending = await db.rows<Row>(sql)
    if (offending.length === 0) continue
    const sample = clearSecrets(shortenHomePaths(JSON.stringify(offending[0]), ctx.config.home))
    if (/^-- severity: warn$/m.test(sql)) {
      ctx.emit({
        step: 'checks',
        action: 'warn',
        subject: check,
        rows: offending.length,
        message: `such as ${sample}`,
      })
    } else failures.push({ check, rowCount: offending.length, sample })
  }
  if (failures.length > 0) throw new CheckError(failures)
}
