import { describe, expect, it } from 'vitest'
import { type LlmRoom, llmErrorFrom, matter, openRoom, question } from './llm-room.js'

/** 3500 bytes, so 1000 tokens; with 200 tokens of answer a Haiku takes 0.002 USD for it. */
const thousandTokens = { system: 's'.repeat(500), user: 'u'.repeat(3000), schema: null, maxOutputTokens: 200 }

async function askTimes(room: LlmRoom, asker: LlmRoom['asker'], times: number): Promise<number> {
  for (let i = 0; i < times; i += 1) await asker.ask(thousandTokens, matter)
  return room.server.questions.length
}

describe('the estimate of a cost', () => {
  it('goes by length, the price table, and how much may be answered', async () => {
    const { asker } = await openRoom('anthropic')
    expect(asker.estimateCostUsd(thousandTokens, 'facets')).toBe('0.002000')
    expect(asker.estimateCostUsd(thousandTokens, 'facets', true)).toBe('0.001000')
    // Not every answer is as long as it may be.
    expect(asker.estimateCostUsd({ ...thousandTokens, maxOutputTokens: 9000 }, 'facets')).toBe('0.005500')
  })

  it('learns from the ledger how long answers are, for each purpose', async () => {
    const room = await openRoom('anthropic')
    room.server.otherwise = () => ({ kind: 'answer', text: 'Yes.', usage: { outputTokens: 120 } })
    await askTimes(room, room.asker, 5)
    const later = await room.openAsker()
    expect(later.estimateCostUsd(thousandTokens, 'facets')).toBe('0.001600')
    expect(later.estimateCostUsd(thousandTokens, 'letter')).toBe('0.002000')
  })

  it('asks nobody and records nothing', async () => {
    const room = await openRoom('anthropic')
    room.asker.estimateCostUsd(thousandTokens, 'facets')
    expect(room.server.requests).toEqual([])
    expect(await room.requests()).toEqual([])
  })
})

describe('the limit of a run', () => {
  it('is kept to the last request that fits, and said where the next does not', async () => {
    const room = await openRoom('anthropic')
    const asker = await room.openAsker({ run: 0.006, month: null })
    expect(await askTimes(room, asker, 3)).toBe(3)
    const error = await llmErrorFrom(asker.ask(thousandTokens, matter))
    expect(error).toMatchObject({
      failure: 'over_budget',
      message:
        'a run may cost 0.006000 USD (max_cost_usd.run); it has come to 0.006000, and this might cost 0.002000',
    })
    expect(room.server.questions).toHaveLength(3)
    expect(await room.requests()).toHaveLength(3)
  })

  it('holds for all askers of the run, and for no other run', async () => {
    const room = await openRoom('anthropic')
    const caps = { run: 0.004, month: null }
    await askTimes(room, await room.openAsker(caps), 2)
    expect((await llmErrorFrom((await room.openAsker(caps)).ask(thousandTokens, matter))).failure).toBe(
      'over_budget',
    )
    const other = await room.openAsker(caps, { runId: 'run-2' })
    expect(await other.ask(thousandTokens, matter)).toMatchObject({ costUsd: '0.002000' })
  })

  it('is kept by questions that are asked at the same time', async () => {
    const room = await openRoom('anthropic')
    const asker = await room.openAsker({ run: 0.005, month: null })
    const outcomes = await Promise.allSettled([1, 2, 3, 4].map(() => asker.ask(thousandTokens, matter)))
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'rejected'])
  })

  it('counts refusals, and answers that were lost', async () => {
    const room = await openRoom('anthropic')
    const asker = await room.openAsker({ run: 0.0055, month: null })
    room.server.replies.push({ kind: 'answer', text: 'No.', stop: 'refusal' }, { kind: 'drop' })
    await llmErrorFrom(asker.ask(thousandTokens, matter))
    await asker.ask(thousandTokens, matter)
    const error = await llmErrorFrom(asker.ask(thousandTokens, matter))
    expect(error.message).toContain('it has come to 0.006000')
    expect((await room.requests()).map(({ status, cost_usd }) => [status, cost_usd])).toEqual([
      ['refused', 0.002],
      ['unavailable', null],
      ['answered', 0.002],
    ])
  })

  it('counts a batch in the run that submits it, not in the one that collects it', async () => {
    const room = await openRoom('anthropic')
    const caps = { run: 0.0025, month: null }
    const first = await room.openAsker(caps)
    const batchId = await first.batches?.submit(new Map([['r1', thousandTokens]]))
    expect((await llmErrorFrom(first.ask(thousandTokens, matter))).failure).toBe('over_budget')
    const second = await room.openAsker(caps, { runId: 'run-2' })
    const answer = (await second.batches?.collect(batchId ?? ''))?.get('r1')
    if (answer === undefined) throw new Error('expected an answer to r1')
    expect(await second.settle('r1', matter, answer)).toMatchObject({ costUsd: '0.001000' })
    expect(await second.ask(thousandTokens, matter)).toMatchObject({ costUsd: '0.002000' })
    expect(await room.requests()).toMatchObject([{ run_id: 'run-2', is_batch: true }, { is_batch: false }])
  })

  it('of nothing asks nobody whose price is known', async () => {
    const room = await openRoom('anthropic')
    const asker = await room.openAsker({ run: 0, month: null })
    expect((await llmErrorFrom(asker.ask(thousandTokens, matter))).failure).toBe('over_budget')
    expect(room.server.requests).toEqual([])
  })

  it('stops a server that names its price only afterwards, once it is reached', async () => {
    const room = await openRoom('openai-compatible', { spec: { model: 'of-a-broker' } })
    room.server.otherwise = () => ({ kind: 'answer', text: 'Yes.', costUsd: 0.004 })
    const asker = await room.openAsker({ run: 0.008, month: null })
    await askTimes(room, asker, 2)
    expect((await llmErrorFrom(asker.ask(thousandTokens, matter))).failure).toBe('over_budget')
  })
})

describe('the limit of a month', () => {
  const caps = { run: null, month: 0.004 }

  it('holds over all runs of the month, and ends with it', async () => {
    const room = await openRoom('anthropic')
    await askTimes(room, await room.openAsker(caps, { now: '2026-03-01T00:00:00Z' }), 2)
    const late = await room.openAsker(caps, { runId: 'run-2', now: '2026-03-31T23:59:59Z' })
    expect(await llmErrorFrom(late.ask(thousandTokens, matter))).toMatchObject({
      failure: 'over_budget',
      message: expect.stringContaining('a month may cost 0.004000 USD (max_cost_usd.month)'),
    })
    const next = await room.openAsker(caps, { runId: 'run-3', now: '2026-04-01T00:00:00Z' })
    expect(await next.ask(thousandTokens, matter)).toMatchObject({ costUsd: '0.002000' })
  })

  it('is the month of the user, not that of Greenwich', async () => {
    const room = await openRoom('anthropic')
    const timezone = 'America/New_York'
    // 30 April, 22:00 in New York.
    await askTimes(room, await room.openAsker(caps, { timezone, now: '2026-05-01T02:00:00Z' }), 2)
    const may = await room.openAsker(caps, { timezone, now: '2026-05-01T05:00:00Z' })
    expect(await may.ask(thousandTokens, matter)).toMatchObject({ costUsd: '0.002000' })
    const april = await room.openAsker(caps, { timezone, now: '2026-05-01T03:59:00Z' })
    expect((await llmErrorFrom(april.ask(thousandTokens, matter))).failure).toBe('over_budget')
  })

  it('counts what batches that are not collected yet are expected to cost, until they are', async () => {
    const room = await openRoom('anthropic')
    await room.ledger.run(`insert into state.batch_requests (batch_id, request_id, session_id, provider, model, prompt_version,
        content_sha256, submitted_at, expected_cost_usd)
      values ('b1', 'r1', 's1', 'anthropic', 'm', 1, 'x', timestamp '2026-03-09', 0.003)`)
    const asker = await room.openAsker(caps)
    expect((await llmErrorFrom(asker.ask(thousandTokens, matter))).failure).toBe('over_budget')
    const usage = { inputTokens: 1000, outputTokens: 200, cacheReadTokens: 0, cacheWriteTokens: 0 }
    const answer = { text: 'Yes.', model: room.client.model, usage, reportedCostUsd: null }
    await asker.settle('r1', { purpose: 'facets', subject: 's1' }, answer)
    expect(await asker.ask(thousandTokens, matter)).toMatchObject({ costUsd: '0.002000' })
  })
})

describe('what is recorded', () => {
  it('is exact where thousands of costs are added', async () => {
    const room = await openRoom('anthropic')
    room.server.otherwise = () => ({
      kind: 'answer',
      text: 'Yes.',
      usage: { inputTokens: 1, outputTokens: 0 },
    })
    await askTimes(room, room.asker, 30)
    const [sum] = await room.ledger.rows(
      'select cast(sum(cost_usd) as varchar) as usd from state.model_requests',
    )
    expect(sum).toEqual({ usd: '0.000030' })
  })

  it('says for which run, purpose and subject', async () => {
    const room = await openRoom('anthropic')
    await room.asker.ask(question, { purpose: 'letter', subject: 'weekly/2026-W07' })
    expect(await room.requests()).toMatchObject([
      { run_id: 'run-1', purpose: 'letter', subject: 'weekly/2026-W07', provider: 'anthropic' },
    ])
  })
})
