import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { setTimeout as sleepMs } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { openOwnLedger } from '../pipeline/own-ledger.js'
import { openDeliveryBook } from '../pipeline/publish/deliveries.js'
import { journalPath } from '../pipeline/publish/delivery-journal.js'
import { writeSnapshot } from '../pipeline/snapshot/snapshot.js'
import { buildWarehouse } from '../pipeline/warehouse/build.js'
import type { Database } from '../pipeline/warehouse/db.js'
import { createMachine, endOf } from './jobs/debrief-command.js'
import { createWorkspace, type Workspace } from './support/workspace.js'

const week = { kind: 'weekly', period: '2026-W07' } as const
const asideOf = ({ ctx }: Workspace, kind: string) =>
  readdirSync(ctx.config.paths.out)
    .filter((name) => name.startsWith(`ledger.duckdb.${kind}-`) && !name.endsWith('.wal'))
    .sort()
const deliveries = (ledger: Database) =>
  ledger.rows('select delivery_id, status, remote_id from state.deliveries order by 1')

/** A ledger with a reject and a snapshot, after which something was posted. */
async function fillLedger({ ctx }: Workspace): Promise<void> {
  const ledger = await openOwnLedger(ctx)
  await ledger.run(`insert into raw.rejects values (1, 2, 'kept')`)
  await buildWarehouse(ctx, ledger)
  await writeSnapshot(ctx, ledger)
  const book = openDeliveryBook(ledger, week, ctx.now, (text) => text, journalPath(ctx.config))
  await book.intend('discord:1', null)
  await book.settle('discord:1', { status: 'delivered', remoteId: '99', contentSha256: 'abc' })
  await book.intend('discord:2', null)
  ledger.close()
}
const known = [
  { delivery_id: 'discord:1/weekly/2026-W07', status: 'delivered', remote_id: '99' },
  { delivery_id: 'discord:2/weekly/2026-W07', status: 'intended', remote_id: null },
]

it('a damaged ledger is set aside as it is, and made again from the snapshot and the journal of deliveries', async () => {
  const room = createWorkspace()
  const { ledger: path } = room.ctx.config.paths
  await fillLedger(room)
  for (const damage of ['not a database', Buffer.alloc(9000, 7)]) {
    writeFileSync(path, damage)
    const ledger = await openOwnLedger(room.ctx)
    expect(await ledger.rows('select reason from raw.rejects')).toEqual([{ reason: 'kept' }])
    expect(await deliveries(ledger)).toEqual(known)
    ledger.close()
  }
  expect(asideOf(room, 'corrupt')).toEqual(['ledger.duckdb.corrupt-1', 'ledger.duckdb.corrupt-2'])
  expect(readFileSync(`${path}.corrupt-1`, 'utf8')).toBe('not a database')
  const warnings = room.events.filter(({ action }) => action === 'warn').map(({ message }) => message)
  expect(warnings).toContainEqual(
    expect.stringMatching(/^the ledger is damaged .*corrupt-1, and made again from the snapshot/),
  )
})

it('a ledger of a later version is set aside too, and keeps what it holds', async () => {
  const room = createWorkspace()
  await fillLedger(room)
  const later = await openOwnLedger(room.ctx)
  await later.run('update state.meta set schema_version = 99')
  later.close()
  const before = readFileSync(room.ctx.config.paths.ledger)
  const ledger = await openOwnLedger(room.ctx)
  expect(await deliveries(ledger)).toEqual(known)
  ledger.close()
  expect(asideOf(room, 'newer')).toEqual(['ledger.duckdb.newer-1'])
  const aside = readFileSync(`${room.ctx.config.paths.ledger}.newer-1`)
  expect(aside.length).toBe(before.length)
})

it('without a snapshot a new ledger still knows what was posted', async () => {
  const room = createWorkspace()
  const journal = journalPath(room.ctx.config)
  await fillLedger(room)
  const lines = readFileSync(journal, 'utf8')
  const bare = createWorkspace()
  ;(await openOwnLedger(bare.ctx)).close()
  // Its last line was cut off by a crash.
  writeFileSync(journalPath(bare.ctx.config), `${lines}\n{"delivery_id":"discord:3/wee`)
  writeFileSync(bare.ctx.config.paths.ledger, 'not a database')
  const ledger = await openOwnLedger(bare.ctx)
  expect(await deliveries(ledger)).toEqual(known)
  ledger.close()
})

it('a second writer waits, says for whom, and goes on when the first has ended', async () => {
  const machine = createMachine()
  const room = createWorkspace()
  const { config } = room.ctx
  const first = await openOwnLedger(room.ctx)
  const child = machine.start('sync', '--out', config.paths.out)
  let said = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    said += chunk.toString()
  })
  const ended = endOf(child)
  while (!said.includes('waiting for')) await sleepMs(50)
  expect(said).toContain(`waiting for \`debrief test\` since `)
  expect(said).toContain(`(process ${process.pid}, run test-run-`)
  first.close()
  expect((await ended).code).toBe(0)
  expect(existsSync(`${config.paths.ledger}.owner`)).toBe(false)
  machine.remove()
})
