// Two commands that meet a ledger that cannot be used at once: one makes it again, the other waits and takes that one.
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { packageRoot } from '../../pipeline/root.js'
import { leftoversIn } from '../crash/crash-room.js'
import { differingTables } from '../crash/same-ledger.js'
import { queryFile } from '../support/workspace.js'
import { createMachine, endOf, type Machine } from './debrief-command.js'

const logs = join(packageRoot, 'fixtures/logs/claude-code/bad-lines/home')
const garbage = 'not a database, but bytes that somebody may want back'
const commandCount = 3

/** A machine with a ledger and its snapshot, copied for each test. */
let kept: Machine
let machine: Machine
beforeAll(async () => {
  kept = createMachine()
  cpSync(logs, kept.folder, { recursive: true })
  kept.configure(
    'user: tester\nmachine: bench\ntimezone: UTC\nexplore: false\nprivacy: {redact_paths: false}\n',
  )
  for (const command of ['sync', 'snapshot']) expect((await kept.debrief(command)).code).toBe(0)
  // Only the snapshot knows it.
  rmSync(join(kept.folder, '.claude'), { recursive: true })
  expect((await kept.debrief('sync')).code).toBe(0)
})
afterAll(() => kept.remove())
beforeEach(() => {
  machine = createMachine()
  cpSync(kept.folder, machine.folder, { recursive: true, preserveTimestamps: true })
})
afterEach(() => machine.remove())

const ledgerOf = ({ out }: Machine) => join(out, 'ledger.duckdb')
const ledgersAside = () =>
  readdirSync(machine.out).filter((name) => name.startsWith('ledger.duckdb.') && !name.endsWith('.owner'))

async function syncAtOnce() {
  const all = Array.from({ length: commandCount }, () =>
    endOf(machine.startWith({ HOME: kept.folder }, 'sync')),
  )
  return Promise.all(all)
}

/** One ledger with all that the snapshot has, written by every command; nothing half made beside it. */
async function expectOneGoodLedger(): Promise<void> {
  expect(await differingTables(ledgerOf(kept), ledgerOf(machine))).toEqual({})
  const runs = await queryFile(
    ledgerOf(machine),
    `select count(*)::integer as n from state.runs where command = 'sync' and exit_code = 0`,
  )
  expect(runs).toEqual([{ n: commandCount }])
  expect(leftoversIn(machine.out)).toEqual([])
}

// More often than once, for it is a matter of moments; and also where a kill left the lock of who did so, whole or not.
it.each([
  ['nothing', null],
  ['an empty lock', ''],
  ['half a lock', 'half'],
])('a ledger that is no database is set aside once, with %s beside it', async (_, lock) => {
  writeFileSync(ledgerOf(machine), garbage)
  if (lock !== null) writeFileSync(join(machine.out, 'mending.duckdb'), lock)
  const ended = await syncAtOnce()
  const told = ended.map(({ stderr }) => stderr).join('\n')
  expect(
    ended.map(({ code }) => code),
    told,
  ).toEqual(ended.map(() => 0))
  expect(ledgersAside(), told).toEqual(['ledger.duckdb.corrupt-1'])
  expect(readFileSync(`${ledgerOf(machine)}.corrupt-1`, 'utf8')).toBe(garbage)
  expect(told.match(/ledger is damaged/g), told).toHaveLength(1)
  await expectOneGoodLedger()
})

it('a ledger that is gone is made again once', async () => {
  rmSync(ledgerOf(machine))
  const ended = await syncAtOnce()
  const told = ended.map(({ stderr }) => stderr).join('\n')
  expect(
    ended.map(({ code }) => code),
    told,
  ).toEqual(ended.map(() => 0))
  expect(ledgersAside(), told).toEqual([])
  expect(told.match(/ledger is gone/g), told).toHaveLength(1)
  await expectOneGoodLedger()
})

it('a ledger that is damaged inside, which shows only at work, is set aside once', async () => {
  const bytes = readFileSync(ledgerOf(machine))
  for (let at = bytes.length >> 1; at < bytes.length; at += 997) bytes[at]! ^= 0xff
  writeFileSync(ledgerOf(machine), bytes)
  const ended = await syncAtOnce()
  const told = ended.map(({ stderr }) => stderr).join('\n')
  expect(
    ended.map(({ code }) => code),
    told,
  ).toEqual(ended.map(() => 0))
  expect(ledgersAside(), told).toEqual(['ledger.duckdb.corrupt-1'])
  expect(told.match(/ledger is damaged/g), told).toHaveLength(1)
  await expectOneGoodLedger()
})
