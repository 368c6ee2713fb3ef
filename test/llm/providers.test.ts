import { describe, expect, it } from 'vitest'
import { claudeCliFolder, claudeCliMissing } from '../support/claude-cli.js'
import { testKey } from '../support/llm-servers.js'
import {
  type LlmRoom,
  llmErrorFrom,
  matter,
  openRoom,
  type Provider,
  question,
  usualModels,
} from './llm-room.js'

const goodAnswer = '{"verdict":"good","reason":"It ended well."}'

/** 1000 tokens in and 200 out, beside 333 read from the cache and 77 written to it, where the protocol can say so. */
const cases: readonly {
  provider: Provider
  plainCost: string
  cacheCost: string
  cacheUsage: object
  attemptsOf500: number
}[] = [
  {
    provider: 'anthropic',
    plainCost: '0.002000',
    cacheCost: '0.002130', // 1000 × 1 + 200 × 5 + 333 × 0.1 + 77 × 1.25 = 2129.55 millionths
    cacheUsage: { input_tokens: 1000, output_tokens: 200, cache_read_tokens: 333, cache_write_tokens: 77 },
    attemptsOf500: 4,
  },
  {
    provider: 'openai-compatible',
    plainCost: '0.000650',
    cacheCost: '0.000678', // 1077 × 0.25 + 200 × 2 + 333 × 0.025 = 677.575 millionths
    cacheUsage: { input_tokens: 1077, output_tokens: 200, cache_read_tokens: 333, cache_write_tokens: null },
    attemptsOf500: 4,
  },
  {
    provider: 'claude-cli',
    plainCost: '0.002000',
    cacheCost: '0.002130',
    cacheUsage: { input_tokens: 1000, output_tokens: 200, cache_read_tokens: 333, cache_write_tokens: 77 },
    attemptsOf500: 4,
  },
]

/** Nothing that is kept or shown may hold the key. */
async function expectNoKey(room: LlmRoom, ...shown: unknown[]): Promise<void> {
  const errors = shown.map((error) =>
    error instanceof Error ? [error.message, String(error.cause), JSON.stringify(error)] : error,
  )
  const seen = JSON.stringify([room.workspace.events, await room.requests(), errors])
  expect(seen).not.toContain(testKey)
}

for (const { provider, plainCost, cacheCost, cacheUsage, attemptsOf500 } of cases) {
  const isSkipped = provider === 'claude-cli' && claudeCliMissing !== null
  const title = `${provider}${isSkipped ? ' (skipped: needs CLAUDE_CLI)' : ''}`
  describe.skipIf(isSkipped)(title, () => {
    it('hands on a good answer, and records what it cost before that', async () => {
      const room = await openRoom(provider)
      room.server.replies.push({ kind: 'answer', text: goodAnswer })
      expect(await room.asker.ask(question, matter)).toEqual({ text: goodAnswer, costUsd: plainCost })
      expect(room.server.questions).toMatchObject([
        { model: usualModels[provider], maxOutputTokens: question.maxOutputTokens },
      ])
      expect(room.server.questions[0]?.system).toContain(question.system)
      expect(room.server.questions[0]?.user).toContain(question.user)
      expect(await room.requests()).toEqual([
        {
          run_id: 'run-1',
          purpose: 'facets',
          subject: 'session-1',
          provider,
          model: usualModels[provider],
          is_batch: false,
          requested_at: '2026-03-10T12:00:00.000Z',
          status: 'answered',
          input_tokens: 1000,
          output_tokens: 200,
          cache_read_tokens: 0,
          cache_write_tokens: provider === 'openai-compatible' ? null : 0,
          cost_usd: Number(plainCost),
        },
      ])
      await expectNoKey(room)
    })

    it('prices what was read from a cache and written to one to the millionth of a dollar', async () => {
      const room = await openRoom(provider)
      const usage = { cacheReadTokens: 333, cacheWriteTokens: 77 }
      room.server.replies.push({ kind: 'answer', text: goodAnswer, usage })
      expect((await room.asker.ask(question, matter)).costUsd).toBe(cacheCost)
      expect(await room.requests()).toMatchObject([cacheUsage])
    })

    it('hands on broken JSON and a value off the list as they are, and billed', async () => {
      const room = await openRoom(provider)
      const broken = ['{"verdict":"good"', '{"verdict":"splendid","reason":""}']
      room.server.replies.push(...broken.map((text) => ({ kind: 'answer', text }) as const))
      for (const text of broken)
        expect(await room.asker.ask(question, matter)).toEqual({ text, costUsd: plainCost })
    })

    it('calls a refusal refused, and records what it cost', async () => {
      const room = await openRoom(provider)
      room.server.replies.push({ kind: 'answer', text: 'I cannot.', stop: 'refusal' })
      const error = await llmErrorFrom(room.asker.ask(question, matter))
      expect(error.failure).toBe('refused')
      expect(await room.requests()).toMatchObject([{ status: 'refused', cost_usd: Number(plainCost) }])
    })

    it('calls an answer that was cut at the limit of tokens unusable, and records what it cost', async () => {
      const room = await openRoom(provider)
      const outputTokens = question.maxOutputTokens
      room.server.otherwise = () => ({
        kind: 'answer',
        text: '{"verdict":"go',
        stop: 'max_tokens',
        usage: { outputTokens },
      })
      const error = await llmErrorFrom(room.asker.ask(question, matter))
      expect(error.failure).toBe('unusable')
      const [row, ...others] = await room.requests()
      expect(others).toEqual([])
      // The command asks for the rest by itself: each of its requests is billed.
      expect(row).toMatchObject({
        status: 'unusable',
        output_tokens: outputTokens * room.server.questions.length,
        input_tokens: 1000 * room.server.questions.length,
      })
      expect(row?.cost_usd).toBeGreaterThan(0)
    })

    it('waits as long as a 429 says, and is answered then', async () => {
      const room = await openRoom(provider)
      room.server.replies.push({ kind: 'status', status: 429, retryAfterSeconds: 1 })
      expect(await room.asker.ask(question, matter)).toMatchObject({ costUsd: plainCost })
      const [first, second] = room.server.requests.filter(({ method }) => method === 'POST')
      expect((second?.atMs ?? 0) - (first?.atMs ?? 0)).toBeGreaterThanOrEqual(990)
      expect(await room.requests()).toMatchObject([{ status: 'answered' }])
    })

    it('gives up on a 429 that asks for more time than there is, and records nothing', async () => {
      const room = await openRoom(provider, { spec: { timeout_seconds: 3 } })
      room.server.otherwise = () => ({ kind: 'status', status: 429, retryAfterSeconds: 60 })
      const error = await llmErrorFrom(room.asker.ask(question, matter))
      expect(error.failure).toBe('unavailable')
      expect((await room.requests()).filter(({ cost_usd }) => cost_usd !== null)).toEqual([])
    })

    it('asks again after a 500 and a 529, and gives up when they go on', async () => {
      const room = await openRoom(provider)
      room.server.replies.push({ kind: 'status', status: 500 }, { kind: 'status', status: 529 })
      expect(await room.asker.ask(question, matter)).toMatchObject({ costUsd: plainCost })
      room.server.questions.length = 0
      room.server.otherwise = () => ({ kind: 'status', status: 500 })
      const error = await llmErrorFrom(room.asker.ask(question, matter))
      expect(error.failure).toBe('unavailable')
      expect(room.server.questions).toHaveLength(attemptsOf500)
      expect(await room.requests()).toMatchObject([{ status: 'answered' }])
    })

    it('gives up at the timeout, and records that the answer was lost', async () => {
      const room = await openRoom(provider, { spec: { timeout_seconds: 2 } })
      room.server.replies.push({ kind: 'hang' })
      const beganMs = performance.now()
      const error = await llmErrorFrom(room.asker.ask(question, matter))
      expect(error).toMatchObject({ failure: 'unavailable', message: expect.stringContaining('within 2 s') })
      expect(performance.now() - beganMs).toBeLessThan(10_000)
      expect(await room.requests()).toMatchObject([{ status: 'unavailable', cost_usd: null }])
    })

    it('survives a connection that breaks in the middle of an answer', async () => {
      const room = await openRoom(provider)
      room.server.replies.push({ kind: 'drop' })
      expect(await room.asker.ask(question, matter)).toMatchObject({ text: 'A plain answer.' })
      room.server.otherwise = () => ({ kind: 'drop' })
      const error = await llmErrorFrom(room.asker.ask(question, matter))
      expect(error.failure).toBe('unavailable')
      const rows = await room.requests()
      expect(rows.filter(({ status }) => status === 'answered')).toHaveLength(1)
      expect(rows.filter(({ status }) => status === 'unavailable').length).toBeGreaterThan(0)
    })

    it('calls a wrong key misconfigured, and says nothing of it', async () => {
      const wrong = 'sk-test-AnotherKeyThatMustNeverBeSeen'
      const env = {
        ANTHROPIC_API_KEY: wrong,
        OPENAI_API_KEY: wrong,
        ANTHROPIC_AUTH_TOKEN: wrong,
        PATH: `${claudeCliFolder}:${process.env.PATH ?? ''}`,
      }
      const room = await openRoom(provider, { env })
      const error = await llmErrorFrom(room.asker.ask(question, matter))
      expect(error).toMatchObject({
        failure: 'misconfigured',
        message: expect.stringMatching(/does not accept the key|is not logged in/),
      })
      expect(JSON.stringify([error.message, error])).not.toContain(wrong)
      expect(room.server.questions).toEqual([])
      expect(await room.requests()).toEqual([])
    })

    it('calls a model that nobody knows misconfigured, and names it', async () => {
      const room = await openRoom(provider, { spec: { model: 'no-such-model' } })
      const error = await llmErrorFrom(room.asker.ask(question, matter))
      expect(error).toMatchObject({
        failure: 'misconfigured',
        message: expect.stringContaining('no-such-model'),
      })
    })

    it('says unavailable where nobody listens, and records nothing', async () => {
      const room = await openRoom(provider, {
        spec: { base_url: 'http://127.0.0.1:9', timeout_seconds: 5 },
      })
      const error = await llmErrorFrom(room.asker.ask(question, matter))
      expect(error.failure).toBe('unavailable')
      await expectNoKey(room, error)
    })
  })
}
