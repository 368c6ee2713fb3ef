// The databases that a build works in: the new warehouse, and one in memory for all that is not kept.
import { rmSync } from 'node:fs'
import type { Config } from '../config.js'
import { type Database, smallRowGroup, sqlText, storageVersion } from './db.js'
import { readSql } from './read-sql.js'
import { shortenedPathMacro } from './seeds.js'

/** Which logs the models see: all of them, or copies of some in `scratch.raw`, with marts of their own. */
export type Scope = 'all' | 'some'

const searchPaths: Readonly<Record<Scope, string>> = {
  all: 'ledger.main,ledger.raw,ledger.state,scratch.seeds,scratch.staging,scratch.intermediate,warehouse.marts',
  some: 'ledger.main,scratch.raw,ledger.state,scratch.seeds,scratch.staging,scratch.intermediate,scratch.marts',
}

/** Staging and intermediate live in memory and go with it; marts stay. */
export async function attachWorkbench(db: Database, warehouse: string): Promise<void> {
  await db.run(`
    attach ':memory:' as scratch;
    attach ${sqlText(warehouse)} as warehouse (row_group_size ${smallRowGroup}, storage_version '${storageVersion}');
    create schema scratch.seeds; create schema scratch.staging; create schema scratch.intermediate;
    create schema if not exists warehouse.marts;
    create schema if not exists warehouse.internal;
    create table if not exists warehouse.internal.fingerprints (input varchar, fingerprint varchar);
    create table if not exists warehouse.internal.model_reads (sql_digest varchar, reads varchar[])`)
}

/**
 * What a connection needs to run models: where their tables are found, and the macros. Where DuckDB expects few rows on
 * the left of a join in time it would compare each with all of its session, which takes half a minute in a long one.
 */
export async function equip(db: Database, config: Config, scope: Scope): Promise<void> {
  await db.run(`set search_path = '${searchPaths[scope]}'; set asof_loop_join_threshold = 0`)
  await db.run(readSql('macros'))
  await db.run(shortenedPathMacro(config))
}

export async function detachWorkbench(db: Database): Promise<void> {
  await db.run(
    `set search_path = 'ledger.main'; detach database if exists warehouse; detach database if exists scratch`,
  )
}

export function removeDatabase(path: string): void {
  for (const file of [path, `${path}.wal`]) rmSync(file, { force: true })
}
