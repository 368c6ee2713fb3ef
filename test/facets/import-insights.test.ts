import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Config } from '../../pipeline/config.js'
import { packageRoot } from '../../pipeline/root.js'
import { runFacets, runImport, runSync } from '../../pipeline/run.js'
import { createWorkspace, queryFile, queryMarts } from '../support/workspace.js'

const done = '00000000-0000-4000-8000-000000002101'
const short = '00000000-0000-4000-8000-000000002103'
const judgement = {
  session_id: done,
  underlying_goal: 'Add a line with key AKIAIOSFODNN7EXAMPLE to the recipe',
  goal_categories: { feature_implementation: 1, warmup_minimal: 1 },
  outcome: 'mostly_achieved',
  user_satisfaction_counts: { likely_satisfied: 1, happy: 2 },
  claude_helpfulness: 'very_helpful',
  session_type: 'single_task',
  friction_counts: { misunderstanding: 2, user_unclear: 1 },
  friction_detail: 'It asked of what.',
  primary_success: 'correct_code_edits',
  brief_summary: 'Added the line.',
  later_key: true,
}

async function importing(
  files: Readonly<Record<string, string>>,
  content: Config['privacy']['content'] = 'summaries',
) {
  const workspace = createWorkspace({
    home: join(packageRoot, 'fixtures/logs/claude-code/warm-ups/home'),
    change: (config) => ({ ...config, privacy: { ...config.privacy, content } }),
  })
  const folder = join(workspace.folder, 'usage-data', 'facets')
  mkdirSync(folder, { recursive: true })
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  await runSync(workspace.ctx)
  return { ...workspace, folder }
}

describe('what /insights wrote', () => {
  test('is kept under our names, over what rules know, at no cost, and without secrets', async () => {
    const { ctx, folder } = await importing({ [`${done}.json`]: JSON.stringify(judgement) })
    const result = await runImport(ctx, folder)
    expect(result).toMatchObject({ fileCount: 1, imported: 1, unknown: 0, rejected: [] })
    expect(result.coverage).toMatchObject({ eligible_count: 1, with_facets_count: 1 })
    const [row] = await queryMarts(
      ctx.config,
      `select extractor, extraction_model, extraction_cost_usd, underlying_goal, goal_categories, outcome,
        user_satisfaction_counts, friction_counts, session_type, brief_summary, artifacts_created from marts.session_facets`,
    )
    expect(row).toMatchObject({
      extractor: 'insights',
      extraction_model: null,
      extraction_cost_usd: 0,
      goal_categories: '{"implement_feature":1,"other":1}',
      outcome: 'mostly_achieved',
      user_satisfaction_counts: '{"likely_satisfied":1,"satisfied":2}',
      friction_counts: '{"misunderstood_request":2,"wrong_approach":1}',
      session_type: 'single_task',
      brief_summary: 'Added the line.',
      artifacts_created: 0,
    })
    expect(row?.underlying_goal).toContain('Add a line with key')
    expect(row?.underlying_goal).not.toContain('AKIAIOSFODNN7EXAMPLE')
  })

  test('is enough for rules, which then judge nothing', async () => {
    const { ctx, folder } = await importing({ 'any.json': JSON.stringify(judgement) })
    await runFacets(ctx, {})
    await runImport(ctx, folder)
    expect(await runFacets(ctx, {})).toMatchObject({ extracted: 0, unchanged: 1 })
    expect(await queryMarts(ctx.config, 'select extractor from marts.session_facets')).toEqual([
      { extractor: 'insights' },
    ])
  })

  test('does not replace what a model said', async () => {
    const { ctx, folder } = await importing({ 'any.json': JSON.stringify(judgement) })
    await runFacets(ctx, {})
    const { openLedger } = await import('../../pipeline/warehouse/ledger.js')
    const ledger = await openLedger(ctx.config.paths.ledger)
    await ledger.run(`update state.facets set extractor = 'anthropic', model = 'm1'`)
    ledger.close()
    expect(await runImport(ctx, folder)).toMatchObject({ imported: 0, judgedByModel: 1 })
  })

  test('is taken in of sessions that are too short for us, and counted where none is known', async () => {
    const { ctx, folder } = await importing({
      'short.json': JSON.stringify({ ...judgement, session_id: short }),
      'other.json': JSON.stringify({ ...judgement, session_id: 'ffffffff-0000-4000-8000-000000000000' }),
    })
    expect(await runImport(ctx, folder)).toMatchObject({ fileCount: 2, imported: 1, unknown: 1 })
  })

  test('leaves no word of it under privacy.content none', async () => {
    const { ctx, folder } = await importing({ 'any.json': JSON.stringify(judgement) }, 'none')
    await runImport(ctx, folder)
    const [row] = await queryFile<{ facets: string }>(
      ctx.config.paths.ledger,
      'select facets::varchar as facets from state.facets',
    )
    expect(row?.facets).toContain('mostly_achieved')
    expect(row?.facets).not.toMatch(/Add|recipe|asked of what|correct_code|line/)
  })

  test('that is broken is named with what was expected, and the rest goes on', async () => {
    const { ctx, folder, events } = await importing({
      'a.json': '{"session_id": "half',
      'b.json': JSON.stringify({ ...judgement, friction_counts: 'many' }),
      'c.json': JSON.stringify(judgement),
    })
    const result = await runImport(ctx, folder)
    expect(result).toMatchObject({ fileCount: 3, imported: 1 })
    expect(result.rejected.map(({ file, reason }) => [file.slice(folder.length + 1), reason])).toEqual([
      ['a.json', 'expected JSON as /insights writes it, and it is not whole'],
      ['b.json', expect.stringMatching(/^expected facets as \/insights writes them: friction_counts: /)],
    ])
    expect(events.filter(({ action }) => action === 'warn')).toHaveLength(2)
  })

  test('is looked for where Claude Code keeps it, and missed with a hint', async () => {
    const { ctx } = await importing({})
    await expect(runImport(ctx, undefined)).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringContaining('.claude/usage-data/facets'),
    })
    expect(readdirSync(ctx.config.home)).toEqual(['.claude'])
  })
})
