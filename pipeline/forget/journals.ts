// Takes what names a forgotten session or file out of the journals of earlier runs, and out of the log.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

interface Journal {
  readonly error?: string
  readonly events?: readonly unknown[]
}

/** Events that hold one of the names go whole; returns how many files changed. */
export async function clearJournals(folder: string, names: readonly string[]): Promise<number> {
  if (!existsSync(folder) || names.length === 0) return 0
  let changed = 0
  for (const name of readdirSync(folder).filter((file) => /\.jsonl?$/.test(file))) {
    const file = join(folder, name)
    const text = readFileSync(file, 'utf8')
    if (!names.some((needle) => text.includes(inJson(needle)))) continue
    const cleared = name.endsWith('.json')
      ? `${JSON.stringify(withoutNames(JSON.parse(text) as Journal, names), null, 2)}\n`
      : withoutLines(text, names)
    await writeFile(`${file}.tmp`, cleared)
    await rename(`${file}.tmp`, file)
    changed += 1
  }
  return changed
}

function withoutNames(journal: Journal, names: readonly string[]): Journal {
  const isNamed = (value: unknown) => {
    const text = JSON.stringify(value)
    return names.some((needle) => text.includes(inJson(needle)))
  }
  return {
    ...journal,
    ...(journal.error !== undefined && isNamed(journal.error) ? { error: '(forgotten)' } : {}),
    ...(journal.events ? { events: journal.events.filter((event) => !isNamed(event)) } : {}),
  }
}

function withoutLines(text: string, names: readonly string[]): string {
  const isNamed = (line: string) => names.some((needle) => line.includes(inJson(needle)))
  return text
    .split('\n')
    .filter((line) => !isNamed(line))
    .join('\n')
}

function inJson(text: string): string {
  return JSON.stringify(text).slice(1, -1)
}
