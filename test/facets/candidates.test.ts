import { join } from 'node:path'
import { expect, it } from 'vitest'
import { readCandidates } from '../../pipeline/facets/candidates.js'
import { packageRoot } from '../../pipeline/root.js'
import { runSync } from '../../pipeline/run.js'
import { createWorkspace } from '../support/workspace.js'

it('a session that an extraction made is not extracted from in its turn, even where no prompt is asked for', async () => {
  const { ctx } = createWorkspace({
    home: join(packageRoot, 'fixtures/logs/claude-code/rule-17-own-extraction/home'),
    change: (config) => ({ ...config, facets: { ...config.facets, min_prompts: 0 } }),
  })
  await runSync(ctx)
  const candidates = await readCandidates(ctx.config)
  expect(candidates.map(({ session_id }) => session_id)).toEqual(['00000000-0000-4000-8000-000000001701'])
})
