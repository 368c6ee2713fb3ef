// The journals in out/runs: what they may say of an event, now and where less may be said than before.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { rename, writeFile } from 'node:fs/promises'
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

/** Writes the journals of earlier runs as they may be now. */
export async function clearKeptJournals(folder: string, config: JournalConfig): Promise<void> {
  if (!existsSync(folder)) return
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.json'))) {
    const file = join(folder, name)
    const before = readFileSync(file, 'utf8')
    const after = clearedText(before, config)
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
