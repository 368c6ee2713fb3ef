import { expect, test } from 'vitest'
import {
  ownFrictionCounts,
  ownGoalCategories,
  ownSatisfactionCounts,
  ownSessionType,
} from '../../pipeline/facets/vocabulary.js'

test('foreign friction names are counted under ours, zeros left out', () => {
  const foreign = {
    misunderstanding: 2,
    misunderstood_request: 1,
    'Buggy Code': 1,
    no_results: 0,
    odd_kind: 1,
  }
  expect(ownFrictionCounts(foreign)).toEqual({ misunderstood_request: 3, buggy_code: 1, wrong_approach: 1 })
})

test('foreign goals without a counterpart are other', () => {
  expect(ownGoalCategories({ debugging: 1, code_review: 2, gardening: 1 })).toEqual({
    fix_bug: 1,
    review_code: 2,
    other: 1,
  })
})

test('foreign satisfaction and session types find their names, or none', () => {
  expect(ownSatisfactionCounts({ happy: 1, unsure: 1 })).toEqual({ satisfied: 1, neutral: 1 })
  expect(ownSessionType('single_task')).toBe('single_task')
  expect(ownSessionType('iterative')).toBe('iterative_refinement')
  expect(ownSessionType('constructor')).toBeNull()
})
