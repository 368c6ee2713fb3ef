import { describe, expect, test } from 'vitest'
import { type Asker, LlmError, type LlmRequest } from '../../pipeline/llm/client.js'
import { phraseTips } from '../../pipeline/tips/phrase.js'
import type { Tip } from '../../pipeline/tips/tip.js'

const tip: Tip = {
  tipId: 'large_contexts/weekly/2026-W07',
  rule: 'large_contexts',
  period: '2026-W07',
  generatedAt: '2026-02-16T00:00:00Z',
  priority: 'high',
  category: 'cost',
  observation: '20 calls cost $12.00, 60 % of the week.',
  recommendation: 'Begin a new session at the next break.',
  expectedBenefit: 'About $3.20 a week.',
  metricName: 'large_context_cost_share',
  metricValue: 0.6,
  isLessBetter: true,
  metricValues: { large_call_count: 20 },
  sessionIds: ['s1'],
  extractor: 'rules',
}

const requests: LlmRequest[] = []
function asker(answer: () => string): Pick<Asker, 'name' | 'ask'> {
  return {
    name: 'anthropic',
    ask: async (request) => {
      requests.push(request)
      return { text: answer(), costUsd: '0.001' }
    },
  }
}
const saying = (words: object) =>
  asker(() =>
    JSON.stringify({
      tips: [{ rule: tip.rule, recommendation: 'Take a break, then start afresh.', ...words }],
    }),
  )

describe('a model that phrases tips', () => {
  test('may say the same numbers in other words', async () => {
    const { tips, droppedCount } = await phraseTips(
      saying({
        observation: 'You spent $12.00 on just 20 calls.',
        expected_benefit: 'You may save about $3.20.',
      }),
      [tip],
      '2026-W07',
    )
    expect(droppedCount).toBe(0)
    expect(tips[0]).toMatchObject({
      observation: 'You spent $12.00 on just 20 calls.',
      recommendation: 'Take a break, then start afresh.',
      extractor: 'anthropic',
    })
    expect(requests.at(-1)!.user).not.toContain('s1')
  })

  test('invents no number: where it does, the rule’s own sentence stays', async () => {
    const { tips, droppedCount } = await phraseTips(
      saying({
        observation: 'You spent $12.00 on 20 calls.',
        expected_benefit: 'You will save $32 a month.',
      }),
      [tip],
      '2026-W07',
    )
    expect(droppedCount).toBe(1)
    expect(tips[0]!.expectedBenefit).toBe('About $3.20 a week.')
  })

  test('leaves the rules’ words where it answers in another shape, or not at all', async () => {
    for (const failing of [
      asker(() => 'Sure! Here are your tips.'),
      asker(() => '{"tips": [{"rule": 7}]}'),
      asker(() => {
        throw new LlmError('unavailable', 'overloaded')
      }),
    ]) {
      const { tips, failure } = await phraseTips(failing, [tip], '2026-W07')
      expect(tips).toEqual([tip])
      expect(failure).toMatch(/./)
    }
  })

  test('is not asked where there is nothing to say', async () => {
    const before = requests.length
    expect((await phraseTips(saying({}), [], '2026-W07')).tips).toEqual([])
    expect(requests.length).toBe(before)
  })
})
