// The last look at what is about to leave: a file that holds a secret or a home path is held back, its place named.
import { extname } from 'node:path'
import type { Config } from '../config.js'
import { findLeaks, type LeakRules, sqlMayLeak } from '../leaks.js'
import type { Secret } from '../secret.js'
import { type Database, openDatabase, sqlText } from '../warehouse/db.js'
import type { UploadObject } from './objects.js'

/** Where something stands that may not leave, and what kind of thing it is; never the thing itself. */
export interface Finding {
  readonly key: string
  /** `line 12` or `sessions.title`. */
  readonly place: string
  readonly kind: string
}

export interface Scanner {
  scan(object: Pick<UploadObject, 'key' | 'file'>, body: Buffer): Promise<Finding[]>
  close(): void
}

/** Those that the program brings along hold no data. */
const isOfProgram = /\/explore\/lib\/|\.(?:png|wasm)$/
const textKinds = new Set(['.html', '.json', '.md', '.svg', '.js'])

export function leakRules(config: Config, secrets: readonly Secret[]): LeakRules {
  return { secrets, home: config.home, arePathsShown: !config.privacy.redact_paths }
}

/** The database that reads Parquet is opened with the first such file. */
export function openScanner(rules: LeakRules): Scanner {
  let database: Promise<Database> | null = null
  return {
    scan: async ({ key, file }, body) => {
      const extension = extname(file)
      if (isOfProgram.test(key)) return []
      if (textKinds.has(extension)) return scanText(key, body.toString('utf8'), rules)
      if (extension === '.arrow') return scanArrow(key, body, rules)
      if (extension !== '.parquet') return []
      database ??= openDatabase(':memory:')
      return scanParquet(await database, key, file, rules)
    },
    close: () => void database?.then((db) => db.close()),
  }
}

/** One finding a line: the first of it. */
export function scanText(key: string, text: string, rules: LeakRules): Finding[] {
  const decoded = withoutEntities(text)
  const found = new Map<number, Finding>()
  for (const { index, kind } of findLeaks(decoded, rules)) {
    const line = decoded.slice(0, index).split('\n').length
    if (!found.has(line)) found.set(line, { key, place: `line ${line}`, kind })
  }
  return [...found.values()]
}

/** HTML writes some characters by name, behind which a secret reads otherwise. */
function withoutEntities(text: string): string {
  const characters: Readonly<Record<string, string>> = {
    '&#x3D;': '=',
    '&#x27;': "'",
    '&#39;': "'",
    '&#x60;': '`',
    '&quot;': '"',
    '&lt;': '<',
    '&gt;': '>',
    '&amp;': '&',
  }
  return text.replaceAll(
    /&(?:#x3D|#x27|#39|#x60|quot|lt|gt|amp);/gi,
    (entity) => characters[entity] ?? entity,
  )
}

async function scanParquet(db: Database, key: string, file: string, rules: LeakRules): Promise<Finding[]> {
  const rows = `read_parquet(${sqlText(file)}, hive_partitioning = false)`
  const columns = await db.rows<{ name: string }>(
    `select column_name as name from (describe select * from ${rows}) where column_type similar to '.*(VARCHAR|JSON|BLOB).*'`,
  )
  if (columns.length === 0) return []
  // All columns in one query: preparing the patterns takes longer than looking at a small file.
  const cells = columns.map(({ name }) => `{name: ${sqlText(name)}, value: "${name}"::varchar}`).join(', ')
  const found = await db.rows<{ name: string; values: string[] }>(
    `select name, list(distinct value) as values from (select unnest([${cells}], recursive := true) from ${rows})
     where ${sqlMayLeak('value', rules)} group by name order by name`,
  )
  return found.flatMap(({ name, values }) => {
    const kind = kindIn(values, rules)
    return kind === null ? [] : [{ key, place: `${tableOf(key)}.${name}`, kind }]
  })
}

/** `parquet/_ledger/raw.events.parquet` is of raw.events, `parquet/sessions/…/data_0.parquet` of sessions. */
function tableOf(key: string): string {
  const [, path = key] = /\/parquet\/(.*)$/.exec(key) ?? []
  return /^_ledger\/(.*)\.parquet$/.exec(path)?.[1] ?? path.split('/')[0]!
}

async function scanArrow(key: string, body: Buffer, rules: LeakRules): Promise<Finding[]> {
  const { tableFromIPC } = await import('apache-arrow')
  const table = tableFromIPC(body)
  return table.schema.fields.flatMap(({ name }) => {
    const values = new Set<string>()
    for (const value of table.getChild(name) ?? []) if (typeof value === 'string') values.add(value)
    const kind = kindIn([...values], rules)
    return kind === null ? [] : [{ key, place: name, kind }]
  })
}

/** Between two values stands what no secret holds, so that none is found across them. */
function kindIn(values: readonly string[], rules: LeakRules): string | null {
  return findLeaks(values.join('\n\0\n'), rules)[0]?.kind ?? null
}

const mostNamed = 3

/** `site/…/index.html: line 12 (GitHub)`, for the person who has to look. */
export function findingsText(findings: readonly Finding[], root: string): string {
  const named = findings
    .slice(0, mostNamed)
    .map(({ key, place, kind }) => `${key.slice(root.length + 1)}: ${place} (${kind})`)
  const more = findings.length - named.length
  return [...named, ...(more > 0 ? [`and ${more} more`] : [])].join('; ')
}
