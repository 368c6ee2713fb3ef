import { describe, expect, test } from 'vitest'
import { courseOf } from '../../pipeline/tips/compare.js'
import { effectOf } from '../../pipeline/tips/effect.js'
import { findTip, type KeptTip } from '../../pipeline/tips/feedback.js'
import type { Measure } from '../../pipeline/tips/measure.js'
import { selectTips } from '../../pipeline/tips/select.js'

function measure(rule: string, sizeShare: number, more: Partial<Measure> = {}): Measure {
  return {
    rule,
    metricName: `${rule}_share`,
    metricValue: 0.1,
    sampleCount: 200,
    isLessBetter: true,
    isFiring: true,
    sizeShare,
    sessionIds: ['s1'],
    numbers: {},
    texts: {},
    ...more,
  }
}
const chosen = (...args: Parameters<typeof selectTips>) =>
  selectTips(...args).map(({ measure: { rule }, priority }) => `${rule} ${priority}`)

describe('the choice of a week', () => {
  test('takes the largest first, two of a category and five in all', () => {
    const measures = [
      measure('wrong_paths', 0.05),
      measure('cache_misses', 0.3),
      measure('large_contexts', 0.5),
      measure('cache_rebuilds', 0.4),
      measure('corrections', 0.2),
      measure('split_sessions', 0.12),
      measure('stale_edits', 0.04),
      measure('mcp_failures', 0.03),
    ]
    const expected = [
      'large_contexts high',
      'cache_rebuilds high',
      'corrections medium',
      'split_sessions medium',
      'wrong_paths low',
    ]
    expect(chosen(measures, [], new Set())).toEqual(expected)
    expect(chosen([...measures].reverse(), [], new Set())).toEqual(expected)
  })

  test('settles equal sizes by name', () => {
    expect(chosen([measure('wrong_paths', 0.2), measure('corrections', 0.2)], [], new Set())).toEqual([
      'corrections medium',
      'wrong_paths medium',
    ])
  })

  test('leaves out what does not fire and what was dismissed', () => {
    const measures = [measure('corrections', 0.2, { isFiring: false }), measure('wrong_paths', 0.2)]
    expect(chosen(measures, [], new Set(['wrong_paths']))).toEqual([])
  })

  test('repeats a recent tip only where its metric has become clearly worse', () => {
    const recent = [{ rule: 'corrections', period: '2026-W05', metricValue: 0.1, sampleCount: 200 }]
    const now = (metricValue: number) => [measure('corrections', 0.2, { metricValue })]
    expect(chosen(now(0.1), recent, new Set())).toEqual([])
    expect(chosen(now(0.13), recent, new Set())).toEqual([])
    expect(chosen(now(0.05), recent, new Set())).toEqual([])
    const [repeated] = selectTips(now(0.2), recent, new Set())
    expect(repeated?.worseSince).toEqual(recent[0])
  })
})

describe('a share has moved', () => {
  const sample = (value: number, count: number) => ({ value, count })

  test('where it changed by a fifth and by more than chance', () => {
    expect(courseOf(sample(0.1, 500), sample(0.05, 500), true)).toBe('better')
    expect(courseOf(sample(0.1, 500), sample(0.05, 500), false)).toBe('worse')
    expect(courseOf(sample(0.1, 500), sample(0.2, 500), true)).toBe('worse')
  })

  test('and has not where so few cases may do the same by chance, or where it is a trifle', () => {
    expect(courseOf(sample(0.1, 20), sample(0.05, 20), true)).toBe('same')
    expect(courseOf(sample(0.5, 100_000), sample(0.45, 100_000), true)).toBe('same')
    expect(courseOf(sample(0.1, 0), sample(0.9, 10), true)).toBe('same')
  })
})

describe('what became of a tip', () => {
  const tip = {
    tipId: 'corrections/weekly/2026-W03',
    rule: 'corrections',
    period: '2026-W03',
    metricValue: 0.12,
    sampleCount: 200,
    isLessBetter: true,
  }

  test('is the mean of the weeks since that could be measured, and the latest of them', () => {
    const since = [
      measure('corrections', 0, { metricValue: 0.06 }),
      null,
      measure('corrections', 0, { metricValue: 0.02 }),
    ]
    expect(effectOf(tip, since)).toEqual({
      tipId: tip.tipId,
      metricBefore: 0.12,
      metricAfter: 0.04,
      metricLatest: 0.02,
      measuredWeekCount: 2,
      sampleCount: 400,
      effect: 'better',
      isSmall: false,
    })
  })

  test('rests on little where a single week or a few cases could be measured', () => {
    expect(effectOf(tip, [measure('corrections', 0)])?.isSmall).toBe(true)
    const few = measure('corrections', 0, { sampleCount: 10 })
    expect(effectOf(tip, [few, few])?.isSmall).toBe(true)
  })

  test('is not told where no week since could be measured', () => {
    expect(effectOf(tip, [null, null])).toBeNull()
  })
})

describe('a tip is found', () => {
  const kept = (rule: string, period: string) =>
    ({ tip_id: `${rule}/weekly/${period}`, rule, period }) as KeptTip
  const tips = [
    kept('corrections', '2026-W07'),
    kept('wrong_paths', '2026-W07'),
    kept('corrections', '2026-W03'),
  ]

  test('by its rule and week, or by its rule alone as the latest', () => {
    expect(findTip(tips, 'corrections/2026-W03')).toBe(tips[2])
    expect(findTip(tips, 'corrections/weekly/2026-W03')).toBe(tips[2])
    expect(findTip(tips, ' Corrections ')).toBe(tips[0])
  })

  test('or else the ones that are near are named', () => {
    expect(() => findTip(tips, 'corections/2026-W07')).toThrow('there is no tip corections/2026-W07')
    try {
      findTip(tips, 'wrong_path')
      expect.unreachable()
    } catch (error) {
      expect((error as { hint: string }).hint).toMatch(/^Did you mean wrong_paths\/2026-W07,/)
    }
  })
})
