import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runForget } from '../../pipeline/run/forget.js'
import { runRestore } from '../../pipeline/run/restore.js'
import { runReport, runSnapshot, runSync, runTipFeedback } from '../../pipeline/run.js'
import { undrawn } from '../forget/small-logs.js'
import { createWorkspace, queryMarts, type Workspace } from '../support/workspace.js'
import { writeWeeks } from './correction-logs.js'

/** Of forty prompts each; W03 to W08. */
const weeks = {
  '2026-01-12': 8,
  '2026-01-19': 9,
  '2026-01-26': 22,
  '2026-02-02': 2,
  '2026-02-09': 2,
  '2026-02-16': 2,
}
const labels = ['2026-W03', '2026-W04', '2026-W05', '2026-W06', '2026-W07', '2026-W08']

async function loaded(
  now = '2026-03-04T00:00:00Z',
  corrections: Record<string, number> = weeks,
): Promise<Workspace> {
  const workspace = createWorkspace({ now })
  writeWeeks(workspace.home, corrections)
  await runSync(workspace.ctx)
  return workspace
}

async function report({ ctx }: Workspace, label?: string): Promise<void> {
  await runReport(ctx, { kind: 'weekly', label, isAll: label === undefined }, undrawn)
}

const tipsOf = ({ ctx }: Workspace) => queryMarts(ctx.config, 'select * from marts.tips order by tip_id')
const effectsOf = ({ ctx }: Workspace) =>
  queryMarts(ctx.config, 'select * from marts.tip_effects order by tip_id, period')
/** The part of a page that shows the tips. */
const tipsIn = (markdown: string) => /^## Tips\n[\s\S]*?(?=^## )/m.exec(markdown)![0]
const idsOf = async (workspace: Workspace) => (await tipsOf(workspace)).map(({ tip_id }) => tip_id)
const page = ({ ctx }: Workspace, label: string, file = 'report.md') =>
  readFileSync(join(ctx.config.paths.site, 'weekly', label, file), 'utf8')

describe('the tips of some weeks', () => {
  it('come back within three weeks only where things got worse, and say later what became of them', async () => {
    const workspace = await loaded()
    await report(workspace)
    const tips = await tipsOf(workspace)
    expect(tips.map(({ tip_id }) => tip_id)).toEqual([
      'corrections/weekly/2026-W03',
      'corrections/weekly/2026-W05',
    ])
    expect(tips[0]).toMatchObject({
      priority: 'high',
      generated_at: '2026-01-19T00:00:00.000Z',
      metric_value: 0.2,
      session_ids: '["a-2026-01-12","b-2026-01-12"]',
      is_dismissed: false,
    })
    expect(tips[1]!.observation).toContain('become worse since: 20 % then, 55 % now')
    const effects = await effectsOf(workspace)
    expect(effects.map(({ period, effect }) => `${period} ${effect}`)).toEqual([
      '2026-W06 same',
      '2026-W07 same',
      '2026-W08 better',
    ])
    expect(page(workspace, '2026-W08')).toMatch(
      /\| Corrections \| 2026-W05 \| to the better \| 55\s% \| 5.0\s% \| 5.0\s% \|/,
    )
    expect(page(workspace, '2026-W05')).toContain('`corrections/2026-W05`')
  })

  it('are the same to the byte, whichever report is rendered first', async () => {
    const [inOrder, backwards] = [await loaded(), await loaded('2026-03-20T00:00:00Z')]
    for (const label of labels) await report(inOrder, label)
    for (const label of [...labels].reverse()) await report(backwards, label)
    expect(await tipsOf(backwards)).toEqual(await tipsOf(inOrder))
    expect(await effectsOf(backwards)).toEqual(await effectsOf(inOrder))
    for (const label of labels) {
      expect(page(backwards, label)).toBe(page(inOrder, label))
      expect(page(backwards, label, 'report.json')).toBe(page(inOrder, label, 'report.json'))
    }
  })

  it('stay as they were given when logs of that week come late', async () => {
    const workspace = await loaded()
    await report(workspace)
    const before = await tipsOf(workspace)
    writeWeeks(workspace.home, { ...weeks, '2026-01-12': 30, '2026-02-09': 30 })
    await runSync(workspace.ctx)
    await report(workspace)
    expect(await tipsOf(workspace)).toEqual(before)
  })

  it('are made anew while the week is running, and once more at its end', async () => {
    const running = await loaded('2026-01-14T00:00:00Z', { '2026-01-12': 8 })
    await report(running, '2026-W03')
    expect((await tipsOf(running))[0]).toMatchObject({
      metric_value: 0.2,
      generated_at: '2026-01-12T13:19:09.000Z',
    })
    writeWeeks(running.home, { '2026-01-12': 12 })
    await runSync(running.ctx)
    await report(running, '2026-W03')
    expect((await tipsOf(running))[0]).toMatchObject({ metric_value: 0.3 })
    const later = { ...running, ctx: { ...running.ctx, now: () => new Date('2026-01-21T00:00:00Z') } }
    await report(later, '2026-W03')
    expect((await tipsOf(later))[0]).toMatchObject({ generated_at: '2026-01-19T00:00:00.000Z' })
  })

  it('do not return once dismissed, and leave the page', async () => {
    const workspace = await loaded()
    await report(workspace, '2026-W03')
    await runTipFeedback(workspace.ctx, 'corrections', 'dismissed')
    await report(workspace)
    expect(await idsOf(workspace)).toEqual(['corrections/weekly/2026-W03'])
    expect(page(workspace, '2026-W03')).not.toContain('corrections/2026-W03')
    expect(tipsIn(page(workspace, '2026-W08'))).not.toContain('Corrections')
  })

  it('come with the months in which their weeks end', async () => {
    const { ctx } = await loaded()
    await runReport(ctx, { kind: 'monthly', label: '2026-02', isAll: false }, undrawn)
    const month = readFileSync(join(ctx.config.paths.site, 'monthly/2026-02/report.md'), 'utf8')
    expect(month).toContain('`corrections/2026-W05`')
    expect(month).not.toContain('`corrections/2026-W03`')
  })
})

describe('what is forgotten', () => {
  it('leaves the tips that rest on it, and a tip that rests on nothing else goes', async () => {
    const workspace = await loaded()
    await report(workspace)
    const forget = (sessionId: string) =>
      runForget(workspace.ctx, { selection: { kind: 'session', sessionId }, isDryRun: false }, undrawn)
    await forget('a-2026-01-12')
    expect((await tipsOf(workspace))[0]).toMatchObject({
      tip_id: 'corrections/weekly/2026-W03',
      session_ids: '["b-2026-01-12"]',
    })
    await forget('b-2026-01-12')
    expect(await idsOf(workspace)).toEqual(['corrections/weekly/2026-W05'])
  })
})

describe('a snapshot', () => {
  it('brings tips, feedback and effects back', async () => {
    const workspace = await loaded()
    const { ctx } = workspace
    await report(workspace)
    await runTipFeedback(ctx, 'corrections/2026-W05', 'helpful')
    await report(workspace)
    await runSnapshot(ctx)
    const [tips, effects] = [await tipsOf(workspace), await effectsOf(workspace)]
    expect(tips[1]).toMatchObject({ feedback: 'helpful' })
    rmSync(ctx.config.paths.ledger)
    rmSync(ctx.config.paths.warehouse)
    await runRestore(ctx, { from: undefined, isForced: false })
    expect(await tipsOf(workspace)).toEqual(tips)
    expect(await effectsOf(workspace)).toEqual(effects)
    expect(effects.length).toBeGreaterThan(0)
  })
})
