// The journals in out/runs and the log beside them: what they may say of an event, now and where less may be said.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { clearSecrets } from './clear.js'
import type { Config } from './config.js'
import { withoutSecrets } from './secret.js'
import { tokensIn } from './secret-shapes.js'

type JournalConfig = Pick<Config, 'privacy' | 'secrets'>

/** The journal as JSON text: no secret in it and, where no words may be kept, nothing that an error quotes. */
export function journalText(journal: object, config: JournalConfig): string {
  const text = JSON.stringify(clearFields(journal, config), null, 2)
  return `${withoutSecrets(text, Object.values(config.secrets))}\n`
}

/** The same on one line: an entry of the log. */
export function logLine(entry: object, config: JournalConfig): string {
  const text = JSON.stringify(clearFields(entry, config))
  return `${withoutSecrets(text, Object.values(config.secrets))}\n`
}

/** So many journals of each command stay: a sync every quarter of an hour must not push out those of the weekly run. */
export const keptJournalCount = 200

/** Removes the oldest journals of each command; their names begin with the time and end with the process. */
export async function pruneJournals(folder: string, keptCount = keptJournalCount): Promise<void> {
  const names = readdirSync(folder).filter((name) => name.endsWith('.json'))
  const commandOf = (name: string) => name.replace(/^[^-]*-/, '').replace(/-\d+\.json$/, '')
  const seen = new Map<string, number>()
  for (const name of names.sort().reverse()) {
    const count = (seen.get(commandOf(name)) ?? 0) + 1
    seen.set(commandOf(name), count)
    if (count > keptCount) await rm(join(folder, name), { force: true })
  }
}

/** Writes the journals of earlier runs, or the log, as they may be now. */
export async function clearKeptJournals(folder: string, config: JournalConfig): Promise<void> {
  if (!existsSync(folder)) return
  for (const name of readdirSync(folder).filter((file) => /\.jsonl?$/.test(file))) {
    const file = join(folder, name)
    const before = readFileSync(file, 'utf8')
    const after = name.endsWith('.json') ? clearedText(before, config) : clearedLines(before, config)
    if (after === before) continue
    await writeFile(`${file}.tmp`, after)
    await rename(`${file}.tmp`, file)
  }
}

/** A journal that was cut off is no JSON: as text it cannot be told what in it is a message. */
function clearedText(text: string, config: JournalConfig): string {
  try {
    return journalText(JSON.parse(text) as object, config)
  } catch {
    return `${JSON.stringify({ error: 'this journal was cut off; what it held was removed' })}\n`
  }
}

/** A line that was cut off goes. */
function clearedLines(text: string, config: JournalConfig): string {
  return text
    .split('\n')
    .flatMap((line) => {
      try {
        return [logLine(JSON.parse(line) as object, config)]
      } catch {
        return []
      }
    })
    .join('')
}

/** Messages and errors are sentences; everything else is a name or a number. */
function clearFields(value: unknown, config: JournalConfig, key = ''): unknown {
  if (Array.isArray(value)) return value.map((item) => clearFields(item, config, key))
  if (value !== null && typeof value === 'object')
    return Object.fromEntries(
      Object.entries(value).map(([name, inner]) => [name, clearFields(inner, config, name)]),
    )
  if (typeof value !== 'string') return value
  if (key !== 'message' && key !== 'error')
    return tokensIn(value).reduce((cleared, token) => cleared.replaceAll(token, '[secret]'), value)
  const sentence = clearSecrets(value)
  return config.privacy.content === 'none' ? withoutQuotations(sentence) : sentence
}

/** What an error puts between quotation marks may be from a log; a path is not. */
function withoutQuotations(text: string): string {
  return text.replace(
    /(?<![\p{L}\p{N}])(["'`])((?:(?!\1(?![\p{L}\p{N}])).)+)\1(?![\p{L}\p{N}])/gsu,
    (all, quote, quoted) => (/^[~./]?[/\\]\S+$/.test(quoted) ? all : `${quote}…${quote}`),
  )
}
