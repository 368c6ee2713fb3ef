import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { generateLogs } from '../../pipeline/demo/generate.js'
import { runFacets, runSync } from '../../pipeline/run.js'
import { writeSession } from '../forget/small-logs.js'
import { type LlmQuestion, startAnthropicServer, testKey } from '../support/llm-servers.js'
import { createWorkspace } from '../support/workspace.js'
import { answerOf } from './asking.js'

/** As tokenizers cut: words in pieces of about five letters, numbers in threes, every sign alone. */
function tokenCount(text: string): number {
  return (text.match(/\p{L}{1,5}|\p{N}{1,3}|[^\s\p{L}\p{N}]{1,2}|\n+/gu) ?? []).length
}

const answer = JSON.stringify(
  answerOf({ brief_summary: 'It went as such sessions go, and ended well. '.repeat(12) }),
)

function usageOf({ system, user, schema }: LlmQuestion) {
  return {
    inputTokens: tokenCount(system + user + JSON.stringify(schema)),
    outputTokens: tokenCount(answer) + 500,
  }
}

test.each([
  ['singly', null],
  ['in a batch', 2],
])('what a dry run says that it would cost %s is within 20 % of what it costs', async (_, batchFrom) => {
  const server = await startAnthropicServer()
  onTestFinished(() => server.stop())
  server.otherwise = (question) => ({ kind: 'answer', text: answer, usage: usageOf(question) })
  const { ctx, home } = createWorkspace({
    env: { ANTHROPIC_API_KEY: testKey },
    change: (config) => ({
      ...config,
      facets: { ...config.facets, provider: 'anthropic', base_url: server.baseUrl, batch_from: batchFrom },
    }),
  })
  await generateLogs({ folder: home, seed: 5, weeks: ['2026-W05'], sessionsPerWeek: 8, textScale: 0.3 })
  writeSession(home, {
    id: 'short',
    directory: join(home, 'work'),
    startedAt: '2026-02-01T10:00:00Z',
    turns: 2,
  })
  await runSync(ctx)
  const dry = await runFacets(ctx, { dryRun: true })
  expect(server.requests).toEqual([])
  const wet = await runFacets(ctx, {})
  expect(wet.extracted).toBe(dry.extracted)
  expect(wet.extracted).toBeGreaterThan(5)
  expect(server.questions.length).toBeGreaterThanOrEqual(wet.extracted)
  expect(wet.costUsd).toBeGreaterThan(0)
  expect(Math.abs((dry.estimatedCostUsd ?? 0) / wet.costUsd - 1)).toBeLessThan(0.2)
  const [month] = wet.spending
  expect(month).toMatchObject({ provider: 'anthropic', session_count: wet.extracted, cost_usd: wet.costUsd })
})
