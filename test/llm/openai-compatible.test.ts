import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { startOpenAiServer } from '../support/llm-servers.js'
import { llmErrorFrom, matter, openRoom, question } from './llm-room.js'

const provider = 'openai-compatible'

describe('a question to a server that speaks as OpenAI does', () => {
  it('needs no key where the server wants none', async () => {
    const server = await startOpenAiServer({ needsKey: false })
    const { asker } = await openRoom(provider, { server, env: {} })
    await asker.ask(question, matter)
    expect(server.requests[0]?.headers.authorization).toBeUndefined()
  })

  it('costs what the server says it costs, even where the price table knows the model', async () => {
    const room = await openRoom(provider)
    room.server.replies.push({ kind: 'answer', text: '{}', costUsd: 0.00012345678 })
    expect((await room.asker.ask(question, matter)).costUsd).toBe('0.000123')
    room.server.replies.push({ kind: 'answer', text: '{}', costUsd: 1e-7 })
    expect((await room.asker.ask(question, matter)).costUsd).toBe('0.000000')
    expect(await room.requests()).toMatchObject([{ cost_usd: 0.000123 }, { cost_usd: 0 }])
  })

  it('has no price where the table lacks the model, which is said once', async () => {
    const room = await openRoom(provider, { spec: { model: 'llama-of-my-own' } })
    for (let i = 0; i < 2; i += 1)
      expect(await room.asker.ask(question, matter)).toMatchObject({ costUsd: null })
    expect(room.workspace.events).toMatchObject([
      {
        step: 'facets',
        action: 'warn',
        subject: 'llama-of-my-own',
        message: expect.stringContaining('prices'),
      },
    ])
    expect(await room.requests()).toMatchObject([
      { model: 'llama-of-my-own', input_tokens: 1000, cost_usd: null },
      { cost_usd: null },
    ])
    expect(room.asker.estimateCostUsd(question, 'facets')).toBeNull()
  })

  it('is priced by the prices of the configuration', async () => {
    const room = await openRoom(provider, {
      spec: { model: 'llama-of-my-own' },
      change: (config) => ({
        ...config,
        prices: [{ ...noOtherPrices, model: 'llama-of-my-own', input: 0.5, output: 3 }],
      }),
    })
    expect(await room.asker.ask(question, matter)).toMatchObject({ costUsd: '0.001100' })
  })

  it('has no price where the server does not say how much was used', async () => {
    const room = await openRoom(provider)
    room.server.replies.push({ kind: 'answer', text: '{}', usage: null })
    expect(await room.asker.ask(question, matter)).toEqual({ text: '{}', costUsd: null })
    expect(await room.requests()).toMatchObject([{ input_tokens: null, output_tokens: null, cost_usd: null }])
  })

  it('carries its schema, strict where no key is left to choice', async () => {
    const { asker, server } = await openRoom(provider)
    await asker.ask(question, matter)
    await asker.ask({ ...question, schema: z.object({ maybe: z.string().optional() }) }, matter)
    await asker.ask({ ...question, schema: null }, matter)
    const formats = server.requests.map(({ body }) => (body as { response_format?: unknown }).response_format)
    expect(formats).toMatchObject([
      { type: 'json_schema', json_schema: { strict: true, schema: { additionalProperties: false } } },
      { type: 'json_schema', json_schema: { strict: false } },
      undefined,
    ])
  })

  it('has its schema in words once the server has turned it away', async () => {
    const { asker, server } = await openRoom(provider)
    server.replies.push({ kind: 'status', status: 400, message: 'response_format is not supported' })
    await asker.ask(question, matter)
    await asker.ask(question, matter)
    expect(server.questions.map(({ schema }) => schema === null)).toEqual([false, true, true])
    expect(server.questions[1]?.system).toContain('"verdict"')
  })

  it('names its limit of tokens as the server wants it', async () => {
    const { asker, server } = await openRoom(provider)
    const message = "'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead."
    server.replies.push({ kind: 'status', status: 400, message })
    await asker.ask(question, matter)
    await asker.ask(question, matter)
    const limits = server.requests.map(({ body }) => {
      const { max_tokens, max_completion_tokens } = body as Record<string, unknown>
      return [max_tokens, max_completion_tokens]
    })
    expect(limits).toEqual([
      [777, undefined],
      [undefined, 777],
      [undefined, 777],
    ])
    expect(server.questions.every(({ schema }) => schema !== null)).toBe(true)
  })

  it('meets an account without credit: waiting would not help', async () => {
    const { asker, server } = await openRoom(provider)
    server.replies.push({ kind: 'status', status: 429, message: 'You exceeded your current quota.' })
    expect(await llmErrorFrom(asker.ask(question, matter))).toMatchObject({ failure: 'misconfigured' })
    expect(server.questions).toHaveLength(1)
  })

  it('that is answered with nothing is unusable', async () => {
    const { asker, server } = await openRoom(provider)
    server.replies.push({ kind: 'answer', text: ' ' })
    expect(await llmErrorFrom(asker.ask(question, matter))).toMatchObject({ failure: 'unusable' })
  })
})

const noOtherPrices = {
  from: null,
  cache_read: null,
  cache_write_5m: null,
  cache_write_1h: null,
  long_threshold_tokens: null,
  long_input: null,
  long_output: null,
  fast_multiplier: null,
}
