import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createMachine, type Machine } from './debrief-command.js'

let machine: Machine
beforeEach(() => {
  machine = createMachine()
})
afterEach(() => machine.remove())

const weekly = {
  run_id: '20260216T060000000Z-run-weekly-7',
  command: 'run weekly',
  started_at: '2026-02-16T06:00:00.000Z',
  ended_at: '2026-02-16T06:01:05.000Z',
  exit_code: 3,
  warning_count: 1,
  events: [
    { step: 'sync', action: 'done', rows: 1204, atMs: 2300 },
    { step: 'publish', action: 'warn', subject: 'discord', message: 'no answer', atMs: 64_000 },
  ],
}

/** A process number that no process has: the largest on Linux is four million. */
const deadId = '20260216T070000000Z-sync-999999999'

function writeRuns(): void {
  for (const folder of ['runs', 'logs']) mkdirSync(join(machine.out, folder), { recursive: true })
  writeFileSync(join(machine.out, 'runs', `${weekly.run_id}.json`), JSON.stringify(weekly))
  writeFileSync(join(machine.out, 'runs', 'cut.json'), '{"run_id": "20')
  const lines = [
    { at: '2026-02-16T06:00:00.000Z', run_id: weekly.run_id, command: 'run weekly', action: 'begin' },
    { at: '2026-02-16T07:00:00.000Z', run_id: deadId, command: 'sync', action: 'begin' },
  ]
  writeFileSync(
    join(machine.out, 'logs/debrief.jsonl'),
    lines.map((line) => `${JSON.stringify(line)}\n`).join(''),
  )
}

describe('debrief runs', () => {
  test('lists what was run, newest first, with how it ended; one that was cut off too', async () => {
    writeRuns()
    const { code, stdout } = await machine.debrief('runs')
    expect(code).toBe(0)
    const lines = stdout.trimEnd().split('\n').slice(2)
    expect(lines[0]).toMatch(/^2026-02-16 07:00:00 +sync +cut off +20260216T070000000Z-sync-999999999$/)
    expect(lines[1]).toMatch(/^2026-02-16 06:00:00 +run weekly +undelivered +1 min 5 s +1 +\S+-run-weekly-7$/)
    expect(lines).toHaveLength(2)
    const of = JSON.parse((await machine.debrief('runs', '--command', 'run weekly', '--json')).stdout)
    expect(of).toMatchObject([{ run_id: weekly.run_id, exit_code: 3, ended: 'undelivered' }])
    expect((await machine.debrief('runs', '--limit', '1')).stdout).toContain('1 older ones')
  })

  test('shows one run step by step, by the beginning of its id', async () => {
    writeRuns()
    const { stdout } = await machine.debrief('runs', 'show', '20260216T0600')
    expect(stdout).toMatch(/^run weekly: undelivered after 1 min 5 s$/m)
    expect(stdout).toMatch(/^2\.3 s +sync +done +1,204 rows$/m)
    expect(stdout).toMatch(/^1 min 4 s +publish +WARNING +discord: no answer$/m)
    expect(JSON.parse((await machine.debrief('runs', 'show', 'latest', '--json')).stdout).run_id).toBe(deadId)
    const none = await machine.debrief('runs', 'show', '1999')
    expect([none.code, none.stderr.includes('no run whose id begins with 1999')]).toEqual([2, true])
    expect((await machine.debrief('runs', 'show', '2026')).stderr).toContain(
      '2 runs whose id begins with 2026',
    )
  })

  test('shows the runs that commands leave', async () => {
    await machine.debrief('sync')
    const [run] = JSON.parse((await machine.debrief('runs', '--json')).stdout)
    expect(run).toMatchObject({ command: 'sync', ended: 'done', exit_code: 0 })
    expect((await machine.debrief('runs', 'show', run.run_id)).stdout).toMatch(/^[\d.]+ s +sync +done/m)
  })
})
