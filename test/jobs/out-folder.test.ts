import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createMachine, type Machine, writeLog } from './debrief-command.js'

let machine: Machine
beforeEach(() => {
  machine = createMachine()
  writeLog(machine, 's1.jsonl', `${JSON.stringify(prompt)}\n`)
})
afterEach(() => machine.remove())

const prompt = {
  type: 'user',
  uuid: '11111111-1111-4111-8111-111111111111',
  sessionId: 's1',
  version: '2.1.119',
  cwd: '/home/sam/a',
  isSidechain: false,
  timestamp: '2026-02-10T10:00:00.000Z',
  message: { role: 'user', content: 'Go on.' },
}

const modeOf = (path: string) => statSync(path).mode & 0o777

/** What others than the owner may touch, below out/ and out/ itself. */
function openToOthers(): string[] {
  return ['.', ...readdirSync(machine.out, { recursive: true, encoding: 'utf8' })].filter(
    (path) => (modeOf(join(machine.out, path)) & 0o077) !== 0,
  )
}

describe('the out folder', () => {
  test('is for its owner alone, with all that a run makes in it, a log of the run among it', async () => {
    const { code } = await machine.debrief('run', 'weekly', '--for', '2026-W07', '--no-publish')
    expect(code).toBe(0)
    for (const name of ['ledger.duckdb', 'logs', 'parquet', 'runs', 'site', 'warehouse.duckdb'])
      expect(readdirSync(machine.out)).toContain(name)
    expect(openToOthers()).toEqual([])

    const entries = readFileSync(join(machine.out, 'logs/debrief.jsonl'), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(entries[0]).toMatchObject({ command: 'run weekly', action: 'begin' })
    expect(entries.at(-1)).toMatchObject({ command: 'run weekly', action: 'end', exit_code: 0 })
    expect(new Set(entries.map(({ run_id }) => run_id)).size).toBe(1)
    expect(entries.map(({ step, action }) => `${step} ${action}`)).toContain('sync done')
  })

  test('of an earlier version is closed by the next command; a folder with other things in it is not', async () => {
    mkdirSync(join(machine.out, 'site'), { recursive: true })
    writeFileSync(join(machine.out, 'site/index.html'), 'old')
    chmodSync(machine.out, 0o755)
    chmodSync(join(machine.out, 'site'), 0o755)
    await machine.debrief('sync')
    expect([modeOf(machine.out), modeOf(join(machine.out, 'site'))]).toEqual([0o700, 0o700])
    writeFileSync(join(machine.out, 'mine.txt'), 'of somebody else')
    for (const path of ['.', 'mine.txt', 'site']) chmodSync(join(machine.out, path), 0o755)
    await machine.debrief('sync')
    expect(['.', 'mine.txt', 'site'].map((path) => modeOf(join(machine.out, path)))).toEqual([
      0o755, 0o755, 0o700,
    ])
  })
})
