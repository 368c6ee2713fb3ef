import { describe, expect, it } from 'vitest'
import { EntryRows, type Row } from '../../pipeline/ingest/entry-rows.js'
import type { LogEntry, SessionRef } from '../../pipeline/ingest/formats/entries.js'
import { errorKindOf, toolFactsOf } from '../../pipeline/ingest/tool-facts.js'

const main: SessionRef = { id: 's', parentId: null }
const at = '2026-02-02T10:00:00.000Z'

function rowsOf(entries: readonly LogEntry[], session = main): Record<string, Row[]> {
  const rows: Record<string, Row[]> = {}
  const writer = new EntryRows('codex', (table, row) => {
    rows[table] = [...(rows[table] ?? []), row]
  })
  for (const entry of entries) writer.add(session, entry)
  writer.finish()
  return rows
}

const call = {
  kind: 'tool_call',
  at,
  id: null,
  callId: '1',
  toolName: 'Bash',
  input: {},
  delegatedAgent: null,
} as const
const answer = {
  kind: 'tool_result',
  at,
  id: null,
  callId: '1',
  isError: false,
  errorKind: null,
  text: '',
  edit: null,
} as const

describe('rows from entries', () => {
  it('join a call and its answer by an id that no other session has', () => {
    const { tool_uses, tool_results } = rowsOf([call, answer])
    expect(tool_uses![0]!.tool_call_id).toBe('s 1')
    expect(tool_results![0]!.tool_call_id).toBe('s 1')
    const other = rowsOf([call, answer], { id: 't', parentId: null })
    expect(other.tool_uses![0]!.tool_call_id).toBe('t 1')
  })

  it('give a copied call the id of the original, in whichever session it is', () => {
    const copied = [{ ...call, id: 'line-7' }, answer]
    const [first, second] = [rowsOf(copied), rowsOf(copied, { id: 't', parentId: null })]
    expect(first.tool_uses![0]!.tool_call_id).toBe('line-7')
    expect(second.tool_results![0]!.tool_call_id).toBe('line-7')
    expect(first.events![0]!.event_uuid).toBe(second.events![0]!.event_uuid)
  })

  it('say where a session worked and when, once for each place', () => {
    const { contexts } = rowsOf([
      { kind: 'setting', at, workingDirectory: '/a', agentVersion: '1.0' },
      { ...call, at: '2026-02-02T10:05:00.000Z' },
      { kind: 'setting', at: '2026-02-02T10:06:00.000Z', workingDirectory: '/b' },
    ])
    expect(contexts).toEqual([
      expect.objectContaining({
        working_directory: '/a',
        agent_version: '1.0',
        first_at: at,
        last_at: '2026-02-02T10:05:00.000Z',
      }),
      expect.objectContaining({ working_directory: '/b', agent_version: '1.0', event_count: 1 }),
    ])
  })

  it('keep what a prompt signals and not its words', () => {
    const { prompts } = rowsOf([
      { kind: 'prompt', at, id: 'p', text: 'No, that is wrong', promptSource: 'typed' },
    ])
    expect(prompts).toEqual([
      expect.objectContaining({ is_correction: true, is_thanks: false, char_count: 17 }),
    ])
    expect(JSON.stringify(prompts)).not.toContain('wrong')
  })

  it('know an extraction of Debrief itself by its tag: nobody prompted', () => {
    const { prompts, events } = rowsOf([
      { kind: 'prompt', at, id: null, text: '<debrief-extraction version="1">…', promptSource: 'headless' },
    ])
    expect(prompts).toBeUndefined()
    expect(events).toEqual([
      expect.objectContaining({ event_kind: 'wrapper', reference: 'debrief-extraction' }),
    ])
  })

  it('keep unknown tokens unknown', () => {
    const usage = { inputTokens: 5, outputTokens: 7, cacheReadTokens: null, cacheWriteTokens: null }
    const { calls } = rowsOf([
      { kind: 'llm_call', at, id: 'm', model: 'x', ...usage, webSearchCount: 0, loggedCostUsd: '0.01' },
    ])
    expect(calls![0]).toMatchObject({
      input_tokens: 5,
      cache_read_tokens: null,
      cache_write_1h_tokens: null,
      logged_cost_usd: '0.01',
    })
  })
})

describe('a tool call', () => {
  it.each([
    ['Bash', { command: 'cd /x && git commit -m "y"' }, 'git commit', true, false],
    ['Bash', { command: 'FOO=1 npm test -- a' }, 'npm test', false, true],
    ['Bash', { command: ['bash', '-lc', 'pytest -q'] }, 'pytest', false, true],
    ['Bash', { command: `A=${'a'.repeat(40)}` }, null, false, false],
    ['Read', { file_path: '/a/b.ts' }, '/a/b.ts', false, false],
    ['WebFetch', { url: 'https://user@example.org/x?y' }, 'example.org', false, false],
    ['Unheard', { path: '/a' }, null, false, false],
  ])('of %s with %o is about %s', (name, input, target, isCommit, isTestRun) => {
    expect(toolFactsOf(name, input, null)).toMatchObject({ target, isCommit, isTestRun })
  })

  it('is equal to another only with equal input, in whatever order its fields stand', () => {
    const hash = (input: Record<string, unknown>) => toolFactsOf('Bash', input, null).inputHash
    expect(hash({ a: 1, b: 2 })).toBe(hash({ b: 2, a: 1 }))
    expect(hash({ a: 1 })).not.toBe(hash({ a: 2 }))
  })

  it('that failed says why as far as its answer does', () => {
    expect(errorKindOf('cat: x: No such file or directory')).toBe('not_found')
    expect(errorKindOf('boom')).toBe('other')
  })
})
