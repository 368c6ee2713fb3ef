// Loads logs that are read by entries: their rows go through a file of their own per raw table into temporary tables.
import { appendFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Database, sqlText } from '../warehouse/db.js'
import { EntryRows, type RawTable, type Row } from './entry-rows.js'
import { type EntryFormat, rawTables } from './formats/format.js'
import type { BatchReader, FileToLoad } from './load-files.js'
import { readEntries } from './read-entries.js'
import type { LineCounts } from './repair.js'

const writeChars = 4 * 1024 * 1024
const tables = [...rawTables, 'rejects'] as const

/** What names anything in these rows: to be looked through for secrets before it is kept. */
const nameColumns: Partial<Record<RawTable, readonly string[]>> = {
  contexts: ['working_directory', 'git_branch', 'agent_version', 'entrypoint'],
  events: ['reference'],
  calls: ['model'],
  tool_uses: ['tool_name', 'target', 'delegated_agent'],
  line_types: ['line_type'],
}

export function readByEntries(format: EntryFormat): BatchReader {
  return {
    prepare: async (db, files, scratchFolder) => {
      const rows = new RowFiles(scratchFolder, files[0]!.fileId)
      try {
        const counts = new Map(files.map((file) => [file.fileId, readOne(format, file, rows)]))
        await rows.createTables(db)
        await prefixForeignSessions(db, format)
        return counts
      } finally {
        rows.remove()
      }
    },
    names: Object.entries(nameColumns)
      .map(([table, columns]) => `select unnest([${columns.join(', ')}]) as name from logged_${table}`)
      .map((select) => `select distinct name from (${select}) where name is not null`)
      .join('\nunion\n'),
    rowsOf: (table) => `select * from logged_${table}`,
    clean: async (db) => {
      for (const table of rawTables) await db.run(`drop table temp.logged_${table}`)
      await db.run('drop table temp.rejects')
    },
  }
}

function readOne(format: EntryFormat, file: FileToLoad, rows: RowFiles): LineCounts {
  const write = (table: RawTable | 'rejects', row: Row): void =>
    rows.add(table, { file_id: file.fileId, ...row })
  const entryRows = new EntryRows(format.source, write)
  const log = { path: file.path, kind: file.kind, members: file.members ?? [file.path] }
  const { rejects, lineTypes, ...counts } = readEntries(format, log, (session, entry) =>
    entryRows.add(session, entry),
  )
  entryRows.finish()
  for (const [type, count] of lineTypes) write('line_types', { line_type: type, line_count: count })
  for (const { lineNumber, reason } of rejects) write('rejects', { line_number: lineNumber, reason })
  return counts
}

/** Rows on their way into the database, a file per table. */
class RowFiles {
  readonly #folder: string
  readonly #name: number
  readonly #pending = new Map<string, string>()

  constructor(folder: string, name: number) {
    this.#folder = folder
    this.#name = name
    for (const table of tables) writeFileSync(this.#path(table), '')
  }

  add(table: string, row: Row): void {
    const text = `${this.#pending.get(table) ?? ''}${JSON.stringify(row)}\n`
    this.#pending.set(table, text.length > writeChars ? '' : text)
    if (text.length > writeChars) appendFileSync(this.#path(table), text)
  }

  async createTables(db: Database): Promise<void> {
    for (const [table, text] of this.#pending) appendFileSync(this.#path(table), text)
    const columns = await db.rows<{ table_name: string; columns: string }>(`
      select table_name, string_agg('''' || column_name || ''': ''' || data_type || '''', ', ' order by column_index) as columns
      from duckdb_columns() where database_name = 'ledger' and schema_name = 'raw' group by table_name`)
    for (const { table_name, columns: typed } of columns.filter(({ table_name: name }) => isTable(name)))
      await db.run(`create temp table ${table_name === 'rejects' ? 'rejects' : `logged_${table_name}`} as
        select * from read_json(${sqlText(this.#path(table_name))}, format = 'newline_delimited', columns = {${typed}})`)
  }

  remove(): void {
    for (const table of tables) rmSync(this.#path(table), { force: true })
  }

  #path(table: string): string {
    return join(this.#folder, `${this.#name}.${table}.rows`)
  }
}

function isTable(name: string): boolean {
  return (tables as readonly string[]).includes(name)
}

/** A session whose id one of another agent has already is known by its agent's name and the id. */
async function prefixForeignSessions(db: Database, { source }: EntryFormat): Promise<void> {
  const taken = await db.rows<{ session_id: string }>(`
    with own as (
      select session_id from logged_contexts union select parent_session_id from logged_contexts
    )
    select distinct c.session_id
    from raw.contexts as c
    join own using (session_id)
    join state.files as f using (file_id)
    where f.source <> ${sqlText(source)}`)
  if (taken.length === 0) return
  const ids = taken.map(({ session_id }) => sqlText(session_id)).join(', ')
  for (const table of rawTables) {
    const columns =
      table === 'line_types'
        ? []
        : table === 'contexts'
          ? ['session_id', 'parent_session_id']
          : ['session_id']
    for (const column of columns)
      await db.run(`update logged_${table} set ${column} = ${sqlText(`${source}:`)} || ${column}
        where ${column} in (${ids}) or split_part(${column}, '/', 1) in (${ids})`)
  }
}
