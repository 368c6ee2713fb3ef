import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { runForget } from '../../pipeline/run/forget.js'
import { runRestore } from '../../pipeline/run/restore.js'
import { runReport, runSnapshot, runSync } from '../../pipeline/run.js'
import { undrawn } from '../forget/small-logs.js'
import { createWorkspace, queryMarts, type Workspace } from '../support/workspace.js'
import { writeWeeks } from '../tips/correction-logs.js'

/** Of forty prompts each: 10 % in December, 30 % in January, 12.5 % in February. */
const weeks = { '2025-12-08': 4, '2026-01-12': 12, '2026-02-09': 5 }

async function loaded(now = '2026-03-04T00:00:00Z'): Promise<Workspace> {
  const workspace = createWorkspace({ now })
  writeWeeks(workspace.home, weeks)
  await runSync(workspace.ctx)
  return workspace
}

const baselines = (rows: readonly object[]) =>
  rows.map((row) => ({ ...row, reached_value: undefined, is_met: undefined }))

async function report({ ctx }: Workspace, label: string): Promise<string> {
  await runReport(ctx, { kind: 'monthly', label, isAll: false }, undrawn)
  return readFileSync(join(ctx.config.paths.site, 'monthly', label, 'report.md'), 'utf8')
}

const targetsOf = ({ ctx }: Workspace) =>
  queryMarts(
    ctx.config,
    `select period, target_period, baseline_value, target_value, reference_period, made_at, reached_value, is_met
     from marts.targets where metric_name = 'corrections_per_prompt' order by period`,
  )

it('is set by every month before the one asked for, and checked by the next, whichever is rendered first', async () => {
  const [inOrder, backwards] = [await loaded(), await loaded('2026-03-20T00:00:00Z')]
  const pages = [await report(inOrder, '2026-01'), await report(inOrder, '2026-02')]
  const again = [await report(backwards, '2026-02'), await report(backwards, '2026-01')].reverse()
  expect(await targetsOf(inOrder)).toMatchObject([
    { period: '2025-12', target_period: '2026-01', baseline_value: 0.1, target_value: 0.09, is_met: false },
    {
      period: '2026-01',
      target_period: '2026-02',
      target_value: 0.2,
      reference_period: '2025-12',
      made_at: '2026-02-01T00:00:00.000Z',
      reached_value: 0.125,
      is_met: true,
    },
    { period: '2026-02', target_period: '2026-03', reached_value: null, is_met: null },
  ])
  expect(await targetsOf(backwards)).toEqual(await targetsOf(inOrder))
  expect(again).toEqual(pages)
  expect(pages[1]).toMatch(
    /\| Prompts that correct \| met, by 7\.5 points \| 30\s% \| at most 20\s% \| 13\s% \|/,
  )
})

it('stays when logs come late, and comes back from a snapshot', async () => {
  const workspace = await loaded()
  const { ctx } = workspace
  await report(workspace, '2026-02')
  const before = await targetsOf(workspace)
  writeWeeks(workspace.home, { ...weeks, '2026-01-19': 30 })
  await runSync(ctx)
  await report(workspace, '2026-02')
  expect(baselines(await targetsOf(workspace))).toEqual(baselines(before))
  await runSnapshot(ctx)
  const kept = await targetsOf(workspace)
  await runRestore(ctx, { from: undefined, isForced: true })
  expect(await targetsOf(workspace)).toEqual(kept)
})

it('is set anew where its month lost a session', async () => {
  const workspace = await loaded()
  await report(workspace, '2026-01')
  expect((await targetsOf(workspace))[1]).toMatchObject({ baseline_value: 0.3 })
  const selection = { kind: 'session', sessionId: 'a-2026-01-12' } as const
  await runForget(workspace.ctx, { selection, isDryRun: false }, undrawn)
  // Twenty prompts are too few to tell by.
  expect((await targetsOf(workspace)).map(({ period }) => period)).toEqual(['2025-12'])
})

it('is not set by a month that is running, nor by a week', async () => {
  const workspace = await loaded('2026-02-20T00:00:00Z')
  await runReport(workspace.ctx, { kind: 'weekly', label: '2026-W03', isAll: false }, undrawn)
  expect(await targetsOf(workspace)).toEqual([])
  const page = await report(workspace, '2026-02')
  expect((await targetsOf(workspace)).map(({ period }) => period)).toEqual(['2025-12', '2026-01'])
  expect(page).toContain('Targets for the month after are set when this one is over.')
})
