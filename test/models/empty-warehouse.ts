// Every table of the project, built by the models from an empty ledger: the real columns with their real types.
import type { Config } from '../../pipeline/config.js'
import { readConfig } from '../../pipeline/config.js'
import { type Database, openDatabase } from '../../pipeline/warehouse/db.js'
import { discoverModels } from '../../pipeline/warehouse/models.js'
import { type OrderedModel, orderModels } from '../../pipeline/warehouse/order.js'
import { readSql } from '../../pipeline/warehouse/read-sql.js'
import { loadSeeds } from '../../pipeline/warehouse/seeds.js'

export interface EmptyWarehouse {
  readonly db: Database
  readonly models: readonly OrderedModel[]
}

/** All in one database in memory; seeds are emptied too, so that a test says all that a model reads. */
export async function buildEmptyWarehouse(): Promise<EmptyWarehouse> {
  const db = await openDatabase(':memory:')
  await db.run(`set TimeZone = 'UTC'; attach ':memory:' as scratch; use scratch;
    create schema seeds; create schema staging; create schema intermediate; create schema marts`)
  await db.run(readSql('ledger'))
  await db.run(readSql('macros'))
  await loadSeeds(db, defaultConfig())
  await withoutRowsAndConstraints(db)
  const models = await orderModels(db, discoverModels())
  for (const { name, sql } of models) await db.run(`create table ${name} as\n${sql}`)
  return { db, models }
}

async function withoutRowsAndConstraints(db: Database): Promise<void> {
  const tables = await db.rows<{ name: string }>(
    `select table_schema || '.' || table_name as name from information_schema.tables
     where table_schema in ('raw', 'state', 'seeds')`,
  )
  for (const { name } of tables) await db.run(`create or replace table ${name} as from ${name} limit 0`)
}

function defaultConfig(): Config {
  return readConfig({ cwd: '/nowhere' }, { HOME: '/nowhere', USER: 'sam' })
}
