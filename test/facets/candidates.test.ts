import { join } from 'node:path'
import { expect, it } from 'vitest'
import { readCandidates } from '../../pipeline/facets/candidates.js'
import { packageRoot } from '../../pipeline/root.js'
import { runSync } from '../../pipeline/run.js'
import { createWorkspace, queryMarts } from '../support/workspace.js'

async function syncedFixture(name: string, minPrompts: number) {
  const { ctx } = createWorkspace({
    home: join(packageRoot, `fixtures/logs/claude-code/${name}/home`),
    change: (config) => ({ ...config, facets: { ...config.facets, min_prompts: minPrompts } }),
  })
  await runSync(ctx)
  const reasons = await queryMarts<{ session_id: string; ineligible_reason: string | null }>(
    ctx.config,
    'select session_id, ineligible_reason from marts.facet_coverage order by session_id',
  )
  return {
    ids: (await readCandidates(ctx.config)).map(({ session_id }) => session_id.slice(-4)),
    reasons: Object.fromEntries(reasons.map((row) => [row.session_id.slice(32), row.ineligible_reason])),
  }
}

it('a session that an extraction made is not extracted from in its turn, even where no prompt is asked for', async () => {
  const { ids, reasons } = await syncedFixture('rule-17-own-extraction', 0)
  expect(ids).toEqual(['1701'])
  expect(reasons).toEqual({ 1701: null, 1702: 'own_extraction' })
})

it("an agent's warm-ups are known by what they were asked, not by their length", async () => {
  const { ids, reasons } = await syncedFixture('warm-ups', 1)
  expect(ids).toEqual(['2103', '2101'])
  expect(reasons).toEqual({ 2101: null, '2101/a1b2c3d4': 'warm_up', 2102: 'warm_up', 2103: null })
})

it('the setting min_prompts decides which sessions are too short', async () => {
  const { ids, reasons } = await syncedFixture('warm-ups', 2)
  expect(ids).toEqual(['2101'])
  expect(reasons).toMatchObject({ 2103: 'too_few_prompts' })
})
