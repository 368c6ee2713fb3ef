// Sections that a user adds: each a query in sections/ of their templates folder, shown as a table or by a partial of its name.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../config.js'
import { messageOf, UserError } from '../errors.js'
import type { Database } from '../warehouse/db.js'
import { shownText } from './clear-text.js'
import { capitalised, words } from './format.js'
import type { Section } from './sections.js'

export interface OwnRows {
  /** sections/<name>.sql */
  readonly name: string
  readonly sql: string
  readonly rows: readonly Readonly<Record<string, unknown>>[]
}

/** Runs the user's queries over the marts and `period`, in the order of their names; UserError names the file. */
export async function readOwnRows(db: Database, { templates_dir }: Config): Promise<OwnRows[]> {
  if (templates_dir === null) return []
  if (!existsSync(templates_dir))
    throw new UserError(`there is no ${templates_dir}`, 'Expected the folder that templates_dir names.')
  const folder = join(templates_dir, 'sections')
  const files = existsSync(folder) ? readdirSync(folder).sort() : []
  const own: OwnRows[] = []
  for (const file of files.filter((name) => name.endsWith('.sql'))) {
    const sql = readFileSync(join(folder, file), 'utf8')
    try {
      own.push({ name: file.slice(0, -'.sql'.length), sql, rows: await db.rows(sql) })
    } catch (cause) {
      throw new UserError(
        `${join(folder, file)}: ${messageOf(cause)}`,
        'Expected a SELECT over the marts and the one-row table `period`.',
        { cause },
      )
    }
  }
  return own
}

/** The first comment of the query is the sentence above its table; null where it gives no row. */
export function ownSection({ name, sql, rows }: OwnRows): Section | null {
  const [first] = rows
  if (first === undefined) return null
  const columns = Object.keys(first)
  const sentence = /^--[ \t]*(.+)$/m.exec(sql)?.[1]
  const heading = capitalised(words(name).replaceAll('-', ' '))
  return {
    id: `own-${name}`,
    heading,
    paragraphs: sentence === undefined ? [] : [sentence],
    tables: [
      {
        caption: heading,
        columns: columns.map((label) => ({
          label: capitalised(words(label)),
          isNumber: rows.every((row) => row[label] === null || typeof row[label] === 'number'),
        })),
        rows: rows.map((row) => columns.map((column) => cellText(row[column]))),
        more: null,
      },
    ],
  }
}

function cellText(value: unknown): string {
  if (value === null || value === undefined) return '–'
  return typeof value === 'string' ? (shownText(value) ?? '') : JSON.stringify(value)
}
