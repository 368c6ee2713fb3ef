import { join } from 'node:path'
import { expect, it } from 'vitest'
import { packageRoot } from '../../pipeline/root.js'
import { runSync } from '../../pipeline/run.js'
import { createWorkspace, queryMarts } from '../support/workspace.js'

it('what a fork copies belongs to the session that had it first, whatever the ids', async () => {
  const home = join(packageRoot, 'fixtures/logs/claude-code/rule-05-fork/home')
  const { ctx } = createWorkspace({ home })
  await runSync(ctx)
  expect(
    await queryMarts(
      ctx.config,
      `select right(session_id, 3) as id, prompt_count, llm_call_count, output_tokens, started_at
       from sessions order by id`,
    ),
  ).toEqual([
    {
      id: '501',
      prompt_count: 1,
      llm_call_count: 1,
      output_tokens: 400,
      started_at: '2026-02-09T11:00:00.000Z',
    },
    {
      id: '502',
      prompt_count: 2,
      llm_call_count: 2,
      output_tokens: 300,
      started_at: '2026-02-09T10:00:00.000Z',
    },
  ])
})
