// The SQL of the project, by its path under sql/.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageRoot } from '../root.js'

export const sqlRoot = join(packageRoot, 'sql')

export function readSql(...path: readonly string[]): string {
  return readFileSync(`${join(sqlRoot, ...path)}.sql`, 'utf8')
}
