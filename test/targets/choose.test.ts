import { describe, expect, test } from 'vitest'
import { chooseTargets, type Measured } from '../../pipeline/targets/choose.js'

const measured = (metricName: string, metricValue: number, period = '2026-02'): Measured => ({
  metricName,
  metricValue,
  period,
  sampleCount: 200,
  isLessBetter: metricName !== 'completion_share',
})
const chosen = (now: Measured[], before: Measured[] = []) =>
  chooseTargets(now, before).map((target) => [
    target.metricName,
    target.targetValue,
    target.reference?.period,
  ])

describe('a target', () => {
  test('is halfway to the best month, where that was clearly better', () => {
    const before = [measured('error_rate', 0.03, '2026-01'), measured('error_rate', 0.05, '2025-12')]
    expect(chosen([measured('error_rate', 0.07)], before)).toEqual([['error_rate', 0.05, '2026-01']])
  })

  test('is a tenth better where no month was, or none is known', () => {
    expect(chosen([measured('error_rate', 0.05)])).toEqual([['error_rate', 0.045, undefined]])
    expect(chosen([measured('error_rate', 0.05)], [measured('error_rate', 0.048, '2026-01')])).toEqual([
      ['error_rate', 0.045, undefined],
    ])
  })

  test('of what should be whole closes the gap to all of it', () => {
    const before = [measured('completion_share', 0.9, '2026-01')]
    expect(chosen([measured('completion_share', 0.7)], before)).toEqual([
      ['completion_share', 0.8, '2026-01'],
    ])
    expect(chosen([measured('completion_share', 0.7)])).toEqual([['completion_share', 0.73, undefined]])
  })

  test('is not set where little is lost, or where none would show', () => {
    expect(chosen([measured('error_rate', 0.01), measured('completion_share', 1)])).toEqual([])
    expect(chosen([measured('delegation_ratio', 0.5)])).toEqual([])
    expect(chosen([measured('rejections_per_session', 0.02)])).toEqual([])
  })
})

test('what lies farthest behind comes first, four at most, and a month at its best has two all the same', () => {
  const now = [
    measured('error_rate', 0.06),
    measured('corrections_per_prompt', 0.08),
    measured('friction_cost_share', 0.3),
    measured('interruptions_per_session', 0.6),
    measured('rejections_per_session', 0.8),
    measured('completion_share', 0.8),
  ]
  const before = now.map((row, i) => ({
    ...row,
    period: '2026-01',
    metricValue: row.isLessBetter ? row.metricValue * (1 - 0.15 * (i + 1)) : 0.82,
  }))
  expect(chosen(now, before).map(([metric]) => metric)).toEqual([
    'rejections_per_session',
    'interruptions_per_session',
    'friction_cost_share',
    'corrections_per_prompt',
  ])
  expect(chosen(now).map(([metric]) => metric)).toEqual(['friction_cost_share', 'error_rate'])
})
