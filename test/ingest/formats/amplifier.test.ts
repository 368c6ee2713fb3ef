import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { amplifier } from '../../../pipeline/ingest/formats/amplifier/format.js'
import type { LogEntry, SessionRef } from '../../../pipeline/ingest/formats/entries.js'
import { readEntries, readEntryTranscript } from '../../../pipeline/ingest/read-entries.js'
import { packageRoot } from '../../../pipeline/root.js'

type Told = readonly [SessionRef, LogEntry]

interface Read {
  readonly told: readonly Told[]
  readonly reasons: readonly string[]
  readonly paths: readonly string[]
}

/** Everything that the logs under a home directory say, copies left out. */
async function readHome(home: string): Promise<Read> {
  const files = await amplifier.findFiles([join(home, '.amplifier', 'projects')], (path, message) => {
    throw new Error(`${path}: ${message}`)
  })
  const told: Told[] = []
  const seen = new Set<string>()
  const reasons: string[] = []
  for (const { path, kind, members = [path] } of files) {
    const read = readEntries(amplifier, { path, kind, members }, (session, entry) => {
      const key = 'id' in entry && entry.id !== null ? `${entry.kind} ${entry.id}` : null
      if (key === null || !seen.has(key)) told.push([session, entry])
      if (key !== null) seen.add(key)
    })
    reasons.push(...read.rejects.map(({ reason }) => reason))
  }
  return { told, reasons, paths: files.map(({ path }) => path) }
}

function ofKind<Kind extends LogEntry['kind']>({ told }: Read, kind: Kind) {
  return told.map(([, entry]) => entry).filter((entry) => entry.kind === kind) as (LogEntry & {
    kind: Kind
  })[]
}

function totalsOf(read: Read): Record<string, unknown> {
  const calls = ofKind(read, 'llm_call')
  const results = ofKind(read, 'tool_result')
  const sum = (counts: readonly (number | null)[]) =>
    counts.reduce<number>((all, count) => all + (count ?? 0), 0)
  const sessions = new Map(read.told.map(([session]) => [session.id, session]))
  return {
    sessions: [...sessions.values()].filter(({ parentId }) => parentId === null).length,
    subagent_sessions: [...sessions.values()].filter(({ parentId }) => parentId !== null).length,
    prompts: ofKind(read, 'prompt').length,
    tool_calls: ofKind(read, 'tool_call').length,
    llm_calls: calls.length,
    input_tokens: sum(calls.map(({ inputTokens }) => inputTokens)),
    output_tokens: sum(calls.map(({ outputTokens }) => outputTokens)),
    cache_read_tokens: sum(calls.map(({ cacheReadTokens }) => cacheReadTokens)),
    cache_write_tokens: sum(calls.map(({ cacheWriteTokens }) => cacheWriteTokens)),
    rejects: read.reasons.length,
    tool_errors: results.filter(({ isError }) => isError).length,
    rejections: results.filter(({ errorKind }) => errorKind === 'rejected').length,
    interruptions: ofKind(read, 'interruption').length,
    compactions: ofKind(read, 'compaction').length,
  }
}

const fixtures = join(packageRoot, 'fixtures', 'logs', 'amplifier')
const fixtureNames = readdirSync(fixtures, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)

describe('what is read of each fixture', () => {
  it.each(fixtureNames)('%s', async (name) => {
    const expected = JSON.parse(readFileSync(join(fixtures, name, 'expected.json'), 'utf8'))
    const totals = totalsOf(await readHome(join(fixtures, name, 'home')))
    const named = Object.fromEntries(Object.keys(totals).map((key) => [key, expected[key] ?? totals[key]]))
    expect(totals).toEqual(named)
  })
})

describe('one session', () => {
  it('gives model, exact costs, agents and what an edit changed', async () => {
    const read = await readHome(join(fixtures, 'one-session', 'home'))
    expect(ofKind(read, 'llm_call').map(({ model, loggedCostUsd }) => [model, loggedCostUsd])).toEqual([
      ['claude-opus-4-8', '0.00760000'],
      ['claude-opus-4-8', '0.00000066'],
    ])
    expect(ofKind(read, 'tool_call').map((call) => [call.toolName, call.delegatedAgent])).toEqual([
      ['bash', null],
      ['delegate', 'foundation:explorer'],
      ['edit_file', null],
    ])
    expect(ofKind(read, 'tool_result').map(({ isError, text }) => [isError, text.slice(0, 15)])).toEqual([
      [true, 'Command failed '],
      [false, '{"response":"In'],
      [false, '{"file_path":"s'],
    ])
    expect(ofKind(read, 'tool_result').at(-1)?.edit).toEqual({
      operation: 'update',
      linesAdded: 2,
      linesDeleted: 1,
    })
    expect(ofKind(read, 'setting')[0]?.workingDirectory).toBe('/home/dana/shop')
    expect(ofKind(read, 'title').map(({ text }) => text)).toEqual(['Build failure'])
  })

  it('makes one transcript of its files', async () => {
    const home = join(fixtures, 'one-session', 'home')
    const { paths, told } = await readHome(home)
    const transcript = await readEntryTranscript(amplifier, paths, told[0]![0].id)
    expect(transcript.title).toBe('Build failure')
    expect(transcript.messages.map(({ role }) => role).join(' ')).toBe(
      'human assistant tool assistant tool assistant tool assistant',
    )
  })
})

describe('a session that did not run through', () => {
  it('ends where it was last used, whatever was opened and left since', async () => {
    const read = await readHome(join(fixtures, 'resumed', 'home'))
    expect(ofKind(read, 'system').map(({ text, at }) => `${text} ${at?.slice(11, 16)}`)).toEqual([
      'session:start 12:00',
      'session:end 12:00',
      'session:resume 13:00',
      'session:end 13:00',
    ])
  })

  it('is its parent’s sub-agent also where neither has metadata', async () => {
    const { told } = await readHome(join(fixtures, 'killed', 'home'))
    const main = 'c0000000-0000-4000-8000-000000000001'
    expect([...new Set(told.map(([{ id, parentId }]) => `${id} of ${parentId}`))].sort()).toEqual([
      `${main} of null`,
      `${main}/${main}-3333333333333333_runner of ${main}`,
    ])
  })
})

describe('bad lines', () => {
  it('are rejected with their file and what was expected', async () => {
    const { reasons } = await readHome(join(fixtures, 'bad-lines', 'home'))
    expect(reasons).toEqual([
      expect.stringMatching(/^metadata\.json: .*cut off/),
      expect.stringMatching(/^events\.jsonl: .*cut off/),
      expect.stringMatching(/^events\.jsonl: expected a JSON object/),
      'events.jsonl: expected a whole number in input_tokens',
      'events.jsonl: expected text in tool_name',
      'events.jsonl: expected an amount in usage.cost_usd',
      'events.jsonl: expected an instant from 1970 to 2199 in ts',
    ])
  })
})

describe('logs made for one case', () => {
  let home: string
  beforeAll(() => {
    home = mkdtempSync(join(tmpdir(), 'amplifier-'))
  })
  afterAll(() => rmSync(home, { recursive: true }))

  function writeLog(session: string, name: string, lines: readonly object[]): void {
    const path = join(home, '.amplifier', 'projects', '-p', 'sessions', session, name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, lines.map((line) => JSON.stringify(line)).join('\n'))
  }

  it('read lines of any length, and take what the model’s maker counted where it was kept', async () => {
    const raw = { id: 'msg_1', usage: { input_tokens: 3, cache_read_input_tokens: 5 } }
    const usage = { input_tokens: 4, output_tokens: 1, cache_read_tokens: 5 }
    const ts = '2026-02-03T09:00:00.5Z'
    writeLog('long', 'events.jsonl', [
      { ts, event: 'llm:request', data: { model: 'claude-opus-4-8', raw: { text: 'x'.repeat(600_000) } } },
      { ts, event: 'llm:response', data: { raw, usage } },
    ])
    const [call] = ofKind(await readHome(home), 'llm_call')
    expect(call).toMatchObject({ id: 'msg_1', inputTokens: 3, cacheReadTokens: 5, model: 'claude-opus-4-8' })
  })

  it('end at sessions that name each other as parent', async () => {
    const event = { ts: '2026-02-03T09:00:00Z', event: 'tool:pre', data: { tool_name: 'bash' } }
    for (const [id, parent_id] of [
      ['left', 'right'],
      ['right', 'left'],
    ] as const) {
      writeLog(id, 'metadata.json', [{ session_id: id, parent_id }])
      writeLog(id, 'events.jsonl', [event])
    }
    const ids = (await readHome(home)).told.map(([{ id }]) => id)
    expect(ids).toContain('right/left')
  })
})

it('looks where AMPLIFIER_HOME says, else in the home directory', () => {
  const places = (agentEnv: Record<string, string>) =>
    amplifier.usualPlaces({ home: '/home/dana', agentEnv } as never)
  expect(places({})).toEqual([join('/home/dana', '.amplifier', 'projects')])
  expect(places({ AMPLIFIER_HOME: '/elsewhere' })).toEqual([join('/elsewhere', 'projects')])
})
