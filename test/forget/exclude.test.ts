import { appendFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Config } from '../../pipeline/config.js'
import type { RunContext } from '../../pipeline/run/context.js'
import { runRestore } from '../../pipeline/run/restore.js'
import { runReport, runSnapshot, runSync } from '../../pipeline/run.js'
import { differingMarts } from '../support/same-marts.js'
import { createWorkspace, queryFile, queryMarts } from '../support/workspace.js'
import { findTraces, undrawn, writeSession } from './small-logs.js'

const now = '2026-03-01T00:00:00Z'

/** A client's project, one folder below it, and work of one's own. */
function writeLogs(home: string): void {
  const client = join(home, 'clients/acme')
  writeSession(home, { id: 'acme-1', directory: client, startedAt: '2026-02-10T10:00:00Z' })
  writeSession(home, {
    id: 'acme-1',
    agentId: 'a1',
    directory: '/tmp/acme-scratch',
    startedAt: '2026-02-10T10:00:20Z',
  })
  writeSession(home, { id: 'acme-2', directory: join(client, 'api'), startedAt: '2026-02-11T10:00:00Z' })
  writeSession(home, { id: 'own-1', directory: join(home, 'notes'), startedAt: '2026-02-10T12:00:00Z' })
}

type Privacy = Partial<Omit<Config['privacy'], 'exclude'>> & {
  readonly exclude?: Partial<Config['privacy']['exclude']>
}

function withPrivacy(ctx: RunContext, { exclude, ...privacy }: Privacy, at = now): RunContext {
  const { config } = ctx
  const merged = { ...config.privacy, ...privacy, exclude: { projects: [], sessions: [], ...exclude } }
  return { ...ctx, now: () => new Date(at), config: { ...config, privacy: merged } }
}

async function sessionIds({ config }: RunContext): Promise<string[]> {
  const rows = await queryMarts<{ session_id: string }>(
    config,
    'select session_id from sessions order by all',
  )
  return rows.map(({ session_id }) => session_id)
}

describe('an excluded project', () => {
  it('is never in the ledger, nor is its name, and its files are not read each time', async () => {
    const { ctx, home } = createWorkspace({ now })
    writeLogs(home)
    const excluding = withPrivacy(ctx, { exclude: { projects: ['~/clients/**'] } })
    expect((await runSync(excluding)).ingest).toMatchObject({ filesFound: 4, linesRead: 4 })
    expect(await sessionIds(excluding)).toEqual(['own-1'])
    expect(await queryFile(ctx.config.paths.ledger, 'select count(*) as n from state.files')).toEqual([
      { n: 1 },
    ])
    await runSnapshot(excluding)
    for (const word of ['acme', 'clients'])
      expect(await findTraces(ctx.config.paths.out, word), word).toEqual([])
    expect(await runSync(excluding)).toMatchObject({
      ingest: { filesRead: 0, hasChanged: false },
      build: { isRebuilt: false },
    })
  })

  it.each([
    { pattern: '~/clients/acme', left: ['acme-2', 'own-1'] },
    { pattern: '~/clients/*', left: ['acme-2', 'own-1'] },
    { pattern: '~/clients/acme/**', left: ['own-1'] },
    { pattern: '~/**/api', left: ['acme-1', 'acme-1/a1', 'own-1'] },
    { pattern: '~/clients', left: ['acme-1', 'acme-1/a1', 'acme-2', 'own-1'] },
    { pattern: '~/client?/acm?', left: ['acme-2', 'own-1'] },
  ])('is named by its path or a glob: $pattern', async ({ pattern, left }) => {
    const { ctx, home } = createWorkspace({ now })
    writeLogs(home)
    const excluding = withPrivacy(ctx, { exclude: { projects: [pattern] } })
    await runSync(excluding)
    expect(await sessionIds(excluding)).toEqual(left)
  })

  it('that was loaded before goes with the next sync, from pages and Parquet too', async () => {
    const { ctx, home } = createWorkspace({ now })
    writeLogs(home)
    await runSync(ctx)
    await runReport(ctx, { kind: 'weekly', label: '2026-W07', isAll: false }, undrawn)
    await runSnapshot(ctx)
    const { out } = ctx.config.paths
    expect((await findTraces(out, 'acme')).length).toBeGreaterThan(5)
    const excluding = withPrivacy(ctx, { exclude: { projects: [join(home, 'clients/**')] } })
    await runSync(excluding)
    expect(await findTraces(out, 'acme')).toEqual([])
    expect(existsSync(join(out, 'site/weekly/2026-W07/index.html'))).toBe(true)
    const without = createWorkspace({ now })
    writeSession(without.home, {
      id: 'own-1',
      directory: join(without.home, 'notes'),
      startedAt: '2026-02-10T12:00:00Z',
    })
    await runSync(without.ctx)
    expect(
      await differingMarts(ctx.config, without.ctx.config, {
        runs: 'all',
        periods: 'all',
        files: ['file_id', 'path'],
        events: ['file_id'],
      }),
    ).toEqual({})
  })

  it('is read again when it is taken out of the settings', async () => {
    const { ctx, home } = createWorkspace({ now })
    writeLogs(home)
    await runSync(withPrivacy(ctx, { exclude: { projects: ['~/clients/**'], sessions: ['own-1'] } }))
    expect(await sessionIds(ctx)).toEqual([])
    await runSync(ctx)
    expect(await sessionIds(ctx)).toEqual(['acme-1', 'acme-1/a1', 'acme-2', 'own-1'])
    expect((await runSync(ctx)).ingest.filesRead).toBe(0)
    expect(
      await queryFile(ctx.config.paths.ledger, 'select count(*) as n from state.withheld_files'),
    ).toEqual([{ n: 0 }])
  })

  it('takes a sub-agent along whose log comes later, wherever that worked', async () => {
    const { ctx, home } = createWorkspace({ now })
    const excluding = withPrivacy(ctx, { exclude: { projects: ['~/clients/acme'] } })
    writeSession(home, {
      id: 'acme-1',
      directory: join(home, 'clients/acme'),
      startedAt: '2026-02-10T10:00:00Z',
    })
    await runSync(excluding)
    writeSession(home, {
      id: 'acme-1',
      agentId: 'a1',
      directory: '/tmp/scratch',
      startedAt: '2026-02-10T10:00:20Z',
    })
    expect((await runSync(excluding)).ingest.filesRead).toBe(1)
    expect(await sessionIds(excluding)).toEqual([])
  })

  it('does not take a session along that only changed its directory into it', async () => {
    const { ctx, home } = createWorkspace({ now })
    const excluding = withPrivacy(ctx, { exclude: { projects: ['~/clients/acme'] } })
    writeSession(home, {
      id: 'visitor',
      directory: join(home, 'notes'),
      laterDirectory: join(home, 'clients/acme'),
      startedAt: '2026-02-10T10:00:00Z',
    })
    await runSync(excluding)
    expect(await sessionIds(excluding)).toEqual(['visitor'])
  })

  it('takes a fork along that is shown under it, though the history that it repeats began elsewhere', async () => {
    const { ctx, home } = createWorkspace({ now })
    const laterDirectory = join(home, 'clients/acme')
    const original = writeSession(home, {
      id: 'original',
      directory: join(home, 'notes'),
      laterDirectory,
      startedAt: '2026-02-10T10:00:00Z',
    })
    const fork = writeSession(home, {
      id: 'fork',
      directory: laterDirectory,
      startedAt: '2026-02-10T12:00:00Z',
    })
    const repeated = readFileSync(original, 'utf8').replaceAll('"sessionId":"original"', '"sessionId":"fork"')
    writeFileSync(fork, repeated + readFileSync(fork, 'utf8'))
    await runSync(ctx)
    const shown = await queryMarts(ctx.config, 'select session_id, project from sessions order by all')
    expect(shown).toEqual([
      { session_id: 'fork', project: '~/clients/acme' },
      { session_id: 'original', project: '~/notes' },
    ])
    const excluding = withPrivacy(ctx, { exclude: { projects: ['~/clients/acme'] } })
    await runSync(excluding)
    expect(await sessionIds(excluding)).toEqual(['original'])
    expect(await queryMarts(ctx.config, 'select prompt_count, llm_call_count from sessions')).toEqual([
      { prompt_count: 2, llm_call_count: 2 },
    ])
    expect(await runSync(excluding)).toMatchObject({ ingest: { filesRead: 0 }, build: { isRebuilt: false } })
  })

  it('does not come back through a restore', async () => {
    const { ctx, home } = createWorkspace({ now })
    writeLogs(home)
    await runSync(ctx)
    await runSnapshot(ctx)
    const other = createWorkspace({ now })
    const excluding = withPrivacy(other.ctx, { exclude: { projects: ['~/clients/**'] } })
    await runRestore(excluding, { from: ctx.config.paths.parquet, isForced: false })
    expect(await sessionIds(excluding)).toEqual(['own-1'])
  })
})

describe('an excluded session', () => {
  it('stays out with its sub-agents, and the rest of its project stays', async () => {
    const { ctx, home } = createWorkspace({ now })
    writeLogs(home)
    const excluding = withPrivacy(ctx, { exclude: { sessions: ['acme-1'] } })
    await runSync(excluding)
    expect(await sessionIds(excluding)).toEqual(['acme-2', 'own-1'])
  })
})

describe('retention_days', () => {
  it('removes sessions whose last event is older, with their pages, and says so in one line', async () => {
    const { ctx, home, events } = createWorkspace({ now })
    const directory = join(home, 'notes')
    writeSession(home, { id: 'outlived-1', directory, startedAt: '2026-01-05T10:00:00Z' })
    writeSession(home, { id: 'young', directory, startedAt: '2026-02-10T10:00:00Z' })
    await runSync(ctx)
    await runReport(ctx, { kind: 'weekly', label: undefined, isAll: true }, undrawn)
    await runSnapshot(ctx)
    events.length = 0
    const keeping = withPrivacy(ctx, { retention_days: 30 })
    await runSync(keeping)
    expect(await sessionIds(keeping)).toEqual(['young'])
    expect(events.filter(({ step }) => step === 'forget')).toEqual([
      { step: 'forget', action: 'note', rows: 1, message: expect.stringContaining('removed') },
    ])
    expect(existsSync(join(ctx.config.paths.site, 'weekly/2026-W02'))).toBe(false)
    expect(await findTraces(join(ctx.config.paths.out, 'parquet'), 'outlived-1')).toEqual([])
    expect((await runSync(keeping)).ingest, 'its log is not read again').toMatchObject({ filesRead: 0 })
  })

  it('keeps a session whole that goes on, and lets it go in its time', async () => {
    const { ctx, home } = createWorkspace({ now })
    const directory = join(home, 'notes')
    const file = writeSession(home, { id: 'resumed', directory, startedAt: '2026-01-05T10:00:00Z' })
    const keeping = (at: string) => withPrivacy(ctx, { retention_days: 30 }, at)
    await runSync(keeping('2026-03-01T00:00:00Z'))
    expect(await sessionIds(ctx)).toEqual([])
    appendFileSync(
      file,
      readFileSync(file, 'utf8').replaceAll('resumed-', 'again-').replaceAll('2026-01-05', '2026-02-27'),
    )
    await runSync(keeping('2026-03-01T00:00:00Z'))
    expect(await queryMarts(ctx.config, 'select session_id, prompt_count, local_date from sessions')).toEqual(
      [{ session_id: 'resumed', prompt_count: 4, local_date: '2026-01-05' }],
    )
    rmSync(file)
    await runSync(keeping('2026-03-28T00:00:00Z'))
    expect(await sessionIds(ctx)).toEqual(['resumed'])
    await runSync(keeping('2026-03-30T00:00:00Z'))
    expect(await sessionIds(ctx)).toEqual([])
  })

  it('removes nothing unless it is set', async () => {
    const { ctx, home } = createWorkspace({ now: '2036-01-01T00:00:00Z' })
    writeLogs(home)
    await runSync(ctx)
    expect(await sessionIds(ctx)).toHaveLength(4)
  })
})
