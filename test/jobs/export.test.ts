import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { amp } from '../../pipeline/ingest/formats/amp/format.js'
import type { LogEntry, SessionRef } from '../../pipeline/ingest/formats/entries.js'
import { openedLog, readEntries } from '../../pipeline/ingest/read-entries.js'
import { missingJqPrograms } from '../support/jq.js'
import { createMachine, type Machine } from './debrief-command.js'

let machine: Machine
let exported: string
let lines: readonly Line[]

interface Line {
  readonly type: string
  readonly sessionId: string
  readonly iterationId: string
  readonly timestamp: string
  readonly data: Readonly<Record<string, unknown>>
}

/** The demo has all that can be exported: sub-agents, failures, edits, calls without an answer, several prompts. */
beforeAll(async () => {
  machine = createMachine()
  expect((await machine.debrief('demo', '--quiet')).code).toBe(0)
  const { code, stdout } = await exportDemo()
  expect(code).toBe(0)
  exported = join(machine.folder, 'exported.jsonl')
  writeFileSync(exported, stdout)
  lines = parse(stdout)
}, 120_000)
afterAll(() => machine.remove())

const demo = () => join(machine.out, 'demo')
const exportDemo = (...args: readonly string[]) =>
  machine.debrief('export', 'amp-jsonl', '--out', demo(), ...args)

async function ask<T>(sql: string): Promise<readonly T[]> {
  const { stdout } = await machine.debrief('query', sql, '--out', demo(), '--format', 'json')
  return JSON.parse(stdout)
}

function parse(text: string): readonly Line[] {
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
}

function ofType(type: string): readonly Line[] {
  return lines.filter((line) => line.type === type)
}

describe('debrief export amp-jsonl', () => {
  it('writes each prompt, tool call, edit and reply of the marts once', async () => {
    const [counts] = await ask(`select
      (select count(*) from prompts where not is_abandoned) as user_message,
      (select count(*) from tool_calls) as tool_call, (select count(*) from file_edits) as file_edit,
      (select count(*) from llm_calls) as llm_usage`)
    expect({
      user_message: ofType('user_message').length,
      tool_call: ofType('tool_call').length,
      file_edit: ofType('file_edit').length,
      llm_usage: ofType('llm_usage').length,
    }).toEqual(counts)
  })

  it('begins an iteration with each prompt, and one where a session has none', async () => {
    const [turns] = await ask('select sum(greatest(turn_count, 1)) as turn_count from sessions')
    expect({ turn_count: ofType('iteration_start').length }).toEqual(turns)
    expect(new Set(ofType('iteration_start').map(({ iterationId }) => iterationId)).size).toBe(
      ofType('iteration_start').length,
    )
  })

  it('keeps the order of time in each session, and ends each iteration but the last of a session that was left', async () => {
    const last = new Map<string, string>()
    const isOpen = new Set<string>()
    for (const { sessionId, iterationId, type, timestamp } of lines) {
      expect(timestamp >= (last.get(sessionId) ?? '')).toBe(true)
      last.set(sessionId, timestamp)
      if (type === 'iteration_start') isOpen.add(iterationId)
      expect([iterationId, isOpen.has(iterationId)]).toEqual([iterationId, true])
      if (type === 'iteration_end') isOpen.delete(iterationId)
    }
    const open = new Set([...isOpen].map((iterationId) => iterationId.replace(/#\d+$/, '')))
    const left = await ask<{ session_id: string }>(
      `select session_id from sessions where completion_status in ('abandoned', 'active') order by session_id`,
    )
    expect([...open].sort()).toEqual(left.map(({ session_id }) => session_id))
    expect(isOpen.size).toBe(open.size)
  })

  it('takes days and a session with its sub-agents', async () => {
    const [one] = await ask<{ session_id: string; parent_session_id: string; day: string }>(
      `select session_id, parent_session_id, cast(local_date as varchar) as day from sessions
       where is_subagent order by session_id limit 1`,
    )
    const family = parse((await exportDemo('--session', one?.parent_session_id ?? '')).stdout)
    expect(new Set(family.map(({ sessionId }) => sessionId))).toContain(one?.session_id)
    const ofDay = await ask<{ session_id: string }>(
      `select session_id from sessions where local_date = date '${one?.day}' order by session_id`,
    )
    const day = one?.day ?? ''
    const found = parse((await exportDemo('--since', day, '--until', day)).stdout)
    expect([...new Set(found.map(({ sessionId }) => sessionId))].sort()).toEqual(
      ofDay.map(({ session_id }) => session_id),
    )
  })

  it('writes the same to a file, and says how many lines', async () => {
    const file = join(machine.folder, 'metrics.jsonl')
    const { stdout } = await exportDemo('--out-file', file, '--json')
    expect(JSON.parse(stdout)).toEqual({ file, lines: lines.length })
    expect(readFileSync(file, 'utf8')).toBe(readFileSync(exported, 'utf8'))
    expect(existsSync(`${file}.tmp`)).toBe(false)
  })

  it.each([
    ['a session that is not there', ['--session', "o'nobody"], "no session o'nobody"],
    ['a place that cannot be written to', ['--out-file', '/dev/null/metrics.jsonl'], '--out-file'],
    ['a day that is none', ['--since', '2026-02-31'], 'expected a date'],
  ])('ends with exit code 2 for %s', async (_, args, message) => {
    const { code, stderr } = await exportDemo(...args)
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)])
  })
})

describe('what was exported, read again', () => {
  interface Told {
    readonly session: SessionRef
    readonly entry: LogEntry
  }

  async function read(): Promise<readonly Told[]> {
    const told: Told[] = []
    const { rejects, lineTypes } = readEntries(amp, await openedLog(amp, exported), (session, entry) => {
      told.push({ session, entry })
    })
    expect(rejects).toEqual([])
    expect([...lineTypes.values()].reduce((a, b) => a + b)).toBe(lines.length)
    return told
  }

  const ordered = (rows: readonly unknown[]) => rows.map((row) => JSON.stringify(row)).sort()

  it('gives the same tool calls, with the same answers', async () => {
    const told = await read()
    const answers = new Map(
      told.flatMap(({ entry }) => (entry.kind === 'tool_result' ? [[entry.callId, entry.isError]] : [])),
    )
    const calls = told.flatMap(({ session, entry }) =>
      entry.kind === 'tool_call'
        ? [[session.id, session.parentId, entry.toolName, entry.at, answers.get(entry.callId) ?? null]]
        : [],
    )
    const expected = await ask<Record<string, unknown>>(
      `select t.session_id, s.parent_session_id, tool_name, called_at, if(has_answer, is_error, null) as is_error
       from tool_calls as t join sessions as s using (session_id)`,
    )
    expect(ordered(calls)).toEqual(ordered(expected.map(Object.values)))
  })

  it('gives the same edits', async () => {
    const told = await read()
    const paths = new Map(
      told.flatMap(({ entry }) => (entry.kind === 'tool_call' ? [[entry.callId, entry.input.path]] : [])),
    )
    const edits = told.flatMap(({ session, entry }) => {
      if (entry.kind !== 'tool_result' || entry.edit === null) return []
      const { operation, linesAdded, linesDeleted } = entry.edit
      return [[session.id, paths.get(entry.callId ?? ''), operation, linesAdded, linesDeleted]]
    })
    const expected = await ask<Record<string, unknown>>(
      'select session_id, path, operation, lines_added, lines_deleted from file_edits',
    )
    expect(ordered(edits)).toEqual(ordered(expected.map(Object.values)))
  })

  it('gives the same tokens', async () => {
    const calls = (await read()).flatMap(({ session, entry: e }) =>
      e.kind === 'llm_call'
        ? [[session.id, e.at, e.model, e.inputTokens, e.outputTokens, e.cacheReadTokens, e.cacheWriteTokens]]
        : [],
    )
    const expected = await ask<Record<string, unknown>>(
      `select session_id, called_at, model, input_tokens, output_tokens, cache_read_tokens, cache_write_tokens
       from llm_calls`,
    )
    expect(ordered(calls)).toEqual(ordered(expected.map(Object.values)))
  })
})

describe.skipIf(missingJqPrograms.length > 0)('the commands that Amp users know', () => {
  const run = (command: string) =>
    execFileSync('sh', ['-c', command], { cwd: machine.folder, encoding: 'utf8' }).trim()
  const counted = (text: string) =>
    Object.fromEntries(text.split('\n').map((line) => [/"(.*)"/.exec(line)?.[1], Number.parseInt(line, 10)]))

  it('count events by type', () => {
    const types = counted(run(`cat exported.jsonl | jq '.type' | sort | uniq -c`))
    expect(Object.keys(types).sort()).toEqual(
      ['file_edit', 'iteration_end', 'iteration_start', 'llm_usage', 'tool_call', 'user_message'].sort(),
    )
    expect(types.tool_call).toBe(ofType('tool_call').length)
  })

  it('count tools by name', async () => {
    const command = `cat exported.jsonl | jq 'select(.type=="tool_call") | .data.toolName' | sort | uniq -c`
    const expected = await ask<{ tool_name: string; calls: number }>(
      'select tool_name, count(*) as calls from tool_calls group by tool_name',
    )
    expect(counted(run(command))).toEqual(
      Object.fromEntries(expected.map(({ tool_name, calls }) => [tool_name, calls])),
    )
  })

  it('add up tokens', async () => {
    const command = `cat exported.jsonl | jq 'select(.type=="llm_usage") | .data.totalTokens' | paste -sd+ | bc`
    const [sum] = await ask('select sum(context_tokens + output_tokens) as total_tokens from llm_calls')
    expect({ total_tokens: Number(run(command)) }).toEqual(sum)
  })

  it('select tool calls and edits', () => {
    for (const type of ['tool_call', 'file_edit'])
      expect(run(`cat exported.jsonl | jq -c 'select(.type=="${type}")'`).split('\n')).toHaveLength(
        ofType(type).length,
      )
  })
})
