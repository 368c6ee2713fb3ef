import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ledgerSchemaVersion, openLedger } from '../../pipeline/warehouse/ledger.js'
import { createWorkspace, queryFile } from '../support/workspace.js'

function newPath(): string {
  return join(createWorkspace().folder, 'deep', 'ledger.duckdb')
}

describe('the ledger', () => {
  it('is made where there is none, with its version', async () => {
    const path = newPath()
    ;(await openLedger(path)).close()
    expect(await queryFile(path, 'select * from state.meta')).toEqual([
      { schema_version: ledgerSchemaVersion },
    ])
  })

  it('keeps what it holds when it is opened again', async () => {
    const path = newPath()
    const first = await openLedger(path)
    await first.run("insert into raw.rejects values (1, 2, 'kept')")
    first.close()
    const second = await openLedger(path)
    expect(await second.rows('select reason from raw.rejects')).toEqual([{ reason: 'kept' }])
    expect(await second.rows('select count(*) as n from state.meta')).toEqual([{ n: 1 }])
    second.close()
  })

  it('of version 1 gets what its frozen periods lack, and keeps them', async () => {
    const path = newPath()
    const old = await openLedger(path)
    await old.run(`drop table state.period_sessions; drop table state.periods;
      create table state.periods (period_kind varchar not null, period varchar not null, frozen_at timestamp not null,
        figures json not null, narrative varchar not null, report_link varchar, primary key (period_kind, period));
      insert into state.periods values ('weekly', '2026-W07', timestamp '2026-02-17', '{}', 'Quiet.', null);
      update state.meta set schema_version = 1`)
    old.close()
    ;(await openLedger(path)).close()
    expect(await queryFile(path, 'select period, narrative, starts_at, timezone from state.periods')).toEqual(
      [{ period: '2026-W07', narrative: 'Quiet.', starts_at: null, timezone: null }],
    )
    expect(await queryFile(path, 'select * from state.period_sessions')).toEqual([])
  })

  it('of a later version is left alone, with a hint', async () => {
    const path = newPath()
    const db = await openLedger(path)
    await db.run('update state.meta set schema_version = 99')
    db.close()
    await expect(openLedger(path)).rejects.toMatchObject({
      name: 'UserError',
      message: `${path} has schema version 99, expected at most ${ledgerSchemaVersion}`,
      hint: 'Use the version of debrief that wrote it, or a later one.',
    })
    expect(await queryFile(path, 'select * from state.meta')).toEqual([{ schema_version: 99 }])
  })

  it('that is no database is left alone, byte for byte, with a hint', async () => {
    const path = join(createWorkspace().folder, 'ledger.duckdb')
    writeFileSync(path, 'not a database at all, but text that somebody may want back')
    const before = readFileSync(path)
    await expect(openLedger(path)).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringContaining(`${path} cannot be opened`),
      hint: expect.stringContaining('Move the file aside'),
    })
    expect(readFileSync(path)).toEqual(before)
  })
})
