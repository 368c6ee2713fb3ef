import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { packageRoot } from '../../pipeline/root.js'
import { openDatabase } from '../../pipeline/warehouse/db.js'
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

  it('leaves nothing of what a load that was cut off had spilled beside it, and can spill anew', async () => {
    const path = newPath()
    ;(await openLedger(path)).close()
    mkdirSync(`${path}.tmp`)
    writeFileSync(join(`${path}.tmp`, 'duckdb_temp_storage_DEFAULT-0.tmp'), 'words')
    const db = await openLedger(path)
    expect(existsSync(`${path}.tmp`)).toBe(false)
    await db.run(`set memory_limit = '40MB'; set threads = 1`)
    await db.run('create temp table many as select md5(i::varchar) as word from range(2000000) as t(i)')
    expect(existsSync(`${path}.tmp`)).toBe(true)
    db.close()
    expect(existsSync(`${path}.tmp`)).toBe(false)
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

  it('of version 1 gets what it lacks, and keeps what it has', async () => {
    const path = join(createWorkspace().folder, 'ledger.duckdb')
    const old = await openDatabase(path)
    await old.run(readFileSync(join(packageRoot, 'fixtures', 'ledgers', 'version-1.sql'), 'utf8'))
    await old.run(`insert into state.meta values (1);
      insert into state.periods values ('weekly', '2026-W07', timestamp '2026-02-17', '{}', 'Quiet.', null);
      insert into raw.events by name select 1 as file_id, unnest([1, 2]) as ordinal, false as is_mirror, 's1/a' as session_id,
        's1' as parent_session_id, 'assistant' as event_kind, timestamp '2026-02-09 10:00:00' as happened_at,
        '/home/sam/tidepool' as working_directory, 'main' as git_branch, '2.1.0' as agent_version, 'cli' as entrypoint;
      insert into raw.calls by name select 1 as file_id, 1 as ordinal, false as is_mirror, 's1/a' as session_id,
        's1' as parent_session_id, true as is_billed, 0 as input_tokens, 7 as output_tokens, 0 as cache_read_tokens,
        0 as cache_write_5m_tokens, 0 as cache_write_1h_tokens, 0 as web_search_count`)
    old.close()
    ;(await openLedger(path)).close()
    expect(await queryFile(path, 'select period, narrative, starts_at, timezone from state.periods')).toEqual(
      [{ period: '2026-W07', narrative: 'Quiet.', starts_at: null, timezone: null }],
    )
    expect(await queryFile(path, 'select * from state.period_sessions')).toEqual([])
    expect(
      await queryFile(
        path,
        'select session_id, parent_session_id, working_directory, event_count from raw.contexts',
      ),
    ).toEqual([
      {
        session_id: 's1/a',
        parent_session_id: 's1',
        working_directory: '/home/sam/tidepool',
        event_count: 2,
      },
    ])
    expect(await queryFile(path, 'select is_subagent, advisor_number, output_tokens from raw.calls')).toEqual(
      [{ is_subagent: true, advisor_number: 0, output_tokens: 7 }],
    )
    const isColumn = (column: string): string =>
      `select count(*) as n from duckdb_columns() where table_name = 'events' and column_name = '${column}'`
    expect(await queryFile(path, isColumn('working_directory'))).toEqual([{ n: 0 }])
  })

  it('of a later version is left alone', async () => {
    const path = newPath()
    const db = await openLedger(path)
    await db.run('update state.meta set schema_version = 99')
    db.close()
    await expect(openLedger(path)).rejects.toMatchObject({
      name: 'UnusableLedger',
      kind: 'newer',
      message: `${path} has schema version 99, expected at most ${ledgerSchemaVersion}`,
    })
    expect(await queryFile(path, 'select * from state.meta')).toEqual([{ schema_version: 99 }])
  })

  it('that is no database is left alone, byte for byte', async () => {
    const path = join(createWorkspace().folder, 'ledger.duckdb')
    writeFileSync(path, 'not a database at all, but text that somebody may want back')
    const before = readFileSync(path)
    await expect(openLedger(path)).rejects.toMatchObject({
      name: 'UnusableLedger',
      kind: 'corrupt',
      message: expect.stringContaining(`${path} cannot be opened`),
    })
    expect(readFileSync(path)).toEqual(before)
  })
})
