import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { amp } from '../../../pipeline/ingest/formats/amp/format.js'
import { openMetrics } from '../../../pipeline/ingest/formats/amp/reader.js'
import type { Fields, LogEntry, SessionRef } from '../../../pipeline/ingest/formats/entries.js'
import { openedLog, readEntries, readEntryTranscript } from '../../../pipeline/ingest/read-entries.js'
import { packageRoot } from '../../../pipeline/root.js'

const fixtures = join(packageRoot, 'fixtures/logs/amp')
const pathsOf = (name: string): string[] => {
  const folder = join(fixtures, name, 'home/metrics')
  return readdirSync(folder).map((file) => join(folder, file))
}

interface Told {
  readonly session: SessionRef
  readonly entry: LogEntry
}

/** All that the files say, each entry with an id once, as the loader has it. */
async function read(paths: readonly string[]) {
  const told = new Map<string, Told>()
  const reasons: string[] = []
  for (const path of paths) {
    const { rejects } = readEntries(amp, await openedLog(amp, path), (session, entry) => {
      const id = 'id' in entry && entry.id !== null ? entry.id : String(told.size)
      if (!told.has(`${entry.kind} ${id}`)) told.set(`${entry.kind} ${id}`, { session, entry })
    })
    reasons.push(...rejects.map(({ reason }) => reason))
  }
  const all = [...told.values()]
  const ofKind = <K extends LogEntry['kind']>(kind: K) =>
    all
      .map(({ entry }) => entry)
      .filter((entry): entry is Extract<LogEntry, { kind: K }> => entry.kind === kind)
  return { all, ofKind, reasons }
}

/** Entries of lines as they would lie in a file. */
function take(lines: readonly Fields[]): Told[] {
  const told: Told[] = []
  const reader = openMetrics((session, entry) => told.push({ session, entry }))
  for (const [i, fields] of lines.entries())
    reader.take({ path: 'metrics.ndjson', lineNumber: i + 1, fields })
  reader.finish()
  return told
}

describe.each(readdirSync(fixtures).filter((name) => !name.includes('.')))('%s', (name) => {
  const expected = JSON.parse(readFileSync(join(fixtures, name, 'expected.json'), 'utf8'))
  it(expected.why, async () => {
    const { all, ofKind, reasons } = await read(pathsOf(name))
    const sum = (counts: readonly (number | null)[]) => counts.reduce<number>((a, b) => a + (b ?? 0), 0)
    const calls = ofKind('llm_call')
    expect({
      sessions: new Set(all.map(({ session }) => session.id)).size,
      prompts: ofKind('prompt').length,
      tool_calls: ofKind('tool_call').length,
      llm_calls: calls.length,
      input_tokens: sum(calls.map((call) => call.inputTokens)),
      output_tokens: sum(calls.map((call) => call.outputTokens)),
      cache_read_tokens: sum(calls.map((call) => call.cacheReadTokens)),
      cache_write_tokens: sum(calls.map((call) => call.cacheWriteTokens)),
      rejects: reasons.length,
    }).toEqual(Object.fromEntries(Object.entries(expected).filter(([key]) => countedHere.has(key))))
    const edits = ofKind('tool_result').flatMap(({ edit }) => edit ?? [])
    expect(edits).toHaveLength(expected.file_edits ?? 0)
    if ('lines_added' in expected) expect(sum(edits.map((e) => e.linesAdded))).toBe(expected.lines_added)
    if ('lines_deleted' in expected)
      expect(sum(edits.map((e) => e.linesDeleted))).toBe(expected.lines_deleted)
  })
})

const countedHere = new Set([
  ...['sessions', 'prompts', 'tool_calls', 'llm_calls', 'input_tokens', 'output_tokens'],
  ...['cache_read_tokens', 'cache_write_tokens', 'rejects'],
])

describe('a call', () => {
  it('keeps the arguments that were logged when it began, and is answered in no known time', async () => {
    const { ofKind } = await read(pathsOf('calls-are-logged-as-they-begin-and-again'))
    const written = ofKind('tool_call').find(({ toolName }) => toolName === 'create_file')
    expect(written).toMatchObject({ at: '2026-02-09T10:00:03.001Z', input: { content: "print('hello')\n" } })
    expect(ofKind('tool_result').find(({ callId }) => callId === written?.callId)).toMatchObject({
      at: null,
      isError: false,
      edit: { operation: 'update', linesAdded: 1, linesDeleted: 0 },
    })
    expect(ofKind('setting').map(({ workingDirectory }) => workingDirectory)).toEqual([
      '/home/sam/.amp-repos/lighthouse/.worktrees/3b1c6f0e-0000-4000-8000-000000000001',
    ])
  })

  it('without a start began as long before it was logged as it took', async () => {
    const { ofKind } = await read(pathsOf('lines-without-iteration-ids'))
    expect(ofKind('tool_call')[0]?.at).toBe('2026-02-09T10:00:00.850Z')
    expect(ofKind('tool_result')).toMatchObject([
      { at: '2026-02-09T10:00:01.000Z', isError: false, edit: null },
      { isError: true, text: 'no match', edit: null },
      { isError: false, edit: { linesAdded: 5 } },
    ])
  })

  it('of an iteration that never ends has no answer', async () => {
    const { ofKind } = await read(pathsOf('iteration-that-never-ends'))
    expect(ofKind('tool_result')).toEqual([])
  })

  it('takes the edit of its own path: the latest before it, of two', () => {
    const line = (type: string, second: number, data: Fields) => ({
      type,
      sessionId: 's',
      iterationId: 'i',
      timestamp: `2026-02-09T10:00:0${second}.000Z`,
      data,
    })
    const args = { path: '/home/sam/a.ts' }
    const told = take([
      line('tool_call', 1, { toolName: 'edit_file', args, durationMs: 10, success: true }),
      line('file_edit', 2, { path: 'a.ts', linesAdded: 1, linesDeleted: 0, operation: 'modify' }),
      line('tool_call', 3, { toolName: 'edit_file', args, durationMs: 10, success: true }),
      line('file_edit', 4, { path: 'a.ts', linesAdded: 2, linesDeleted: 0, operation: 'modify' }),
      line('file_edit', 4, { path: 'ba.ts', linesAdded: 4, linesDeleted: 0, operation: 'modify' }),
    ])
    expect(
      told.flatMap(({ entry }) => (entry.kind === 'tool_result' ? [entry.edit?.linesAdded] : [])),
    ).toEqual([1, 2])
  })
})

describe('usage', () => {
  it('knows nothing of caches where the line does not', async () => {
    const { ofKind } = await read(pathsOf('equal-calls-in-one-moment'))
    expect(ofKind('llm_call')).toMatchObject([
      { inputTokens: 43, cacheReadTokens: null, cacheWriteTokens: null, loggedCostUsd: '0.0034' },
    ])
  })

  it('as exported holds the cached part, and small amounts have no exponent', () => {
    const data = { promptTokens: 100, cacheReadTokens: 70, cacheWriteTokens: 20, costUsd: 1e-7 }
    const line = { type: 'llm_usage', sessionId: 'main/child', timestamp: '2026-02-09T10:00:00Z' }
    expect(take([{ ...line, data }])).toMatchObject([
      {
        session: { id: 'main/child', parentId: 'main' },
        entry: { inputTokens: 10, cacheReadTokens: 70, loggedCostUsd: '0.00000010000000000000' },
      },
    ])
    expect(() => take([{ ...line, data: { ...data, promptTokens: 80 } }])).toThrow('expected cached tokens')
  })
})

describe('what a line is rejected for', () => {
  it('is said with the name of the field', async () => {
    const { reasons } = await read(pathsOf('bad-lines'))
    expect(reasons.slice(1)).toEqual([
      'expected a whole number in data.promptTokens',
      'expected a whole number in data.completionTokens',
      'expected text in sessionId',
      'expected text in data.toolName',
      'expected text in data.path',
      'expected an instant from 1970 to 2199 in timestamp',
    ])
  })
})

describe('the end of an iteration', () => {
  it.each([
    ['success', 'assistant'],
    ['awaiting-input', 'assistant'],
    ['failed', 'api_error'],
    ['odd', 'system'],
  ])('that says %s is told as %s', (status, kind) => {
    const line = { type: 'iteration_end', sessionId: 's', timestamp: '2026-02-09T10:00:00Z' }
    expect(take([{ ...line, data: { status } }])).toMatchObject([{ entry: { kind } }])
  })
})

describe('a transcript', () => {
  it('has what was asked, the calls and their answers, once for all files', async () => {
    const { messages } = await readEntryTranscript(
      amp,
      pathsOf('same-events-in-two-files'),
      '3b1c6f0e-0000-4000-8000-000000000003',
    )
    expect(messages.map(({ role, toolCalls }) => [role, toolCalls[0]?.name])).toEqual([
      ['human', undefined],
      ['assistant', 'Bash'],
      ['tool', 'Bash'],
      ['assistant', 'Bash'],
      ['tool', 'Bash'],
      ['assistant', undefined],
    ])
  })
})

describe('files', () => {
  it('are those named, whatever their ending, and in folders those of metrics', async () => {
    const folder = join(fixtures, 'same-events-in-two-files')
    const problems: string[] = []
    const found = await amp.findFiles(
      [folder, join(folder, 'expected.json'), join(folder, 'home/metrics/all.ndjson'), join(folder, 'none')],
      (path) => problems.push(path),
    )
    expect(found.map(({ path }) => path.slice(folder.length + 1))).toEqual([
      'expected.json',
      'home/metrics/all.ndjson',
      'home/metrics/session.jsonl',
    ])
    expect([problems, amp.usualPlaces({} as never)]).toEqual([[], []])
  })
})
