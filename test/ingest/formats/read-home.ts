// Reads all of a source's logs under a home directory by the format alone, without a ledger.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../../../pipeline/config.js'
import type { LogEntry } from '../../../pipeline/ingest/formats/entries.js'
import type { EntryFormat } from '../../../pipeline/ingest/formats/format.js'
import { type EntriesRead, openedLog, readEntries } from '../../../pipeline/ingest/read-entries.js'
import { errorKindOf } from '../../../pipeline/ingest/tool-facts.js'
import { packageRoot } from '../../../pipeline/root.js'

export interface HomeRead {
  /** Each once, with the session that had it first in the order of the files. */
  readonly said: readonly { readonly session: string; readonly entry: LogEntry }[]
  readonly sessions: ReadonlyMap<string, string | null>
  readonly logs: readonly EntriesRead[]
}

export async function readHome(format: EntryFormat, home: string): Promise<HomeRead> {
  const said: { session: string; entry: LogEntry }[] = []
  const sessions = new Map<string, string | null>()
  const seen = new Set<string>()
  const logs: EntriesRead[] = []
  const places = format.usualPlaces({ home, agentEnv: {} } as Pick<Config, 'home' | 'agentEnv'> as Config)
  const files = await format.findFiles(places, (path, message) => {
    throw new Error(`${path}: ${message}`)
  })
  for (const { path, kind } of files) {
    const log = readEntries(format, await openedLog(format, path, kind), (session, entry) => {
      sessions.set(session.id, session.parentId)
      const key = 'id' in entry && entry.id !== null ? `${entry.kind} ${entry.id}` : null
      if (key !== null && seen.has(key)) return
      if (key !== null) seen.add(key)
      said.push({ session: session.id, entry })
    })
    logs.push(log)
  }
  return { said, sessions, logs }
}

export function fixtureNames(source: string): readonly string[] {
  return readdirSync(join(packageRoot, 'fixtures', 'logs', source), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
}

export function fixtureHome(source: string, name: string): string {
  return join(packageRoot, 'fixtures', 'logs', source, name, 'home')
}

export function expectedOf(source: string, name: string): Readonly<Record<string, unknown>> {
  const { why: _, ...expected } = JSON.parse(
    readFileSync(join(fixtureHome(source, name), '..', 'expected.json'), 'utf8'),
  )
  return expected
}

/** The totals that a fixture's expected.json may name. */
export function totalsOf({ said, sessions, logs }: HomeRead): Readonly<Record<string, unknown>> {
  const of = <K extends LogEntry['kind']>(kind: K) =>
    said.map(({ entry }) => entry).filter((entry) => entry.kind === kind) as Extract<LogEntry, { kind: K }>[]
  const sum = (numbers: readonly (number | null)[]) => numbers.reduce<number>((a, b) => a + (b ?? 0), 0)
  const calls = of('llm_call')
  const failed = of('tool_result').filter(({ isError }) => isError)
  const kinds = failed.map(({ errorKind, text }) => errorKind ?? errorKindOf(text))
  const prompts = said.filter(({ entry }) => entry.kind === 'prompt')
  return {
    sessions: [...sessions.values()].filter((parent) => parent === null).length,
    subagent_sessions: [...sessions.values()].filter((parent) => parent !== null).length,
    prompts: prompts.length,
    tool_calls: of('tool_call').length,
    tool_errors: failed.length,
    tool_errors_by_kind: countBy(kinds),
    rejections: kinds.filter((kind) => kind === 'rejected').length,
    interruptions: of('interruption').length,
    compactions: of('compaction').length,
    llm_calls: calls.length,
    input_tokens: sum(calls.map(({ inputTokens }) => inputTokens)),
    output_tokens: sum(calls.map(({ outputTokens }) => outputTokens)),
    cache_read_tokens: sum(calls.map(({ cacheReadTokens }) => cacheReadTokens)),
    cache_write_tokens: sum(calls.map(({ cacheWriteTokens }) => cacheWriteTokens)),
    rejects: sum(logs.map(({ rejects }) => rejects.length)),
    lines: sum(logs.map(({ lineCount }) => lineCount)),
    blank_lines: sum(logs.map(({ blankLineCount }) => blankLineCount)),
    loaded_lines: sum(logs.map(({ loadedLineCount }) => loadedLineCount)),
    sessions_by_id: Object.fromEntries(
      Object.entries(countBy(prompts.map(({ session }) => session))).map(([id, count]) => [
        id,
        { prompts: count },
      ]),
    ),
  }
}

function countBy(keys: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const key of keys) counts[key] = (counts[key] ?? 0) + 1
  return counts
}
