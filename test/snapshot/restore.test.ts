import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Config, outPaths } from '../../pipeline/config.js'
import { generateLogs } from '../../pipeline/demo/generate.js'
import { runForget } from '../../pipeline/run/forget.js'
import { runRestore } from '../../pipeline/run/restore.js'
import { runFacets, runReport, runSnapshot, runSync } from '../../pipeline/run.js'
import { openDatabase, sqlText } from '../../pipeline/warehouse/db.js'
import { contextAt, copyHome } from '../golden/golden-run.js'
import { differingMarts } from '../support/same-marts.js'
import { createWorkspace, queryFile, queryMarts, type Workspace } from '../support/workspace.js'

const room = mkdtempSync(join(tmpdir(), 'debrief-restore-'))
/** The logs, and an out/ in which they are loaded, judged, reported and kept as Parquet. */
const logs = join(room, 'logs')
const loaded = join(room, 'out')

beforeAll(async () => {
  await generateLogs({
    folder: join(room, 'generated'),
    seed: 11,
    weeks: ['2026-W05', '2026-W06'],
    sessionsPerWeek: 5,
    textScale: 0.1,
    noise: 0.2,
    hasFaults: true,
  })
  copyHome(join(room, 'generated'), logs)
  const at = (minute: number) => contextAt(`2026-03-01T00:0${minute}:00Z`, logs, loaded).ctx
  await runSync(at(1))
  await runFacets(at(2), {})
  await runReport(at(3), { kind: 'weekly', label: '2026-W05', isAll: false })
  await runSnapshot(at(4))
})
afterAll(() => rmSync(room, { recursive: true, force: true }))

/** The same user, machine and zone as the loaded out/. */
const as = (config: Config): Config => ({
  ...config,
  user: 'sam',
  machine: 'laptop',
  timezone: 'America/New_York',
})

/** A machine with a home of its own that holds the logs, and an out/ with what is named of the loaded one. */
function createMachine({ now = '2026-03-02T00:00:00Z', keep = [] as readonly string[] } = {}): Workspace {
  const machine = createWorkspace({ now, change: as })
  copyHome(logs, machine.home)
  for (const name of keep)
    cpSync(join(loaded, name), join(machine.ctx.config.paths.out, name), { recursive: true })
  return machine
}

function deleteHalf(home: string): void {
  const files = readdirSync(home, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.jsonl'),
  )
  for (const [i, file] of files.sort().entries()) if (i % 2 === 0) rmSync(join(home, file))
}

const before = (config: Config): Config => ({ ...config, paths: outPaths(loaded) })
/** The journal of commands is of one machine; what became of the files since is no matter of the snapshot. */
const unlike = { runs: 'all', files: ['is_gone'] } as const

describe('loaded data outlives the log files', () => {
  it('when half of them are deleted: every mart stays as it was, but for which files are gone', async () => {
    const { ctx, home } = createMachine()
    await runRestore(ctx, { from: join(loaded, 'parquet'), isForced: false })
    await runSync(ctx)
    const kept = join(room, 'kept')
    cpSync(ctx.config.paths.out, kept, { recursive: true })
    deleteHalf(home)
    expect((await runSync(ctx)).ingest).toMatchObject({ filesRead: 0, hasChanged: true })
    const whole = { ...ctx.config, paths: outPaths(kept) }
    expect(await differingMarts(whole, ctx.config, unlike)).toEqual({})
    const [gone] = await queryMarts<{ n: number }>(
      ctx.config,
      'select count(*) as n from files where is_gone',
    )
    expect(gone!.n).toBeGreaterThan(3)
  })
})

describe('restore', () => {
  it('gives every mart row for row, on a machine with another home and half of the logs', async () => {
    const { ctx, home } = createMachine({ keep: ['parquet'] })
    deleteHalf(home)
    const { rowCount } = await runRestore(ctx, { from: undefined, isForced: false })
    expect(rowCount).toBeGreaterThan(100)
    expect((await runSync(ctx)).ingest.filesRead, 'surviving files are known').toBe(0)
    expect(await differingMarts(before(ctx.config), ctx.config, unlike)).toEqual({})
    expect((await runFacets(ctx, {})).extracted).toBe(0)
    expect(readdirSync(ctx.config.paths.out).filter((name) => /restoring/.test(name))).toEqual([])
  })

  it('turns ~ back into this home, and leaves a path alone that was logged with ~', async () => {
    const { ctx, home } = createMachine({ keep: ['ledger.duckdb'] })
    const ledger = await openDatabase(ctx.config.paths.ledger)
    await ledger.run(`update raw.tool_uses set target = '~/logged/so' where tool_call_id =
      (select min(tool_call_id) from raw.tool_uses)`)
    await ledger.run(`update state.files set path = ${sqlText(`${home}/x.jsonl`)} where file_id = 1`)
    ledger.close()
    await runSnapshot(ctx)
    const other = createWorkspace({ change: as })
    await runRestore(other.ctx, { from: ctx.config.paths.parquet, isForced: false })
    const { ledger: path } = other.ctx.config.paths
    expect(await queryFile(path, `select path from state.files where file_id = 1`)).toEqual([
      { path: `${other.home}/x.jsonl` },
    ])
    expect(
      await queryFile(path, `select count(*) as n from raw.tool_uses where target = '~/logged/so'`),
    ).toEqual([{ n: 1 }])
  })

  it('names the file that is not as the manifest says, and makes nothing', async () => {
    const { ctx } = createMachine({ keep: ['parquet'] })
    const file = join(ctx.config.paths.parquet, '_ledger/raw.calls.parquet')
    const bytes = readFileSync(file)
    bytes[bytes.length >> 1]! ^= 1
    writeFileSync(file, bytes)
    const restoring = runRestore(ctx, { from: undefined, isForced: false })
    await expect(restoring).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringMatching(
        /_ledger\/raw\.calls\.parquet is not as its manifest says: expected sha256/,
      ),
    })
    rmSync(file)
    await expect(runRestore(ctx, { from: undefined, isForced: false })).rejects.toMatchObject({
      message: expect.stringMatching(/raw\.calls\.parquet .* expected the file, got none/),
    })
    expect(existsSync(ctx.config.paths.ledger)).toBe(false)
  })

  it('says where it expected a snapshot', async () => {
    const { ctx } = createMachine()
    await expect(runRestore(ctx, { from: undefined, isForced: false })).rejects.toMatchObject({
      name: 'UserError',
      message: `expected a snapshot at ${ctx.config.paths.parquet}, but there is no manifest.json`,
    })
  })

  it('leaves a ledger alone, and with --force sets it aside without writing over an earlier one', async () => {
    const { ctx } = createMachine({ keep: ['parquet', 'ledger.duckdb'] })
    const { ledger } = ctx.config.paths
    const bytes = readFileSync(ledger)
    await expect(runRestore(ctx, { from: undefined, isForced: false })).rejects.toMatchObject({
      name: 'UserError',
      message: `${ledger} is already there: expected an out folder without a ledger`,
    })
    expect(readFileSync(ledger).equals(bytes)).toBe(true)
    const first = await runRestore(ctx, { from: undefined, isForced: true })
    const second = await runRestore(ctx, { from: undefined, isForced: true })
    expect([first.aside, second.aside]).toEqual([`${ledger}.before-restore`, `${ledger}.before-restore-2`])
    expect(readFileSync(`${ledger}.before-restore`).equals(bytes)).toBe(true)
  })

  it('takes columns by name: what an earlier version did not keep is null or its default', async () => {
    const { ctx } = createMachine({ keep: ['parquet'] })
    await rewriteTable(ctx.config, 'state.files', '* exclude (is_gone, read_error)')
    await rewriteTable(ctx.config, 'state.meta', '1 as schema_version')
    await runRestore(ctx, { from: undefined, isForced: false })
    expect(
      await queryFile(ctx.config.paths.ledger, 'select distinct is_gone, read_error from state.files'),
    ).toEqual([{ is_gone: false, read_error: null }])
  })

  it('refuses a snapshot of a later version', async () => {
    const { ctx } = createMachine({ keep: ['parquet'] })
    await rewriteTable(ctx.config, 'state.meta', '99 as schema_version')
    await expect(runRestore(ctx, { from: undefined, isForced: false })).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringMatching(/has schema version 99, expected at most \d+$/),
    })
  })

  it('of an older snapshot does not bring back what was forgotten since', async () => {
    const { ctx } = createMachine({ keep: ['parquet', 'ledger.duckdb'] })
    const older = join(room, 'older')
    cpSync(ctx.config.paths.parquet, older, { recursive: true })
    await runSync(ctx)
    const [victim] = await queryMarts<{ id: string }>(
      ctx.config,
      'select min(session_id) as id from sessions where not is_subagent',
    )
    await runForget(ctx, { selection: { kind: 'session', sessionId: victim!.id }, isDryRun: false })
    const isThere = `select count(*) as n from sessions where starts_with(session_id, ${sqlText(victim!.id)})`
    await runRestore(ctx, { from: older, isForced: true })
    expect(await queryMarts(ctx.config, isThere), 'remembered by the ledger that is set aside').toEqual([
      { n: 0 },
    ])
    rmSync(ctx.config.paths.ledger)
    await runRestore(ctx, { from: older, isForced: false })
    expect(await queryMarts(ctx.config, isThere), 'remembered by the newest snapshot').toEqual([{ n: 0 }])
    await runSync(ctx)
    expect(await queryMarts(ctx.config, isThere), 'its log is still there').toEqual([{ n: 0 }])
  })
})

/** Writes a table of the snapshot anew, as another version would have, manifest and all. */
async function rewriteTable({ paths }: Config, table: string, columns: string): Promise<void> {
  const path = `_ledger/${table}.parquet`
  const file = join(paths.parquet, path)
  const db = await openDatabase(':memory:')
  await db.run(`create table t as select ${columns} from read_parquet(${sqlText(file)});
    copy t to ${sqlText(file)} (format parquet)`)
  db.close()
  const { createHash } = await import('node:crypto')
  const bytes = readFileSync(file)
  const manifestFile = join(paths.parquet, 'manifest.json')
  const manifest = JSON.parse(readFileSync(manifestFile, 'utf8')) as {
    files: Record<string, { rows: number; bytes: number; sha256: string }>
  }
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  manifest.files[path] = { ...manifest.files[path]!, bytes: bytes.length, sha256 }
  writeFileSync(manifestFile, JSON.stringify(manifest))
}
