// Reads the fixtures of formats that are read by entries, each entry once, and counts what expected.json names.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'
import type { LogEntry, SessionRef } from '../../../pipeline/ingest/formats/entries.js'
import type { EntryFormat } from '../../../pipeline/ingest/formats/format.js'
import { openedLog, readEntries } from '../../../pipeline/ingest/read-entries.js'

const fixtures = fileURLToPath(new URL('../../../fixtures/logs', import.meta.url))

interface Expected {
  readonly given?: { readonly paths?: readonly string[] }
  readonly [total: string]: unknown
}

export interface FixtureRead {
  readonly told: readonly { readonly session: SessionRef; readonly entry: LogEntry }[]
  readonly rejects: readonly string[]
}

export function fixtureNames(source: string): readonly string[] {
  return readdirSync(join(fixtures, source), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
}

export function fixtureHome(source: string, name: string): string {
  return join(fixtures, source, name, 'home')
}

export function readExpected(source: string, name: string): Expected {
  return JSON.parse(readFileSync(join(fixtures, source, name, 'expected.json'), 'utf8')) as Expected
}

/** Of the given paths below the fixture's home directory, or of the agent's usual place there. */
export async function readFixture(
  format: EntryFormat,
  usualPlace: string,
  name: string,
): Promise<FixtureRead> {
  const home = fixtureHome(format.source, name)
  const places = readExpected(format.source, name).given?.paths ?? [usualPlace]
  const found = await format.findFiles(
    places.map((place) => join(home, place)),
    (path, message) => expect.fail(`${path}: ${message}`),
  )
  const told: { session: SessionRef; entry: LogEntry }[] = []
  const rejects: string[] = []
  const seen = new Set<string>()
  for (const { path, kind } of found) {
    const read = readEntries(format, await openedLog(format, path, kind), (session, entry) => {
      const key = 'id' in entry && entry.id !== null ? `${entry.kind} ${entry.id}` : null
      if (key !== null && seen.has(key)) return
      if (key !== null) seen.add(key)
      told.push({ session, entry })
    })
    rejects.push(...read.rejects.map(({ reason }) => reason))
  }
  return { told, rejects }
}

/** The totals that a fixture names, as read. */
export function totalsOf({ told, rejects }: FixtureRead, expected: Expected): Record<string, unknown> {
  const of = <K extends LogEntry['kind']>(kind: K) =>
    told.map(({ entry }) => entry).filter((entry): entry is LogEntry & { kind: K } => entry.kind === kind)
  const calls = of('llm_call')
  const sum = (values: readonly (number | null)[]): number =>
    values.reduce<number>((total, value) => total + (value ?? 0), 0)
  const sessions = new Map(told.map(({ session }) => [session.id, session.parentId]))
  const costs = calls.flatMap(({ loggedCostUsd }) => (loggedCostUsd === null ? [] : [loggedCostUsd]))
  const totals: Record<string, unknown> = {
    sessions: [...sessions.values()].filter((parentId) => parentId === null).length,
    subagent_sessions: [...sessions.values()].filter((parentId) => parentId !== null).length,
    prompts: of('prompt').length,
    tool_calls: of('tool_call').length,
    tool_errors: of('tool_result').filter(({ isError }) => isError).length,
    llm_calls: calls.length,
    input_tokens: sum(calls.map(({ inputTokens }) => inputTokens)),
    output_tokens: sum(calls.map(({ outputTokens }) => outputTokens)),
    cache_read_tokens: sum(calls.map(({ cacheReadTokens }) => cacheReadTokens)),
    cache_write_tokens: sum(calls.map(({ cacheWriteTokens }) => cacheWriteTokens)),
    logged_cost_usd: costs.length === 0 ? null : String(sum(costs.map(Number))),
    interruptions: of('interruption').length,
    compactions: of('compaction').length,
    rejects: rejects.length,
  }
  return Object.fromEntries(Object.entries(totals).filter(([key]) => key in expected))
}
