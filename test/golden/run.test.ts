// Compares the output of a whole run with fixtures/runs; UPDATE_GOLDEN=1 rewrites these.
import { appendFileSync, cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { generateLogs } from '../../pipeline/demo/generate.js'
import { packageRoot } from '../../pipeline/root.js'
import {
  describeOutput,
  differingFiles,
  filesIn,
  type GoldenRun,
  makeScratch,
  readTree,
  runAt,
  settleTimes,
  writeTree,
} from './golden-run.js'

const golden = join(packageRoot, 'fixtures/runs/two-weeks')
const scratch = makeScratch()
const home = join(scratch.path, 'home')
const out = join(scratch.path, 'out')
const week = { kind: 'weekly', label: '2026-W07' } as const
let first: GoldenRun

beforeAll(async () => {
  await generateLogs({
    folder: home,
    seed: 7,
    weeks: ['2026-W06', '2026-W07'],
    sessionsPerWeek: [1, 2],
    textScale: 0.05,
    noise: 0.2,
    hasFaults: true,
  })
  cutShort(home)
  settleTimes(home)
  first = await runAt('2026-02-17T12:00:00Z', home, out, week)
  cpSync(out, `${out}-first`, { recursive: true })
})
afterAll(scratch.remove)

/** One log gets a line that ends early, a blank one and two objects on one line: the trust page has to say so. */
function cutShort(folder: string): void {
  const file = filesIn(folder).find((path) => !path.includes('subagents'))!
  appendFileSync(
    join(folder, file),
    '{"type":"user","message":{"role":"us\n\n{"type":"mode"}{"type":"mode"}\n',
  )
}

describe('a run over two weeks', () => {
  test('writes the tree in fixtures/runs/two-weeks', async () => {
    const tree = await describeOutput(out, home)
    if (process.env.UPDATE_GOLDEN === '1') writeTree(golden, tree)
    const expected = readTree(golden)
    expect([...tree.keys()].sort()).toEqual([...expected.keys()].sort())
    for (const [file, text] of tree) expect(text, file).toBe(expected.get(file))
  })

  test('leaves nothing half written', () => {
    for (const name of ['warehouse.duckdb.building', 'parquet.writing', 'parquet.old', '.scratch'])
      expect(existsSync(join(out, name)), name).toBe(false)
    expect([...readTree(join(out, 'site')).keys()].filter((file) => file.endsWith('.tmp'))).toEqual([])
  })

  test('read every line, but for the one that it warns of', () => {
    expect(first.result.ingest).toMatchObject({ filesRead: first.result.ingest.filesFound, rejectedLines: 1 })
    const warnings = first.events.filter(({ action, step }) => action === 'warn' && step === 'ingest')
    expect(warnings.map(({ message }) => message)).toEqual(['1 line could not be read; see table rejects'])
  })
})

describe('a second run, a day later', () => {
  let second: GoldenRun
  beforeAll(async () => {
    second = await runAt('2026-02-18T18:30:00Z', home, out, week)
  })

  test('reads no file, judges no session and rebuilds nothing', () => {
    expect(second.result.ingest).toMatchObject({ filesRead: 0, bytesRead: 0, hasChanged: false })
    expect(second.result.facets.extracted).toBe(0)
    expect(second.events.filter(({ step }) => step === 'models')).toEqual([])
    expect(second.result.snapshot.isWritten).toBe(false)
  })

  test('leaves the same bytes in site/ and parquet/', () => {
    expect(differingFiles(join(`${out}-first`, 'site'), join(out, 'site'))).toEqual([])
    expect(differingFiles(join(`${out}-first`, 'parquet'), join(out, 'parquet'))).toEqual([])
  })
})

describe('a run into an empty folder, a day later', () => {
  const other = join(scratch.path, 'other')
  beforeAll(async () => {
    await runAt('2026-02-18T18:30:00Z', home, other, week)
  })

  test('gives the same bytes in site/', () => {
    expect(differingFiles(join(`${out}-first`, 'site'), join(other, 'site'))).toEqual([])
  })

  test('gives the same bytes in parquet/, but where a table says when something was read, judged or frozen', async () => {
    const dated =
      /^(_ledger\/state\.(files|facets|periods|agent_settings)\.parquet|(periods|session_facets)\/.*|manifest\.json)$/
    const differing = differingFiles(join(`${out}-first`, 'parquet'), join(other, 'parquet'))
    expect(differing.filter((file) => !dated.test(file))).toEqual([])
    const [before, after] = [await describeOutput(`${out}-first`, home), await describeOutput(other, home)]
    const undated = (text = '') => text.replaceAll(/"(extracted_at|frozen_at)":"[^"]*"/g, '')
    for (const table of ['parquet/periods.jsonl', 'parquet/session_facets.jsonl'])
      expect(undated(after.get(table)), table).toBe(undated(before.get(table)))
  })
})

describe('a session that ended minutes before the week did', () => {
  test('looks the same right after midnight and a day later', async () => {
    const late = join(scratch.path, 'late')
    writeLateSession(late)
    const outs = ['2026-02-16T05:05:00Z', '2026-02-17T05:05:00Z'].map((now) => ({
      now,
      out: join(late, now),
    }))
    for (const run of outs) await runAt(run.now, late, run.out, week)
    const [soon, later] = outs.map((run) => join(run.out, 'site'))
    expect(differingFiles(soon!, later!)).toEqual([])
  })
})

/** One prompt and its answer, at ten to midnight on Sunday in New York. */
function writeLateSession(folder: string): void {
  const sessionId = '00000000-0000-4000-8000-000000000001'
  const line = { sessionId, cwd: '/home/dev/projects/recipe-box', version: '2.1.119', isSidechain: false }
  const lines = [
    {
      ...line,
      type: 'user',
      uuid: 'u1',
      timestamp: '2026-02-16T04:50:00.000Z',
      message: { role: 'user', content: 'Go on.' },
    },
    {
      ...line,
      type: 'assistant',
      uuid: 'u2',
      requestId: 'req_1',
      timestamp: '2026-02-16T04:50:09.000Z',
      message: {
        id: 'msg_1',
        role: 'assistant',
        model: 'claude-sonnet-4-6',
        content: [{ type: 'text', text: 'Done.' }],
        usage: { input_tokens: 3, output_tokens: 2 },
      },
    },
  ]
  const file = join(folder, '.claude/projects/recipe-box', `${sessionId}.jsonl`)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, lines.map((entry) => `${JSON.stringify(entry)}\n`).join(''))
  settleTimes(folder)
}
