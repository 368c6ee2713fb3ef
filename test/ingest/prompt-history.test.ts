import { mkdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Config } from '../../pipeline/config.js'
import { runForget } from '../../pipeline/run/forget.js'
import { runRestore } from '../../pipeline/run/restore.js'
import { runSnapshot, runSync } from '../../pipeline/run.js'
import { findTraces, undrawn, writeSession } from '../forget/small-logs.js'
import { createWorkspace, queryMarts, type Workspace } from '../support/workspace.js'

interface Asked {
  readonly at: string
  readonly project: string
  readonly sessionId?: string
}

const now = '2026-03-01T00:00:00Z'
const historyOf = (home: string) => join(home, '.claude/history.jsonl')

function writeHistory(home: string, prompts: readonly Asked[], time = '2026-02-20T00:00:00Z'): void {
  const lines = prompts.map(({ at, project, sessionId }) =>
    JSON.stringify({ display: 'Go on.', pastedContents: {}, timestamp: Date.parse(at), project, sessionId }),
  )
  writeAt(historyOf(home), lines.map((line) => `${line}\n`).join(''), time)
}

function writeAt(file: string, text: string, time = '2026-02-20T00:00:00Z'): void {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
  utimesSync(file, new Date(time), new Date(time))
}

/** A session with a log, one whose log is gone, and a prompt from before sessions were named. */
function createHome(): Workspace & { asked: Asked[] } {
  const workspace = createWorkspace({ now })
  const { home } = workspace
  const harbour = join(home, 'work/harbour')
  writeSession(home, { id: 'plain-1', directory: harbour, startedAt: '2026-02-10T10:00:00Z' })
  const asked = [
    { at: '2025-08-01T10:00:00Z', project: join(home, 'work/hidden-cove') },
    { at: '2026-01-10T10:00:00Z', project: join(home, 'work/hidden-cove'), sessionId: 'gone-1' },
    { at: '2026-01-10T10:01:00Z', project: harbour, sessionId: 'gone-1' },
    { at: '2026-02-10T10:00:00Z', project: harbour, sessionId: 'plain-1' },
  ]
  writeHistory(home, asked)
  return { ...workspace, asked }
}

const floorOf = (config: Config) =>
  queryMarts(
    config,
    `select cast(local_date as varchar) as day, project, prompt_count, has_logs from activity_floor order by all`,
  )
const daysOf = async (config: Config) => (await floorOf(config)).map(({ day }) => day)
const warningsOf = ({ events }: Workspace) => events.filter(({ action }) => action === 'warn')
function withPrivacy({ ctx }: Workspace, privacy: Partial<Config['privacy']>): Workspace['ctx'] {
  return { ...ctx, config: { ...ctx.config, privacy: { ...ctx.config.privacy, ...privacy } } }
}

describe('the history of prompts', () => {
  it('shows days whose logs are gone, and outlives its own file', async () => {
    const { ctx, home } = createHome()
    const floor = [
      { day: '2025-08-01', project: '~/work/hidden-cove', prompt_count: 1, has_logs: false },
      { day: '2026-01-10', project: '~/work/harbour', prompt_count: 1, has_logs: false },
      { day: '2026-01-10', project: '~/work/hidden-cove', prompt_count: 1, has_logs: false },
      { day: '2026-02-10', project: '~/work/harbour', prompt_count: 1, has_logs: true },
    ]
    await runSync(ctx)
    expect(await floorOf(ctx.config)).toEqual(floor)
    rmSync(historyOf(home))
    await runSync(ctx)
    expect(await floorOf(ctx.config)).toEqual(floor)
  })

  it('keeps what was in it when it is shortened, and counts nothing twice when it grows', async () => {
    const { ctx, home, asked } = createHome()
    await runSync(ctx)
    const more = { at: '2026-02-10T10:02:00Z', project: join(home, 'work/harbour'), sessionId: 'plain-1' }
    writeHistory(home, [...asked.slice(2), more], '2026-02-21T00:00:00Z')
    await runSync(ctx)
    expect((await floorOf(ctx.config)).map(({ prompt_count }) => prompt_count)).toEqual([1, 1, 1, 2])
  })

  it('is not read again where nothing changed', async () => {
    const workspace = createHome()
    await runSync(workspace.ctx)
    expect(await runSync(workspace.ctx)).toMatchObject({ build: { isRebuilt: false } })
    expect(warningsOf(workspace)).toEqual([])
  })

  it('is a warning that quotes nothing where its lines are none', async () => {
    const workspace = createHome()
    writeAt(historyOf(workspace.home), '{"display": "secret words"}\n\nno secret object\n[]\n')
    await runSync(workspace.ctx)
    const [warning, ...more] = warningsOf(workspace)
    expect(more).toEqual([])
    expect(warning).toMatchObject({ subject: historyOf(workspace.home) })
    expect(warning).toMatchObject({
      message: expect.stringMatching(/3 lines are none, the first of them line 1/),
    })
    expect(JSON.stringify(warning)).not.toContain('secret')
  })

  it('is the same after a snapshot and a restore', async () => {
    const { ctx, home } = createHome()
    await runSync(ctx)
    await runSnapshot(ctx)
    const other = createWorkspace({ now })
    await runRestore(other.ctx, { from: ctx.config.paths.parquet, isForced: false })
    expect(await floorOf(other.ctx.config)).toEqual(await floorOf(ctx.config))
    expect(home).not.toBe(other.home)
  })
})

describe('of the history of prompts', () => {
  it('an excluded project is never kept, by session where one is named; without the rule it is read again', async () => {
    const workspace = createHome()
    const ctx = withPrivacy(workspace, { exclude: { projects: ['~/work/hidden-*'], sessions: [] } })
    await runSync(ctx)
    await runSnapshot(ctx)
    expect(await daysOf(ctx.config)).toEqual(['2026-02-10'])
    expect(await findTraces(ctx.config.paths.out, 'hidden-cove')).toEqual([])
    expect(await runSync(ctx)).toMatchObject({ build: { isRebuilt: false } })
    await runSync(workspace.ctx)
    expect(await floorOf(workspace.ctx.config)).toHaveLength(4)
  })

  it('a project that is excluded later goes, from the Parquet files too', async () => {
    const workspace = createHome()
    await runSync(workspace.ctx)
    await runSnapshot(workspace.ctx)
    const ctx = withPrivacy(workspace, { exclude: { projects: ['~/work/hidden-cove'], sessions: [] } })
    await runSync(ctx)
    expect(await daysOf(ctx.config)).toEqual(['2026-02-10'])
    expect(await findTraces(ctx.config.paths.out, 'hidden-cove')).toEqual([])
  })

  it('what is older than retention_days goes', async () => {
    const workspace = createHome()
    const ctx = withPrivacy(workspace, { retention_days: 60 })
    await runSync(ctx)
    expect(await daysOf(ctx.config)).toEqual(['2026-01-10', '2026-01-10', '2026-02-10'])
  })

  it('a forgotten project goes, of which no log ever was, and does not come back', async () => {
    const { ctx, home, asked } = createHome()
    await runSync(ctx)
    await runForget(
      ctx,
      { selection: { kind: 'project', project: '~/work/hidden-cove' }, isDryRun: false },
      undrawn,
    )
    expect(await daysOf(ctx.config)).toEqual(['2026-02-10'])
    writeHistory(home, asked, '2026-02-21T00:00:00Z')
    await runSync(ctx)
    expect(await daysOf(ctx.config)).toEqual(['2026-02-10'])
  })

  it('a forgotten session goes, and does not come back', async () => {
    const { ctx, home, asked } = createHome()
    await runSync(ctx)
    await runForget(ctx, { selection: { kind: 'session', sessionId: 'plain-1' }, isDryRun: false }, undrawn)
    const left = ['2025-08-01', '2026-01-10', '2026-01-10']
    expect(await daysOf(ctx.config)).toEqual(left)
    writeHistory(home, asked, '2026-02-21T00:00:00Z')
    await runSync(ctx)
    expect(await daysOf(ctx.config)).toEqual(left)
  })
})
