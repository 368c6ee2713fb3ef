import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { LlmAnswer, LlmBatches, LlmRequest } from '../../pipeline/llm/client.js'
import { LlmError } from '../../pipeline/llm/client.js'
import { testKey } from '../support/llm-servers.js'
import { llmErrorFrom, matter, openRoom, question } from './llm-room.js'

describe('a question to Anthropic', () => {
  it('carries its schema as one that is enforced, and the key in a header alone', async () => {
    const { asker, server } = await openRoom('anthropic')
    await asker.ask(question, matter)
    const [request] = server.requests
    expect(request?.path).toBe('/v1/messages')
    expect(request?.headers.authorization).toBe(`Bearer ${testKey}`)
    expect(request?.bodyText).not.toContain(testKey)
    expect(server.questions[0]).toMatchObject({
      system: question.system,
      schema: {
        type: 'object',
        additionalProperties: false,
        required: ['verdict', 'reason'],
        properties: { verdict: { enum: ['good', 'bad'] } },
      },
    })
  })

  it('has its schema in words where that is larger than what is enforced', async () => {
    const { asker, server } = await openRoom('anthropic')
    const names = Array.from({ length: 17 }, (_, i) => [`note${i}`, z.string().nullable()] as const)
    await asker.ask({ ...question, schema: z.object(Object.fromEntries(names)) }, matter)
    expect(server.questions).toMatchObject([{ schema: null, system: expect.stringContaining('"note16"') }])
  })

  it('has its schema in words, then and later, once it was turned away', async () => {
    const { asker, server } = await openRoom('anthropic')
    const message = 'output_config.format.schema: the compiled grammar is too large'
    server.replies.push({ kind: 'status', status: 400, message })
    await asker.ask(question, matter)
    await asker.ask(question, matter)
    expect(server.questions.map(({ schema }) => schema === null)).toEqual([false, true, true])
    expect(server.questions[2]?.system).toContain('"verdict"')
  })

  it('that is too long is unusable, and later ones keep their schema', async () => {
    const { asker, server } = await openRoom('anthropic')
    server.replies.push({ kind: 'status', status: 400, message: 'prompt is too long: 210000 tokens' })
    expect(await llmErrorFrom(asker.ask(question, matter))).toMatchObject({ failure: 'unusable' })
    await asker.ask(question, matter)
    expect(server.questions.map(({ schema }) => schema === null)).toEqual([false, false])
  })

  it('is not passed on in an error, though the provider quotes it', async () => {
    const { asker, server } = await openRoom('anthropic')
    server.replies.push({ kind: 'status', status: 400, message: `messages.0: ${question.user} is no good` })
    const error = await llmErrorFrom(asker.ask(question, matter))
    expect(error.failure).toBe('unusable')
    expect(error.message).not.toContain(question.user)
  })

  it('meets an account without credit: that is for the user to mend', async () => {
    const { asker, server } = await openRoom('anthropic')
    server.replies.push({
      kind: 'status',
      status: 400,
      message: 'Your credit balance is too low to access it.',
    })
    expect(await llmErrorFrom(asker.ask(question, matter))).toMatchObject({
      failure: 'misconfigured',
      message: expect.stringContaining('no credit'),
    })
  })
})

const three = new Map<string, LlmRequest>(
  ['one', 'two', 'three'].map((id) => [id, { ...question, user: `Was ${id} good?` }]),
)

function batchesOf({ batches }: { batches: LlmBatches | null }): LlmBatches {
  if (batches === null) throw new Error('expected a provider with batches')
  return batches
}

describe('a batch', () => {
  it('is null while it is worked on, and then has every answer under its id', async () => {
    const { asker, server } = await openRoom('anthropic')
    server.otherwise = ({ user }) => ({ kind: 'answer', text: `{"of":"${user}"}` })
    server.areBatchesDone = false
    const batches = batchesOf(asker)
    const batchId = await batches.submit(three)
    expect(await batches.collect(batchId)).toBeNull()
    server.areBatchesDone = true
    const answers = (await batches.collect(batchId)) ?? new Map<string, LlmAnswer>()
    expect([...answers].map(([id, answer]) => [id, (answer as LlmAnswer).text]).sort()).toEqual([
      ['one', '{"of":"Was one good?"}'],
      ['three', '{"of":"Was three good?"}'],
      ['two', '{"of":"Was two good?"}'],
    ])
    expect(server.questions.map(({ customId }) => customId)).toEqual(['one', 'two', 'three'])
  })

  it('costs half, and is recorded once however often it is settled', async () => {
    const room = await openRoom('anthropic')
    const batches = batchesOf(room.asker)
    const answers = await batches.collect(await batches.submit(three))
    const answer = answers?.get('one') as LlmAnswer
    const once = await room.asker.settle('one', matter, answer)
    const again = await (await room.openAsker()).settle('one', matter, answer)
    expect([once.costUsd, again.costUsd]).toEqual(['0.001000', '0.001000'])
    expect(await room.requests()).toMatchObject([{ is_batch: true, status: 'answered', cost_usd: 0.001 }])
  })

  it('tells refused, cut, wrong, failed, canceled and expired requests apart', async () => {
    const room = await openRoom('anthropic')
    room.server.replies.push(
      { kind: 'answer', text: 'No.', stop: 'refusal' },
      { kind: 'answer', text: '{"ver', stop: 'max_tokens' },
      { kind: 'status', status: 400 },
      { kind: 'status', status: 529 },
      { kind: 'canceled' },
      { kind: 'expired' },
    )
    const ids = ['refused', 'cut', 'wrong', 'overloaded', 'canceled', 'expired']
    const batches = batchesOf(room.asker)
    const batchId = await batches.submit(new Map(ids.map((id) => [id, question])))
    const answers = (await batches.collect(batchId)) ?? new Map<string, LlmError>()
    const failures = ids.map((id) => [id, (answers.get(id) as LlmError).failure])
    expect(failures).toEqual([
      ['refused', 'refused'],
      ['cut', 'unusable'],
      ['wrong', 'unusable'],
      ['overloaded', 'unavailable'],
      ['canceled', 'unavailable'],
      ['expired', 'unavailable'],
    ])
    for (const [id, answer] of answers)
      expect(await llmErrorFrom(room.asker.settle(id, matter, answer))).toBe(answer)
    // Only what was answered is billed.
    expect((await room.requests()).map(({ status, cost_usd }) => [status, cost_usd]).sort()).toEqual([
      ['refused', 0.001],
      ['unusable', 0.001],
    ])
  })

  it('is handed in again after an overload, but not where the acknowledgement is lost', async () => {
    const { asker, server } = await openRoom('anthropic')
    server.submissions.push(529)
    expect(await batchesOf(asker).submit(three)).toBe('msgbatch_0001')
    expect(server.requests).toHaveLength(2)
    server.submissions.push('drop')
    expect(await llmErrorFrom(batchesOf(asker).submit(three))).toMatchObject({ failure: 'unavailable' })
    expect(server.requests).toHaveLength(3)
  })

  it('that the provider no longer has is unusable', async () => {
    const { asker } = await openRoom('anthropic')
    expect(await llmErrorFrom(batchesOf(asker).collect('msgbatch_gone'))).toMatchObject({
      failure: 'unusable',
      message: expect.stringContaining('msgbatch_gone'),
    })
  })

  it('is not submitted where it might cost more than is left', async () => {
    const { asker, server } = await openRoom('anthropic', { caps: { run: 0.001, month: null } })
    const error = await llmErrorFrom(batchesOf(asker).submit(three))
    expect(error).toBeInstanceOf(LlmError)
    expect(error.failure).toBe('over_budget')
    expect(server.requests).toEqual([])
  })
})
