// The SQL of the project, by its path under sql/.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageRoot } from '../root.js'

export const sqlRoot = join(packageRoot, 'sql')

/** Where a seed, a table kept by hand, lies. */
export function seedFile(table: string): string {
  return join(sqlRoot, 'seeds', `${table}.csv`)
}

export function readSql(...path: readonly string[]): string {
  return readFileSync(`${join(sqlRoot, ...path)}.sql`, 'utf8')
}
