// The ledger's tables on their way out of this machine and back in: this home is written as ~.
import { createHash } from 'node:crypto'
import type { Config } from '../config.js'
import { type Database, sqlHomeAsTilde, sqlText } from '../warehouse/db.js'

/** Journals of single commands and of the schedule on this machine, and what is still to be done here, say nothing elsewhere. */
const localTables = ['state.runs', 'state.scheduled_runs', 'state.removals']
const pathColumns: Readonly<Record<string, readonly string[]>> = {
  'raw.contexts': ['working_directory'],
  'raw.tool_uses': ['target'],
  'state.agent_settings': ['place'],
  'state.agent_totals': ['place'],
  'state.files': ['path'],
  'state.prompt_history': ['place', 'project'],
  'state.repositories': ['working_directory', 'repository_root'],
  'state.session_documents': ['place', 'path'],
}

/** Every table that a snapshot keeps, whichever there are. */
export async function listLedgerTables(ledger: Database): Promise<string[]> {
  const tables = await ledger.rows<{ name: string }>(`
    select schema_name || '.' || table_name as name from duckdb_tables()
    where database_name = 'ledger' and schema_name in ('raw', 'state') order by name`)
  return tables.map(({ name }) => name).filter((name) => !localTables.includes(name))
}

/** Columns to select where a table leaves the machine; a path that was logged with ~ keeps it, doubled. */
export function portableColumns(table: string, { home, privacy }: Config): string {
  const columns = pathColumns[table]
  if (columns === undefined) return '*'
  const shortened = columns.map((column) => {
    const other = privacy.redact_paths ? withoutName(column) : column
    const logged = `case when starts_with(${column}, '~') then '~' || ${column} else ${other} end`
    return `${sqlHomeAsTilde(column, home, logged)} as ${column}`
  })
  return `* replace (${shortened.join(', ')})`
}

/** Whose home it is, where it is not this one, is written as a digest: still a home, and still the same one. */
function withoutName(column: string): string {
  const home = sqlText(String.raw`^(/Users/|/home/|[A-Za-z]:[\\/]Users[\\/])([^/\\~][^/\\]*)`)
  const name = `regexp_extract(${column}, ${home}, 2)`
  return `case when ${name} = '' then ${column}
    else regexp_replace(${column}, ${home}, '\\1~' || substr(sha256(${name}), 1, 8)) end`
}

/** SQL that turns a column around again, for this home and for those in which the configuration names logs. */
export function localColumn(table: string, column: string, config: Config): string {
  if (!pathColumns[table]?.includes(column)) return `"${column}"`
  return `case when starts_with("${column}", '~~') then substr("${column}", 2)
    when "${column}" = '~' or starts_with("${column}", '~/') then ${sqlText(config.home)} || substr("${column}", 2)
    else ${withNames(`"${column}"`, namesOfHomes(config))} end`
}

function namesOfHomes({ sources }: Config): string[] {
  const names = (sources ?? [])
    .flatMap(({ paths }) => paths ?? [])
    .flatMap(
      (path) => /^(?:\/Users\/|\/home\/|[A-Za-z]:[\\/]Users[\\/])([^/\\~][^/\\]*)/.exec(path)?.[1] ?? [],
    )
  return [...new Set(names)]
}

function withNames(column: string, names: readonly string[]): string {
  return names.reduce((sql, name) => {
    const digest = createHash('sha256').update(name).digest('hex').slice(0, 8)
    const home = sqlText(String.raw`^(/Users/|/home/|[A-Za-z]:[\\/]Users[\\/])~${digest}([/\\]|$)`)
    return `regexp_replace(${sql}, ${home}, ${sqlText(`\\1${name.replaceAll('\\', '\\\\')}\\2`)})`
  }, column)
}
