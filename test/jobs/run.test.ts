import { cpSync, existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { tableFromIPC } from 'apache-arrow'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { packageRoot } from '../../pipeline/root.js'
import { openLedger } from '../../pipeline/warehouse/ledger.js'
import { createMachine, endOf, type Machine } from './debrief-command.js'

/** One of its own for each test, with nothing on it. */
let machine: Machine
/** One with a loaded week, for tests that leave the ledger as it is. */
let loaded: Machine

beforeAll(async () => {
  loaded = createMachine()
  copyFixture(loaded)
  await loaded.debrief('sync')
})
afterAll(() => loaded.remove())
beforeEach(() => {
  machine = createMachine()
})
afterEach(() => machine.remove())

/** One session in week 2026-W07, with two lines that cannot be read. */
function copyFixture({ folder }: Machine): void {
  cpSync(join(packageRoot, 'fixtures/logs/claude-code/bad-lines/home'), folder, { recursive: true })
}

/** With --json every line of standard error is one event. */
function eventsOf(stderr: string): Record<string, unknown>[] {
  return stderr
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
}

describe('debrief sync', () => {
  it('loads what is whole, rejects the rest, says so, and that is a success', async () => {
    copyFixture(machine)
    const { code, stdout, stderr } = await machine.debrief('sync')
    expect(code).toBe(0)
    expect(stdout).toMatch(
      /^1 log files, 1 of them new or changed, 9 lines read\.\n2 lines could not be read: debrief query "select \* from rejects"\n\d+ models rebuilt\.\n$/,
    )
    expect(stderr).toMatch(
      /^Reading logs\n! .*\.jsonl: 2 lines could not be read; see table rejects\n {2}1 file · \d kB in 1 s.*\n {2}\d+ models in \d+ s\n$/,
    )
    const rejects = await machine.debrief(
      'query',
      'select line_number, reason from rejects order by 1',
      '--format',
      'json',
    )
    expect(JSON.parse(rejects.stdout)).toEqual([
      { line_number: 3, reason: 'JSON object at column 1 is cut off' },
      { line_number: 5, reason: expect.any(String) },
    ])
  })

  it('prints its result as JSON and nothing else on standard output, and keeps a journal', async () => {
    copyFixture(machine)
    const { stdout, stderr } = await machine.debrief('sync', '--json')
    expect(eventsOf(stderr)).toContainEqual(
      expect.objectContaining({
        step: 'ingest',
        action: 'warn',
        message: '2 lines could not be read; see table rejects',
      }),
    )
    expect(JSON.parse(stdout)).toMatchObject({
      ingest: { filesFound: 1, filesRead: 1, linesRead: 9, rejectedLines: 2 },
      build: { isRebuilt: true },
    })
    const again = await machine.debrief('sync', '--json', '--quiet')
    expect(JSON.parse(again.stdout)).toMatchObject({ ingest: { filesRead: 0 }, build: { isRebuilt: false } })
    expect(again.stderr).toBe('')
    const journals = readdirSync(join(machine.out, 'runs'))
    expect(journals).toHaveLength(2)
    expect(JSON.parse(readFileSync(join(machine.out, 'runs', journals.sort()[0]!), 'utf8'))).toMatchObject({
      command: 'sync',
      exit_code: 0,
      warning_count: 1,
    })
  })

  it('while another command writes ends with exit code 2 where it may not wait, and says who', async () => {
    copyFixture(machine)
    machine.configure('wait_seconds: 0\n')
    const ledger = await openLedger(join(machine.out, 'ledger.duckdb'))
    try {
      const { code, stderr } = await machine.debrief('sync')
      expect(code).toBe(2)
      expect(stderr).toBe(
        `✗ another debrief command is writing ${join(machine.out, 'ledger.duckdb')}: process ${process.pid}\n  Wait for it to end, then try again.\n`,
      )
    } finally {
      ledger.close()
    }
    expect((await machine.debrief('sync')).code).toBe(0)
  })

  it('with a source that nobody knows names those that are known', async () => {
    machine.configure('sources: [{source: claude-cod}]')
    const { code, stderr } = await machine.debrief('sync')
    expect(code).toBe(2)
    expect(stderr).toMatch(/unknown source "claude-cod"\n {2}Expected one of: claude-code/)
  })
})

describe('debrief query', () => {
  it('of nonsense ends with exit code 2 and a hint', async () => {
    const { code, stdout, stderr } = await loaded.debrief('query', 'select nonsense from sessions')
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(/^✗ .*nonsense[\s\S]*show tables/)
  })

  it('answers in every format while another command writes', async () => {
    const ledger = await openLedger(join(loaded.out, 'ledger.duckdb'))
    const sql = 'select sum(output_tokens)::bigint as tokens, sum(cost_usd) as usd from llm_calls'
    const ask = (format: string) => loaded.debrief('query', sql, '--format', format)
    expect(await ask('csv')).toEqual({ code: 0, stdout: 'tokens,usd\n610,0.011163\n', stderr: '' })
    expect(JSON.parse((await ask('json')).stdout)).toEqual([{ tokens: 610, usd: 0.011163 }])
    expect((await ask('table')).stdout).toBe('tokens       usd\n──────  ────────\n   610  0.011163\n')
    expect(JSON.parse((await loaded.debrief('query', sql, '--json')).stdout)).toEqual([
      { tokens: 610, usd: 0.011163 },
    ])
    ledger.close()
  })

  it('gives an Arrow stream as bytes, whole', async () => {
    const child = loaded.start(
      'query',
      'select n, repeat(chr(252), 50) as t from range(40000) as r (n)',
      '--format',
      'arrow',
    )
    const chunks: Buffer[] = []
    child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk))
    const { code } = await endOf(child)
    const table = tableFromIPC(Buffer.concat(chunks))
    expect([code, table.numRows, table.get(39_999)?.toJSON()]).toEqual([
      0,
      40_000,
      { n: 39_999n, t: 'ü'.repeat(50) },
    ])
  })

  it('before anything is loaded says what to do', async () => {
    const { code, stderr } = await machine.debrief('query', 'select 1')
    expect([code, stderr]).toEqual([2, expect.stringContaining('Run `debrief sync` first.')])
    expect(existsSync(machine.out), 'and makes nothing').toBe(false)
  })
})

describe('debrief run weekly', () => {
  it('on a machine without logs makes the report of the demo, and says so', async () => {
    const { code, stdout } = await machine.debrief('run', 'weekly')
    expect(code).toBe(0)
    expect(stdout).toMatch(/^No agent logs were found on this machine: this is the bundled demo\.$/m)
    const [report] = /(?<=^Report: ).*$/m.exec(stdout) ?? []
    expect(report).toBe(join(machine.out, 'demo/site/weekly/2026-W07/index.html'))
    expect(readFileSync(report ?? '', 'utf8')).toContain('<!doctype html>')
    expect(existsSync(join(machine.out, 'ledger.duckdb')), 'the demo is kept apart').toBe(false)
  })

  it('prints its result as JSON and nothing else on standard output', async () => {
    copyFixture(machine)
    const { code, stdout, stderr } = await machine.debrief('run', 'weekly', '--json')
    expect(code).toBe(0)
    expect(eventsOf(stderr), 'it says which period it took').toContainEqual(
      expect.objectContaining({
        message: expect.stringMatching(
          /^\d{4}-W\d\d holds nothing; reporting 2026-W07, the latest with data$/,
        ),
      }),
    )
    expect(JSON.parse(stdout)).toMatchObject({
      is_demo: false,
      period: '2026-W07',
      report: join(machine.out, 'site/weekly/2026-W07/index.html'),
      figures: { session_count: 1, cost_usd: 0.011163, output_tokens: 610 },
      ingest: { rejectedLines: 2 },
      deliveries: [
        { target: 's3', status: 'off' },
        { target: 'discord', status: 'off' },
      ],
    })
  })

  it('whose check fails renders and publishes nothing and ends with exit code 4', async () => {
    copyFixture(machine)
    await machine.debrief('sync')
    const ledger = await openLedger(join(machine.out, 'ledger.duckdb'))
    await ledger.run(
      'update raw.calls set output_tokens = -1; update state.files set loaded_at = loaded_at + interval 1 second',
    )
    ledger.close()
    const { code, stdout, stderr } = await machine.debrief('run', 'weekly')
    expect([code, stdout]).toEqual([4, ''])
    expect(stderr).toMatch(
      /✗ \d checks? failed: .*llm_calls__tokens_are_not_negative \(.*\n {2}Nothing was published\./,
    )
    expect([existsSync(join(machine.out, 'site')), existsSync(join(machine.out, 'parquet'))]).toEqual([
      false,
      false,
    ])
    const negative = 'select count(*) as n from llm_calls where output_tokens < 0'
    const { stdout: answer } = await machine.debrief('query', negative, '--json')
    expect(JSON.parse(answer), 'the warehouse is the one from before').toEqual([{ n: 0 }])
  })
})

describe('debrief report and snapshot', () => {
  it('of a period that is none end with exit code 2 and an example', async () => {
    const { code, stderr } = await loaded.debrief('report', 'weekly', '--for', 'nonsense', '--quiet')
    expect([code, stderr]).toEqual([
      2,
      '✗ expected a week such as 2026-W07, got nonsense\n  Write it as 2026-W07.\n',
    ])
  })

  it('before anything is loaded say what to do', async () => {
    for (const args of [['report', 'weekly'], ['snapshot'], ['publish']])
      expect(await machine.debrief(...args, '--quiet')).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('Run `debrief sync` first.'),
      })
  })

  it('print their results as JSON', async () => {
    const report = JSON.parse((await loaded.debrief('report', 'monthly', '--all', '--json')).stdout) as object
    expect(report).toMatchObject({
      reports: [{ period: '2026-02' }],
      archive: join(loaded.out, 'site/index.html'),
    })
    const snapshot = JSON.parse((await loaded.debrief('snapshot', '--json')).stdout) as object
    expect(snapshot).toMatchObject({ isWritten: true, manifest: join(loaded.out, 'parquet/manifest.json') })
  })
})

it('debrief facets refuses a date that is none', async () => {
  const { code, stderr } = await loaded.debrief('facets', '--since', 'yesterday')
  expect([code, stderr]).toEqual([2, expect.stringContaining('yesterday')])
})
