// The SQL files of the project, with the headers of those that are no models.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Described } from '../../pipeline/warehouse/dictionary.js'
import { readModel } from '../../pipeline/warehouse/models.js'
import { readSql, sqlRoot } from '../../pipeline/warehouse/read-sql.js'

/** Names without `.sql` of the files in a folder of sql/. */
export function sqlNames(folder: string): string[] {
  return readdirSync(join(sqlRoot, folder))
    .filter((file) => file.endsWith('.sql'))
    .map((file) => file.slice(0, -4))
    .sort()
}

/** Every query of sql/reports, whose header is that of a model. */
export function discoverReports(): (Described & { readonly sql: string })[] {
  return sqlNames('reports').map((name) => ({
    ...readModel('marts', name, readSql('reports', name)),
    layer: 'reports' as const,
  }))
}

/** The whole text of each file under sql/, by its path there. */
export function sqlTexts(): Map<string, string> {
  const files = readdirSync(sqlRoot, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.sql'),
  )
  return new Map(files.sort().map((file) => [file, readFileSync(join(sqlRoot, file), 'utf8')]))
}
