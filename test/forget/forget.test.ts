import { appendFileSync, cpSync, existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { packageRoot } from '../../pipeline/root.js'
import { runForget } from '../../pipeline/run/forget.js'
import { holdsSessions } from '../../pipeline/run/with-ledger.js'
import { runDebrief, runFacets, runReport, runSnapshot, runSync } from '../../pipeline/run.js'
import { openLedger } from '../../pipeline/warehouse/ledger.js'
import { sha256 } from '../../pipeline/warehouse/withheld-rules.js'
import { differingMarts } from '../support/same-marts.js'
import { createWorkspace, queryFile, queryMarts, type Workspace } from '../support/workspace.js'
import { findTraces, undrawn, writeSession } from './small-logs.js'

const now = '2026-03-01T00:00:00Z'
const project = (home: string, name: string) => join(home, 'work', name)

/** Two projects in two weeks; the second project alone fills a third week. */
function writeLogs(home: string): { secret: string[] } {
  const plain = project(home, 'harbour')
  const secret = project(home, 'hidden-cove')
  writeSession(home, { id: 'plain-1', directory: plain, startedAt: '2026-01-27T10:00:00Z' })
  writeSession(home, { id: 'plain-2', directory: plain, startedAt: '2026-02-03T10:00:00Z', turns: 3 })
  return {
    secret: [
      writeSession(home, { id: 'secret-1', directory: secret, startedAt: '2026-01-28T10:00:00Z' }),
      writeSession(home, {
        id: 'secret-1',
        agentId: 'a1',
        directory: '/tmp/elsewhere',
        startedAt: '2026-01-28T10:00:20Z',
      }),
      writeSession(home, { id: 'secret-2', directory: secret, startedAt: '2026-02-10T10:00:00Z' }),
    ],
  }
}

/** All of it loaded, judged, reported and kept as Parquet. */
async function reportedWorkspace(): Promise<Workspace & { secret: string[] }> {
  const workspace = createWorkspace({ now })
  const logs = writeLogs(workspace.home)
  await report(workspace)
  return { ...workspace, ...logs }
}

async function report({ ctx }: Workspace): Promise<void> {
  await runSync(ctx)
  await runFacets(ctx, {})
  await runReport(ctx, { kind: 'weekly', label: undefined, isAll: true }, undrawn)
  await runReport(ctx, { kind: 'monthly', label: undefined, isAll: true }, undrawn)
  await runSnapshot(ctx)
}

const hiddenCove = { kind: 'project', project: '~/work/hidden-cove' } as const

describe('forgetting a project', () => {
  it('leaves what there would be if its logs had never been', async () => {
    const workspace = await reportedWorkspace()
    const { plan } = await runForget(workspace.ctx, { selection: hiddenCove, isDryRun: false }, undrawn)
    expect(plan).toMatchObject({
      sessionCount: 2,
      subagentCount: 1,
      callCount: 6,
      projects: ['~/work/hidden-cove'],
    })
    const without = createWorkspace({ now })
    for (const file of writeLogs(without.home).secret) rmSync(file)
    await report(without)
    expect(
      await differingMarts(workspace.ctx.config, without.ctx.config, {
        runs: 'all',
        files: ['file_id', 'path'],
      }),
    ).toEqual({})
    for (const page of [
      'index.html',
      'weekly/2026-W05/report.json',
      'weekly/2026-W06/report.json',
      'monthly/2026-02/report.json',
    ])
      expect(readFileSync(join(workspace.ctx.config.paths.site, page), 'utf8'), page).toBe(
        readFileSync(join(without.ctx.config.paths.site, page), 'utf8'),
      )
  })

  it('leaves no trace of its name or its sessions below out/', async () => {
    const { ctx } = await reportedWorkspace()
    const { out } = ctx.config.paths
    expect((await findTraces(out, 'hidden-cove')).length).toBeGreaterThan(5)
    await runForget(ctx, { selection: hiddenCove, isDryRun: false }, undrawn)
    for (const word of ['hidden-cove', 'secret-1', 'secret-2'])
      expect(await findTraces(out, word), word).toEqual([])
  })

  it('removes the page of a week that becomes empty, and tells the others anew', async () => {
    const { ctx } = await reportedWorkspace()
    const { site } = ctx.config.paths
    expect(existsSync(join(site, 'weekly/2026-W07/index.html'))).toBe(true)
    const { plan } = await runForget(ctx, { selection: hiddenCove, isDryRun: false }, undrawn)
    expect(plan.periods).toEqual(['monthly 2026-01', 'monthly 2026-02', 'weekly 2026-W05', 'weekly 2026-W07'])
    expect(existsSync(join(site, 'weekly/2026-W07'))).toBe(false)
    expect(readFileSync(join(site, 'index.html'), 'utf8')).not.toContain('2026-W07')
    const periods = await queryMarts<{ period: string }>(
      ctx.config,
      'select period from periods order by all',
    )
    expect(periods.map(({ period }) => period)).toEqual(['2026-01', '2026-02', '2026-W05', '2026-W06'])
  })

  it('lasts: the next sync reads nothing again, and a log that grows stays out', async () => {
    const { ctx, secret } = await reportedWorkspace()
    await runForget(ctx, { selection: hiddenCove, isDryRun: false }, undrawn)
    expect((await runSync(ctx)).ingest).toMatchObject({ filesRead: 0, hasChanged: false })
    appendFileSync(
      secret[0]!,
      readFileSync(secret[0]!, 'utf8').replaceAll('-u', '-v').replaceAll('2026-01-28', '2026-02-20'),
    )
    expect((await runSync(ctx)).ingest.filesRead).toBe(1)
    expect(await findTraces(ctx.config.paths.out, 'secret-1')).toEqual([])
    expect(await findTraces(ctx.config.paths.out, 'hidden-cove')).toEqual([])
  })

  it('does not keep out what is done there later', async () => {
    const { ctx, home } = await reportedWorkspace()
    await runForget(ctx, { selection: hiddenCove, isDryRun: false }, undrawn)
    writeSession(home, {
      id: 'later',
      directory: project(home, 'hidden-cove'),
      startedAt: '2026-03-02T10:00:00Z',
    })
    writeSession(home, {
      id: 'earlier',
      directory: project(home, 'hidden-cove'),
      startedAt: '2026-02-02T10:00:00Z',
    })
    await runSync(ctx)
    expect(
      await queryMarts(ctx.config, `select session_id from sessions where project = '~/work/hidden-cove'`),
    ).toEqual([{ session_id: 'later' }])
  })

  it('only lists what would go in a dry run, and changes nothing', async () => {
    const { ctx, secret } = await reportedWorkspace()
    const { ledger, warehouse, site } = ctx.config.paths
    const count = `select (select count(*) from raw.events) as events, (select count(*) from state.forgotten) as forgotten,
      (select count(*) from state.files) as files, (select count(*) from state.periods) as periods`
    const before = [
      await queryFile(ledger, count),
      sha256(readFileSync(warehouse, 'latin1')),
      existsSync(join(site, 'weekly/2026-W07')),
    ]
    const { plan, bucket } = await runForget(ctx, { selection: hiddenCove, isDryRun: true }, undrawn)
    expect(plan).toMatchObject({
      sessionCount: 2,
      subagentCount: 1,
      firstDate: '2026-01-28',
      lastDate: '2026-02-10',
    })
    expect([...plan.paths].sort()).toEqual([...secret].sort())
    expect(bucket).toBeNull()
    expect([
      await queryFile(ledger, count),
      sha256(readFileSync(warehouse, 'latin1')),
      existsSync(join(site, 'weekly/2026-W07')),
    ]).toEqual(before)
  })

  it('names the messages in Discord that stay', async () => {
    const { ctx } = await reportedWorkspace()
    const ledger = await openLedger(ctx.config.paths.ledger)
    for (const week of ['2026-W05', '2026-W06'])
      await ledger.run(`insert into state.deliveries (delivery_id, target, period_kind, period, status, intended_at)
        values ('discord:1/weekly/${week}', 'discord:1', 'weekly', '${week}', 'delivered', timestamp '2026-03-01')`)
    ledger.close()
    const { plan } = await runForget(ctx, { selection: hiddenCove, isDryRun: true }, undrawn)
    expect(plan.postedPeriods).toEqual(['weekly 2026-W05'])
  })

  it('takes what a journal of an earlier run says of its files', async () => {
    const { ctx, secret } = await reportedWorkspace()
    const { runs } = ctx.config.paths
    const { mkdirSync, writeFileSync } = await import('node:fs')
    mkdirSync(runs, { recursive: true })
    const events = [
      { step: 'ingest', subject: secret[0] },
      { step: 'sync', action: 'done' },
    ]
    writeFileSync(join(runs, 'x.json'), JSON.stringify({ run_id: 'x', events }))
    await runForget(ctx, { selection: hiddenCove, isDryRun: false }, undrawn)
    expect(JSON.parse(readFileSync(join(runs, 'x.json'), 'utf8'))).toEqual({
      run_id: 'x',
      events: [events[1]],
    })
  })

  it('may be named as shown, absolute, or with a slash at its end; another name is told so', async () => {
    const { ctx, home } = await reportedWorkspace()
    for (const name of ['~/work/hidden-cove', '~/work/hidden-cove/', project(home, 'hidden-cove')]) {
      const selection = { kind: 'project', project: name } as const
      expect((await runForget(ctx, { selection, isDryRun: true })).plan.sessionCount, name).toBe(2)
    }
    const selection = { kind: 'project', project: '~/work/hidden' } as const
    await expect(runForget(ctx, { selection, isDryRun: true })).rejects.toMatchObject({
      name: 'UserError',
      message: 'no loaded session belongs to the project ~/work/hidden',
    })
  })
})

describe('forgetting a session', () => {
  it('takes its sub-agents along, and no other', async () => {
    const { ctx } = await reportedWorkspace()
    const selection = { kind: 'session', sessionId: 'secret-1' } as const
    await runForget(ctx, { selection, isDryRun: false }, undrawn)
    expect(await queryMarts(ctx.config, 'select session_id from sessions order by all')).toEqual([
      { session_id: 'plain-1' },
      { session_id: 'plain-2' },
      { session_id: 'secret-2' },
    ])
  })

  const [original, fork] = ['502', '501']
  it.each([
    { forgotten: original, left: { id: fork, prompt_count: 1, output_tokens: 400 } },
    { forgotten: fork, left: { id: original, prompt_count: 2, output_tokens: 300 } },
  ])('leaves to a fork or its original what is its own (without $forgotten)', async ({ forgotten, left }) => {
    const { ctx, home } = createWorkspace({ now })
    cpSync(join(packageRoot, 'fixtures/logs/claude-code/rule-05-fork/home'), home, { recursive: true })
    await runSync(ctx)
    const query = `select session_id, right(session_id, 3) as id, prompt_count, output_tokens from sessions`
    const [session] = await queryMarts<{ session_id: string }>(
      ctx.config,
      `${query} where id = '${forgotten}'`,
    )
    const selection = { kind: 'session', sessionId: session!.session_id } as const
    await runForget(ctx, { selection, isDryRun: false }, undrawn)
    const rows = `select right(session_id, 3) as id, prompt_count, output_tokens from sessions`
    expect(await queryMarts(ctx.config, rows)).toEqual([left])
    const files = await queryFile<{ path: string }>(ctx.config.paths.ledger, 'select path from state.files')
    appendFileSync(files[0]!.path, '\n')
    expect((await runSync(ctx)).ingest.filesRead).toBe(1)
    expect(await queryMarts(ctx.config, rows), 'read again').toEqual([left])
  })
})

describe('forgetting a period', () => {
  it('takes the sessions that began on its local dates, both included', async () => {
    const { ctx, home } = createWorkspace({
      now,
      change: (config) => ({ ...config, timezone: 'America/New_York' }),
    })
    const directory = project(home, 'harbour')
    // In New York: late on the 9th, early on the 10th, late on the 11th, early on the 12th.
    for (const [id, startedAt] of Object.entries({
      before: '2026-02-10T04:59:00Z',
      first: '2026-02-10T05:00:00Z',
      last: '2026-02-12T04:58:00Z',
      after: '2026-02-12T05:00:00Z',
    }))
      writeSession(home, { id, directory, startedAt })
    await runSync(ctx)
    const selection = { kind: 'period', from: '2026-02-10', until: '2026-02-11' } as const
    const { plan } = await runForget(ctx, { selection, isDryRun: false }, undrawn)
    expect(plan).toMatchObject({ sessionCount: 2, firstDate: '2026-02-10', lastDate: '2026-02-11' })
    writeSession(home, { id: 'unread-then', directory, startedAt: '2026-02-11T10:00:00Z' })
    await runSync(ctx)
    expect(await queryMarts(ctx.config, 'select session_id from sessions order by all')).toEqual([
      { session_id: 'after' },
      { session_id: 'before' },
    ])
  })

  it('may leave nothing at all', async () => {
    const { ctx } = await reportedWorkspace()
    const selection = { kind: 'period', from: '2026-01-01', until: '2026-12-31' } as const
    await runForget(ctx, { selection, isDryRun: false }, undrawn)
    expect(await holdsSessions(ctx.config)).toBe(false)
    expect(await queryMarts(ctx.config, 'select count(*) as n from periods')).toEqual([{ n: 0 }])
    await expect(
      runDebrief(ctx, { kind: 'weekly', label: undefined, isPublished: false }, undrawn),
    ).rejects.toMatchObject({ name: 'UserError', message: expect.stringContaining('nothing to report') })
  })
})

describe('what was asked of models about a forgotten session', () => {
  it('does not name it any more, stays spent, and is not waited for', async () => {
    const workspace = await reportedWorkspace()
    const { paths } = workspace.ctx.config
    const ledger = await openLedger(paths.ledger)
    const requests = (table: string, values: string) =>
      ledger.run(`insert into state.${table} by name ${values}`)
    for (const [id, session] of [
      ['r1', 'secret-1'],
      ['r2', 'plain-1'],
    ]) {
      await requests(
        'model_requests',
        `select '${id}' as request_id, 'facets' as purpose, '${session}' as subject, 'anthropic' as provider, 'm1' as model,
           true as is_batch, timestamp '2026-02-28' as requested_at, 'answered' as status, 0.004 as cost_usd`,
      )
      await requests(
        'batch_requests',
        `select 'b1' as batch_id, '${id}' as request_id, '${session}' as session_id, 'anthropic' as provider, 'm1' as model,
           1 as prompt_version, 'x' as content_sha256, timestamp '2026-02-28' as submitted_at`,
      )
    }
    ledger.close()
    await runForget(workspace.ctx, { selection: hiddenCove, isDryRun: false }, undrawn)
    expect(
      await queryMarts(
        workspace.ctx.config,
        'select request_id, subject, cost_usd from marts.model_requests order by 1',
      ),
    ).toEqual([
      { request_id: 'r1', subject: '(forgotten)', cost_usd: 0.004 },
      { request_id: 'r2', subject: 'plain-1', cost_usd: 0.004 },
    ])
    expect(await queryFile(paths.ledger, 'select session_id from state.batch_requests')).toEqual([
      { session_id: 'plain-1' },
    ])
    expect(await findTraces(paths.out, 'secret-1')).toEqual([])
  })
})
