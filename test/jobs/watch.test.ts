import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { queryWarehouse } from '../../pipeline/warehouse/query.js'
import { createMachine, type Ended, endOf, type Machine } from './debrief-command.js'

/** From the last line of a log to its session in the marts 5 seconds are promised; a busy machine may take longer. */
const longestMs = 30_000

describe('sync --watch', { timeout: 200_000 }, () => {
  let machine: Machine
  beforeEach(() => {
    machine = createMachine()
    machine.configure('schedule: {}\n')
  })
  afterEach(() => machine.remove())

  it('takes in what is written, in folders old, new, moved in and made again, until it is stopped', async () => {
    const projects = join(machine.folder, '.claude/projects')
    write('-old', 's1')
    const child = startWatch()
    const ended = endOf(child)
    await until(() => syncCount() >= 1, 100_000) // The first looks at all there is.
    expect(await sessions()).toEqual(['s1'])

    write('-old', 's2')
    await loaded('s1', 's2')

    write('-new/deeper', 's3')
    await loaded('s1', 's2', 's3')

    const elsewhere = join(machine.folder, 'elsewhere')
    mkdirSync(elsewhere)
    writeFileSync(join(elsewhere, 's4.jsonl'), logOf('s4'))
    renameSync(elsewhere, join(projects, '-moved'))
    await loaded('s1', 's2', 's3', 's4')

    rmSync(projects, { recursive: true })
    await sleep(200)
    write('-old', 's5')
    await loaded('s1', 's2', 's3', 's4', 's5')

    child.kill('SIGTERM')
    expect(await ended).toMatchObject<Partial<Ended>>({ code: 0, stdout: 'Stopped.\n' })
    expect(existsSync(join(machine.out, 'ledger.duckdb.wal'))).toBe(false)
  })

  it('waits for the first log of an agent, whose folder is not there yet', async () => {
    const child = startWatch()
    const ended = endOf(child)
    await until(() => syncCount() >= 1, 100_000)
    write('-first', 's1')
    await loaded('s1')
    child.kill('SIGINT')
    expect((await ended).code).toBe(0)
  })

  /** Ends with the test, also where that fails. */
  function startWatch() {
    const child = machine.start('sync', '--watch')
    onTestFinished(() => void child.kill('SIGKILL'))
    return child
  }

  function write(folder: string, sessionId: string): void {
    const path = join(machine.folder, '.claude/projects', folder)
    mkdirSync(path, { recursive: true })
    writeFileSync(join(path, `${sessionId}.jsonl`), logOf(sessionId))
  }

  async function loaded(...sessionIds: readonly string[]): Promise<void> {
    const end = performance.now() + longestMs
    let found: string[] = []
    while (performance.now() < end && found.length < sessionIds.length) {
      await sleep(200)
      found = await sessions()
    }
    expect(found).toEqual(sessionIds)
  }

  /** None while the warehouse is being replaced. */
  async function sessions(): Promise<string[]> {
    const sql = 'select session_id from sessions order by session_id'
    const { rows } = await queryWarehouse(join(machine.out, 'warehouse.duckdb'), sql).catch(() => ({
      rows: [],
    }))
    return rows.map(([sessionId]) => String(sessionId))
  }

  function syncCount(): number {
    const runs = join(machine.out, 'runs')
    return existsSync(runs) ? readdirSync(runs).filter((file) => /-sync-\d+\.json$/.test(file)).length : 0
  }
})

function logOf(sessionId: string): string {
  const line = {
    type: 'user',
    uuid: `11111111-1111-4111-8111-11111111111${sessionId.slice(1)}`,
    sessionId,
    version: '2.1.119',
    cwd: '/home/sam/a',
    isSidechain: false,
    timestamp: '2026-02-10T10:00:00.000Z',
    message: { role: 'user', content: 'Go on.' },
  }
  return `${JSON.stringify(line)}\n`
}

async function until(isTrue: () => boolean, timeoutMs: number): Promise<void> {
  const end = performance.now() + timeoutMs
  while (!isTrue() && performance.now() < end) await sleep(50)
  expect(isTrue()).toBe(true)
}
