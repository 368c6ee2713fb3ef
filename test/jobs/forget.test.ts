import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { findTraces, writeSession } from '../forget/small-logs.js'
import { createMachine, type Machine } from './debrief-command.js'

let machine: Machine
beforeEach(() => {
  machine = createMachine()
  const directory = join(machine.folder, 'work/hidden-cove')
  writeSession(machine.folder, { id: 'secret-1', directory, startedAt: '2026-02-10T10:00:00Z' })
  writeSession(machine.folder, {
    id: 'plain-1',
    directory: join(machine.folder, 'work/harbour'),
    startedAt: '2026-02-10T11:00:00Z',
  })
})
afterEach(() => machine.remove())

describe('debrief forget', () => {
  it('only says what would go, until --yes; then no byte of it is left below out/', async () => {
    await machine.debrief('sync', '--quiet')
    const asked = await machine.debrief('forget', '--project', '~/work/hidden-cove')
    expect(asked).toMatchObject({ code: 0 })
    expect(asked.stdout).toContain('1 sessions and 0 of sub-agents with 2 calls')
    expect(asked.stdout).toContain('Nothing was removed. Add --yes to remove it.')
    expect((await findTraces(machine.out, 'secret-1')).length).toBeGreaterThan(0)
    const done = await machine.debrief('forget', '--project', '~/work/hidden-cove', '--yes', '--json')
    expect(JSON.parse(done.stdout)).toMatchObject({
      is_dry_run: false,
      sessionCount: 1,
      bucket: { status: 'off' },
    })
    for (const word of ['secret-1', 'hidden-cove'])
      expect(await findTraces(machine.out, word), word).toEqual([])
    await machine.debrief('sync', '--quiet')
    expect(await findTraces(machine.out, 'secret-1')).toEqual([])
  })

  it.each([
    { flags: [], message: 'expected one of --project, --session, or --from with --until, got 0' },
    { flags: ['--project', 'x', '--session', 'y'], message: 'got 2' },
    { flags: ['--from', '2026-02-10'], message: 'got 2026-02-10 and none' },
    { flags: ['--from', '2026-02-11', '--until', '2026-02-10'], message: 'in this order' },
    { flags: ['--session', 'unknown', '--yes'], message: 'no session unknown is loaded' },
  ])('says what it expected: $flags', async ({ flags, message }) => {
    await machine.debrief('sync', '--quiet')
    const ended = await machine.debrief('forget', ...flags)
    expect(ended.code).toBe(2)
    expect(ended.stderr).toContain(message)
  })
})

describe('debrief restore', () => {
  it('gives back from Parquet alone what was loaded', async () => {
    await machine.debrief('sync', '--quiet')
    await machine.debrief('snapshot', '--quiet')
    const other = join(machine.folder, 'other')
    const restored = await machine.debrief('restore', '--from', join(machine.out, 'parquet'), '--out', other)
    expect(restored).toMatchObject({ code: 0 })
    const query = await machine.debrief(
      'query',
      'select count(*) as n from sessions',
      '--format',
      'json',
      '--out',
      other,
    )
    expect(JSON.parse(query.stdout)).toEqual([{ n: 2 }])
    const again = await machine.debrief('restore', '--out', other)
    expect(again.code).toBe(2)
  })
})
