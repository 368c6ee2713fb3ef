import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { beginRun, endRun, readHistory } from '../../pipeline/schedule/ledger-runs.js'
import { openLedger } from '../../pipeline/warehouse/ledger.js'
import { createMachine, type Machine, writeLog } from './debrief-command.js'

let machine: Machine
beforeEach(() => {
  machine = createMachine()
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

describe('debrief doctor', () => {
  test('works where there is nothing, changes nothing, and ends with 0', async () => {
    const { code, stdout, stderr } = await machine.debrief('doctor')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/^claude-code +not on this machine$/m)
    expect(stdout).toMatch(/^Ledger +not there yet$/m)
    expect(stdout).toContain('no agent has a log here')
    expect(existsSync(machine.out)).toBe(false)
  })

  test('says of each source what is found, loaded and not understood', async () => {
    writeLog(
      machine,
      's1.jsonl',
      `${JSON.stringify(prompt)}\n{"type":"moon-phase","sessionId":"s1"}\n{"cut": \n`,
    )
    const before = await machine.debrief('doctor')
    expect(before.stdout).toContain('its one file is not loaded yet')
    await machine.debrief('sync')
    const { code, stdout } = await machine.debrief('doctor', '--json')
    expect(code).toBe(0)
    const diagnosis = JSON.parse(stdout)
    const source = diagnosis.sources.find((row: { source: string }) => row.source === 'claude-code')
    expect(source).toMatchObject({
      found_by: 'usual',
      file_count: 1,
      loaded: {
        session_count: 1,
        newest_session_at: '2026-02-10T10:00:00.000Z',
        agent_versions: ['2.1.119'],
        rejected_line_count: 1,
        unknown_line_count: 1,
        unknown_line_types: ['moon-phase'],
      },
    })
    expect(diagnosis.ledger).toMatchObject({ is_there: true, file_count: 1, error: null })
    expect(diagnosis.ledger.schema_version).toBe(diagnosis.ledger.expected_schema_version)
    expect(diagnosis.warehouse).toMatchObject({ is_there: true, is_current: true })
  })

  test('ends with 2 where paths are gone, and shows no secret', async () => {
    machine.configure(`sources:
  - {source: claude-code, paths: [gone]}
  - {source: gemini, enabled: false}
discord: [{url_env: TEAM_WEBHOOK}]`)
    const secret = 'https://discord.example/api/webhooks/1/quite-a-secret-token'
    const { code, stdout, stderr } = await machine.debriefWith({ TEAM_WEBHOOK: secret }, 'doctor')
    expect(code).toBe(2)
    expect(stdout).toContain('~/gone does not exist')
    expect(stdout).toMatch(/^gemini +switched off$/m)
    expect(stdout).toMatch(/^Discord +TEAM_WEBHOOK set$/m)
    expect(stdout + stderr).not.toContain('quite-a-secret-token')
  })

  test('says whether the schedule runs, and how its last job ended', async () => {
    mkdirSync(machine.out)
    const ledger = join(machine.out, 'ledger.duckdb')
    const due = (time: string) => new Date(`2026-02-16T${time}Z`)
    await readHistory(ledger, due('06:00'))
    const run = { job: 'weekly', dueAt: due('06:00'), period: '2026-W07', attempt: 0 } as const
    expect((await machine.debrief('doctor')).stdout).toMatch(/^Schedule .*; running; no run yet$/m)
    await beginRun(ledger, run, due('06:00'))
    await endRun(ledger, run, due('06:02'), 3)
    await readHistory(ledger, due('06:10'), { own: 2 ** 22 + 1, isAlive: () => false }) // No process has that number.
    expect((await machine.debrief('doctor')).stdout).toMatch(
      /^Schedule .*; not running at the moment; last run: weekly, ended 2026-02-16 06:02 with 3$/m,
    )
  })

  test('does not wait for a command that is writing the ledger', async () => {
    mkdirSync(machine.out)
    const ledger = await openLedger(join(machine.out, 'ledger.duckdb'))
    try {
      const { code, stdout } = await machine.debrief('doctor')
      expect(code).toBe(0)
      expect(stdout).toMatch(/^Ledger +in use by another debrief command$/m)
    } finally {
      ledger.close()
    }
  })
})
