import { existsSync, mkdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Config } from '../../pipeline/config.js'
import { runForget } from '../../pipeline/run/forget.js'
import { runRestore } from '../../pipeline/run/restore.js'
import { runSnapshot, runSync } from '../../pipeline/run.js'
import { findTraces, undrawn, writeSession } from '../forget/small-logs.js'
import { createWorkspace, queryMarts, type Workspace } from '../support/workspace.js'

const now = '2026-03-01T00:00:00Z'
const slug = 'brisk-wading-heron'
const planOf = (home: string) => join(home, `.claude/plans/${slug}.md`)
const listOf = (home: string) => join(home, '.claude/todos/plain-1-agent-plain-1.json')

function writeAt(file: string, text: string, time = '2026-02-20T00:00:00Z'): void {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
  utimesSync(file, new Date(time), new Date(time))
}

function todos(...states: readonly string[]): string {
  return JSON.stringify(
    states.map((status) => ({ content: 'Sweep the quay', status, activeForm: 'Sweeping' })),
  )
}

/** A session of two turns with a plan and a todo list. */
function createHome(): Workspace {
  const workspace = createWorkspace({ now })
  const { home } = workspace
  const directory = join(home, 'work/harbour')
  const log = writeSession(home, { id: 'plain-1', directory, startedAt: '2026-02-10T10:00:00Z' })
  writeAt(log, readFileSync(log, 'utf8').replaceAll('"cwd"', `"slug":"${slug}","cwd"`))
  writeAt(planOf(home), '# A quay of stone\n')
  writeAt(listOf(home), todos('completed', 'in_progress', 'pending'))
  return workspace
}

const documentsOf = (config: Config) =>
  queryMarts(
    config,
    `select document_kind as kind, session_id, title, open_count as open, completed_count as done
     from session_documents order by all`,
  )
const plan = { kind: 'plan', session_id: 'plain-1', title: 'A quay of stone', open: null, done: null }
const list = { kind: 'todo_list', session_id: 'plain-1', title: null, open: 2, done: 1 }
const warningsOf = ({ events }: Workspace) => events.filter(({ action }) => action === 'warn')
function withPrivacy({ ctx }: Workspace, privacy: Partial<Config['privacy']>): Workspace['ctx'] {
  return { ...ctx, config: { ...ctx.config, privacy: { ...ctx.config.privacy, ...privacy } } }
}

describe('plans and todo lists', () => {
  it('belong to their session, and outlive their files', async () => {
    const { ctx, home } = createHome()
    await runSync(ctx)
    expect(await documentsOf(ctx.config)).toEqual([plan, list])
    rmSync(planOf(home))
    rmSync(listOf(home))
    await runSync(ctx)
    expect(await documentsOf(ctx.config)).toEqual([plan, list])
  })

  it('are read again only when they have changed', async () => {
    const workspace = createHome()
    const { ctx, home } = workspace
    await runSync(ctx)
    // As long and as old as before: were it read, it would be refused.
    writeAt(listOf(home), 'x'.repeat(readFileSync(listOf(home), 'utf8').length))
    expect(await runSync(ctx)).toMatchObject({ build: { isRebuilt: false } })
    expect(warningsOf(workspace)).toEqual([])
    writeAt(listOf(home), todos('completed', 'completed', 'pending'), '2026-02-21T00:00:00Z')
    await runSync(ctx)
    expect(await documentsOf(ctx.config)).toEqual([plan, { ...list, open: 1, done: 2 }])
    writeAt(listOf(home), '[]', '2026-02-22T00:00:00Z')
    await runSync(ctx)
    expect(await documentsOf(ctx.config)).toEqual([plan, { ...list, open: 0, done: 0 }])
  })

  it('are tied once the log of their session is there', async () => {
    const { ctx, home } = createHome()
    writeAt(join(home, '.claude/todos/plain-2-agent-plain-2.json'), todos('pending'))
    await runSync(ctx)
    expect(await documentsOf(ctx.config)).toHaveLength(2)
    writeSession(home, {
      id: 'plain-2',
      directory: join(home, 'work/harbour'),
      startedAt: '2026-02-11T10:00:00Z',
    })
    await runSync(ctx)
    expect(await documentsOf(ctx.config)).toContainEqual({ ...list, session_id: 'plain-2', open: 1, done: 0 })
  })

  it('that are broken are a warning that names the file and quotes nothing; what was read stays', async () => {
    const workspace = createHome()
    const { ctx, home } = workspace
    await runSync(ctx)
    writeAt(listOf(home), '[{"content": "secret words', '2026-02-21T00:00:00Z')
    await runSync(ctx)
    expect(warningsOf(workspace)).toEqual([
      expect.objectContaining({
        subject: listOf(home),
        message:
          'expected a list of items with a status in JSON; it is not valid JSON. What was read of it before is kept',
      }),
    ])
    expect(await documentsOf(ctx.config)).toEqual([plan, list])
  })

  it('are the same after a snapshot and a restore', async () => {
    const { ctx } = createHome()
    await runSync(ctx)
    await runSnapshot(ctx)
    const other = createWorkspace({ now })
    await runRestore(other.ctx, { from: ctx.config.paths.parquet, isForced: false })
    expect(await documentsOf(other.ctx.config)).toEqual([plan, list])
  })

  it('go with a forgotten session, and do not come back', async () => {
    const { ctx, home } = createHome()
    await runSync(ctx)
    await runSnapshot(ctx)
    await runForget(ctx, { selection: { kind: 'session', sessionId: 'plain-1' }, isDryRun: false }, undrawn)
    writeAt(planOf(home), '# A quay of stone and wood\n', '2026-02-21T00:00:00Z')
    writeAt(listOf(home), todos('pending'), '2026-02-21T00:00:00Z')
    await runSync(ctx)
    expect(await documentsOf(ctx.config)).toEqual([])
    for (const word of ['quay', slug]) expect(await findTraces(ctx.config.paths.out, word)).toEqual([])
  })

  it('of an excluded project are never kept', async () => {
    const workspace = createHome()
    const ctx = withPrivacy(workspace, { exclude: { projects: ['~/work/**'], sessions: [] } })
    await runSync(ctx)
    expect(await documentsOf(ctx.config)).toEqual([])
    expect(await findTraces(ctx.config.paths.out, 'quay')).toEqual([])
    await runSync(workspace.ctx)
    expect(await documentsOf(ctx.config)).toEqual([plan, list])
  })

  it('lose their titles, and a plan its name, where no words may be kept; which come back while files are there', async () => {
    const workspace = createHome()
    await runSync(workspace.ctx)
    const wordless = withPrivacy(workspace, { content: 'none' })
    await runSync(wordless)
    expect(await documentsOf(wordless.config)).toEqual([{ ...plan, title: null }, list])
    for (const word of ['quay', slug]) expect(await findTraces(wordless.config.paths.out, word)).toEqual([])
    expect(existsSync(planOf(workspace.home))).toBe(true)
    await runSync(workspace.ctx)
    expect(await documentsOf(workspace.ctx.config)).toEqual([plan, list])
  })

  it('have titles without secrets, in one line that is not long', async () => {
    const { ctx, home } = createHome()
    const key = `sk-ant-api03-${'a1B2'.repeat(20)}`
    writeAt(planOf(home), `# Use ${key} ${'and so on '.repeat(20)}\n`)
    await runSync(ctx)
    const [row] = await documentsOf(ctx.config)
    expect(row!.title).toMatch(/^Use \[secret\] and so on .*…$/)
    expect(String(row!.title).length).toBeLessThanOrEqual(120)
  })
})
