import { expect, test } from 'vitest'
import { frictionKinds, outcomes } from '../../pipeline/facets/schema.js'
import {
  compareFacets,
  type JudgedFacets,
  kappaOf,
  type Label,
  labelledFrictions,
  outcomeSteps,
  parseLabels,
} from './agreement.mjs'
import { formatComparison } from './table.mjs'

const times = (count: number, a: string, b: string): [string, string][] =>
  Array.from({ length: count }, () => [a, b])

test('kappa is agreement beyond chance, by the textbook example', () => {
  const pairs = [
    ...times(20, 'yes', 'yes'),
    ...times(5, 'yes', 'no'),
    ...times(10, 'no', 'yes'),
    ...times(15, 'no', 'no'),
  ]
  expect(kappaOf(pairs)).toBeCloseTo(0.4, 10)
})

test('kappa is 1 where all agree, 0 where one always says the same, and unknown where both do', () => {
  expect(kappaOf([...times(2, 'a', 'a'), ...times(3, 'b', 'b')])).toBeCloseTo(1, 10)
  expect(kappaOf([...times(3, 'a', 'a'), ...times(2, 'b', 'a')])).toBeCloseTo(0, 10)
  expect(kappaOf(times(4, 'a', 'a'))).toBeNull()
  expect(kappaOf([])).toBeNull()
})

const label = (changes: Partial<Label>): Label => ({
  session_id: 's',
  frictions: [],
  outcome: 'fully_achieved',
  goal_category: 'docs',
  course_corrections: 0,
  session_cut_short: false,
  ...changes,
})
const facets = (changes: Partial<JudgedFacets>): JudgedFacets => ({
  outcome: 'fully_achieved',
  goal_categories: { docs: 2 },
  session_type: null,
  user_satisfaction_counts: null,
  claude_helpfulness: null,
  friction_counts: {},
  course_corrections: 0,
  retry_loops: null,
  session_cut_short: false,
  evidence: [],
  ...changes,
})
const pairs = [
  { label: label({}), facets: facets({}) },
  {
    label: label({ frictions: ['buggy_code'], course_corrections: 3 }),
    facets: facets({
      outcome: 'mostly_achieved',
      course_corrections: 2,
      friction_counts: { buggy_code: 2, no_results: 5 },
    }),
  },
  {
    label: label({ outcome: 'not_achieved', goal_category: 'fix_bug', frictions: ['buggy_code'] }),
    facets: facets({
      outcome: 'mostly_achieved',
      course_corrections: null,
      friction_counts: { loop_detected: 1 },
    }),
  },
  {
    label: label({ outcome: 'unclear_from_transcript', session_cut_short: true }),
    facets: facets({
      outcome: 'not_achieved',
      goal_categories: { docs: 1, fix_bug: 9 },
      evidence: [{ field: 'goal_categories', value: 'docs', ordinals: [1], quote: null, is_verified: true }],
    }),
  },
]

test('each field says how many sessions were compared and how many agree', () => {
  const { fields, sessionCount } = compareFacets(pairs)
  const share = (field: string, measure: string) =>
    fields.find((row) => row.field === field && row.measure === measure)
  expect(sessionCount).toBe(4)
  expect(share('outcome', 'exact')).toMatchObject({ n: 4, agreement: 0.25 })
  expect(share('outcome', 'within one step')).toMatchObject({ n: 4, agreement: 0.5, kappa: null, goal: 0.9 })
  expect(share('goal category', 'exact')).toMatchObject({ n: 4, agreement: 0.75 })
  expect(share('corrections', 'within one')).toMatchObject({ n: 4, agreement: 0.75 })
  expect(share('cut short', 'exact')).toMatchObject({ n: 4, agreement: 0.75 })
  expect(share('session type', 'exact')).toMatchObject({ n: 0, agreement: null, kappa: null })
  expect(share('friction kinds', 'each there or not')).toMatchObject({ n: 32, agreement: 30 / 32 })
})

test('each friction has its precision and recall, unknown where nothing was found or labelled', () => {
  const { frictions } = compareFacets(pairs)
  const row = (kind: string) => frictions.find((friction) => friction.kind === kind)
  expect(row('buggy_code')).toMatchObject({ labelled: 2, found: 1, both: 1, precision: 1, recall: 0.5 })
  expect(row('loop_detected')).toMatchObject({ labelled: 0, found: 1, both: 0, precision: 0, recall: null })
  expect(row('wrong_approach')).toMatchObject({ precision: null, recall: null })
})

test('the table floors shares and says which goals are met', () => {
  const lines = formatComparison(compareFacets(pairs)).split('\n')
  expect(lines.find((line) => line.includes('within one step'))).toMatch(
    /^\| outcome +\| within one step +\| 4 +\| 50 % +\| +\| ≥ 90 %, NOT MET \|$/,
  )
  expect(lines.find((line) => line.includes('goal category'))).toContain('≥ 60 %, met')
  expect(lines.find((line) => line.startsWith('| buggy_code'))).toMatch(/\| 2 +\| 1 +\| 1 +\| 100 % +\| 50 %/)
  expect(new Set(lines.slice(0, 3).map(({ length }) => length)).size).toBe(1)
})

test('labels are one a line, and a line that is none is named', () => {
  expect(
    parseLabels('{"session_id":"a","frictions":[]}\n\n{"session_id":"b","frictions":[]}\n'),
  ).toHaveLength(2)
  expect(() => parseLabels('{"session_id":"a","frictions":[]}\n{"session_id":7}')).toThrow(/on line 2/)
  expect(() => parseLabels('not JSON')).toThrow(/on line 1/)
})

test('the lists that the evaluation compares by are those of the schema', () => {
  expect([...outcomeSteps, 'unclear_from_transcript']).toEqual([...outcomes])
  expect(labelledFrictions).toEqual(frictionKinds.filter((kind) => kind !== 'no_results'))
})
