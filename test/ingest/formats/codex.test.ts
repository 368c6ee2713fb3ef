// What the reader of Codex rollouts makes of each fixture, and how it tells what happened in them.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Config } from '../../../pipeline/config.js'
import { codex } from '../../../pipeline/ingest/formats/codex/format.js'
import type { LogEntry, SessionRef } from '../../../pipeline/ingest/formats/entries.js'
import type { FoundFile } from '../../../pipeline/ingest/formats/format.js'
import { openedLog, readEntries, readEntryTranscript } from '../../../pipeline/ingest/read-entries.js'
import { packageRoot } from '../../../pipeline/root.js'

const folder = join(packageRoot, 'fixtures', 'logs', 'codex')
const cases = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory())

interface Read {
  readonly files: readonly FoundFile[]
  readonly said: readonly { readonly session: SessionRef; readonly entry: LogEntry }[]
  readonly reasons: readonly string[]
  readonly lineTypes: ReadonlyMap<string, number>
}

describe('fixtures of codex, read to entries', () => {
  it.each(cases.map(({ name }) => name))('%s', async (name) => {
    const { why: _, ...expected } = JSON.parse(readFileSync(join(folder, name, 'expected.json'), 'utf8'))
    const totals = totalsOf(await read(name))
    expect(Object.fromEntries(Object.keys(expected).map((key) => [key, totals[key]]))).toEqual(expected)
  })
})

describe('what Codex logs', () => {
  it('reads a prompt with where it came from, and a session with where and with what it worked', async () => {
    const [setting, prompt] = (await read('plain-session')).said.map(({ entry }) => entry)
    expect(setting).toEqual({
      kind: 'setting',
      at: '2026-02-10T09:00:01.000Z',
      workingDirectory: '/home/dev/shop',
      gitBranch: 'main',
      agentVersion: '0.121.0',
      entrypoint: 'cli',
    })
    expect(prompt).toMatchObject({ text: 'Why does the cart test fail?', promptSource: 'typed' })
    const headless = only(await read('completed-items'), 'prompt')
    expect(headless.map(({ text, promptSource }) => [text, promptSource])).toEqual([
      ['Replace beta.', 'headless'],
    ])
  })

  it('tells what a person asked from what the editor puts before it', async () => {
    expect(only(await read('injected-context'), 'prompt').map(({ text }) => text)).toEqual([
      'Explain this.',
      'Like in this picture.',
      'yes',
      'yes',
    ])
  })

  it('gives usage the model of its turn, and follows the directory', async () => {
    const { said } = await read('model-changes')
    expect(only({ said }, 'llm_call').map(({ model }) => model)).toEqual(['gpt-5.4', 'gpt-5.5'])
    expect(only({ said }, 'setting').map(({ workingDirectory }) => workingDirectory)).toEqual([
      '/home/dev/shop',
      '/home/dev/shop/web',
    ])
  })

  it('puts sub-agents below the main session, whoever spawned them, and tells nothing of what was copied', async () => {
    const { said } = await read('sub-agents')
    const ids = new Map(said.map(({ session }) => [session.id, session.parentId]))
    const main = [...ids].find(([, parentId]) => parentId === null)![0]
    expect([...ids.keys()].every((id) => id === main || id.startsWith(`${main}/`))).toBe(true)
    expect([...ids.values()].filter((parentId) => parentId === main)).toHaveLength(3)
    const called = said.filter(({ entry }) => entry.kind === 'tool_call' && entry.toolName === 'spawn_agent')
    expect(called.map(({ session }) => session.id)).toEqual([main])
    expect(called[0]?.entry).toMatchObject({ delegatedAgent: 'explorer' })
    expect(only({ said }, 'tool_result')).toHaveLength(only({ said }, 'tool_call').length)
  })

  it('says why a call failed, as far as exit code and answer tell', async () => {
    const results = only(await read('interruption-and-failures'), 'tool_result')
    expect(results.map(({ isError, errorKind }) => [isError, errorKind])).toEqual([
      [false, null],
      [true, 'command_failed'],
      [false, null],
      [true, 'timeout'],
      [true, null],
      [true, 'unknown_tool'],
      [true, 'rejected'],
      [false, null],
    ])
    const names = only(await read('interruption-and-failures'), 'tool_call').map(({ toolName }) => toolName)
    expect(names).toContain('mcp__github_fetch_pr')
  })

  it('reads which file a patch changed, and by how many lines, through whichever tool it went', async () => {
    const { said } = await read('patches')
    expect(only({ said }, 'tool_call').map(({ toolName, input }) => [toolName, input.path])).toEqual([
      ['apply_patch', '/home/dev/shop/src/cart.ts'],
      ['apply_patch', '/home/dev/shop/src/index.ts'],
      ['apply_patch', '/home/dev/shop/src/nope.ts'],
    ])
    expect(only({ said }, 'tool_result').map(({ edit }) => edit)).toEqual([
      { operation: 'update', linesAdded: 4, linesDeleted: 4 },
      { operation: 'update', linesAdded: 1, linesDeleted: 1 },
      null,
    ])
  })

  it('reads a call that only a script made', async () => {
    const { said } = await read('completed-items')
    expect(only({ said }, 'tool_call').map(({ toolName }) => toolName)).toEqual(['exec', 'apply_patch'])
    expect(only({ said }, 'tool_result')[0]?.edit).toMatchObject({ linesAdded: 2, linesDeleted: 1 })
  })

  it('rejects a line with the reason, and counts types that it does not know', async () => {
    const { reasons, lineTypes } = await read('bad-lines')
    expect(reasons).toEqual([
      'JSON object at column 1 is cut off',
      'expected a JSON object at column 1, got other text',
      'expected a whole number in info.total_token_usage.input_tokens',
      'expected text in model',
      'expected an instant from 1970 to 2199 in timestamp',
    ])
    expect(lineTypes.get('response_item/hologram')).toBe(1)
    expect(lineTypes.get('event_msg/from_the_future')).toBe(1)
  })

  it('makes a transcript of one session, without what its log copied', async () => {
    const { files } = await read('fork')
    const paths = files.map(({ path }) => path)
    const fork = (await read('fork')).said.at(-1)!.session.id
    const { messages } = await readEntryTranscript(codex, paths, fork)
    expect(messages.map(({ role, text }) => [role, text])).toEqual([
      ['human', 'Make it faster instead.'],
      ['assistant', 'Faster.'],
    ])
  })

  it('gives what a file says the same ids where it was moved to', async () => {
    const [{ path }] = (await read('archived-copy')).files as [FoundFile]
    const moved = path.replace(/sessions.2026.02.10/, 'archived_sessions')
    const idsIn = async (file: string): Promise<unknown[]> => {
      const ids: unknown[] = []
      readEntries(codex, await openedLog(codex, file), (_session, entry) => {
        if ('id' in entry) ids.push(entry.id)
      })
      return ids
    }
    const ids = await idsIn(path)
    expect(moved).not.toBe(path)
    expect(ids).toHaveLength(3)
    expect(await idsIn(moved)).toEqual(ids)
  })

  it('looks where CODEX_HOME says, else in the home directory', () => {
    const placesOf = (agentEnv: Record<string, string>) =>
      codex.usualPlaces({ home: '/home/dev', agentEnv } as unknown as Config)
    expect(placesOf({})).toEqual(['/home/dev/.codex/sessions', '/home/dev/.codex/archived_sessions'])
    expect(placesOf({ CODEX_HOME: '/data/codex' })[0]).toBe('/data/codex/sessions')
  })
})

async function read(name: string): Promise<Read> {
  const config = { home: join(folder, name, 'home'), agentEnv: {} } as unknown as Config
  const files = await codex.findFiles(codex.usualPlaces(config), (path, message) => {
    throw new Error(`${path}: ${message}`)
  })
  const said: { session: SessionRef; entry: LogEntry }[] = []
  const reasons: string[] = []
  const lineTypes = new Map<string, number>()
  for (const { path } of files) {
    const log = await openedLog(codex, path)
    const { rejects, lineTypes: types } = readEntries(codex, log, (session, entry) =>
      said.push({ session, entry }),
    )
    reasons.push(...rejects.map(({ reason }) => reason))
    for (const [type, count] of types) lineTypes.set(type, (lineTypes.get(type) ?? 0) + count)
  }
  return { files, said, reasons, lineTypes }
}

function only<Kind extends LogEntry['kind']>(
  { said }: Pick<Read, 'said'>,
  kind: Kind,
): Extract<LogEntry, { kind: Kind }>[] {
  return said.flatMap(({ entry }) =>
    entry.kind === kind ? [entry as Extract<LogEntry, { kind: Kind }>] : [],
  )
}

/** As the marts count: entries with the same id are one. */
function totalsOf({ said, reasons }: Read): Record<string, number> {
  const distinct = new Map(
    said.map((one, i) => {
      const id = 'id' in one.entry ? one.entry.id : null
      return [id === null ? `#${i}` : `${one.entry.kind} ${id}`, one]
    }),
  )
  const entries = { said: [...distinct.values()] }
  const sum = (counts: readonly (number | null | undefined)[]): number =>
    counts.reduce<number>((total, count) => total + (count ?? 0), 0)
  const calls = only(entries, 'llm_call')
  const results = only(entries, 'tool_result')
  const sessions = new Map(said.map(({ session }) => [session.id, session.parentId]))
  return {
    sessions: [...sessions.values()].filter((parentId) => parentId === null).length,
    subagent_sessions: [...sessions.values()].filter((parentId) => parentId !== null).length,
    prompts: only(entries, 'prompt').length,
    tool_calls: only(entries, 'tool_call').length,
    tool_errors: results.filter(({ isError }) => isError).length,
    llm_calls: calls.length,
    input_tokens: sum(calls.map(({ inputTokens }) => inputTokens)),
    output_tokens: sum(calls.map(({ outputTokens }) => outputTokens)),
    cache_read_tokens: sum(calls.map(({ cacheReadTokens }) => cacheReadTokens)),
    cache_write_tokens: sum(calls.map(({ cacheWriteTokens }) => cacheWriteTokens)),
    interruptions: only(entries, 'interruption').length,
    compactions: only(entries, 'compaction').length,
    rejects: reasons.length,
  }
}
