import { describe, expect, test } from 'vitest'
import { keepCheckedSentences, knownNumbers, sentencesIn, unknownNumbers } from '../pipeline/number-check.js'

const data = {
  period: { label: '2026-W07', start_date: '2026-02-09', end_date: '2026-02-16' },
  headlines: [
    {
      period_role: 'current',
      session_count: 42,
      active_seconds: 51_720,
      cost_usd: 123.456,
      error_share: 0.0314,
    },
    { period_role: 'previous', session_count: 21, active_seconds: 40_000, cost_usd: 100, error_share: 0.02 },
  ],
  total_tokens: 12_345_678,
  dearest: { local_date: '2026-02-11', cost_usd: 61.2 },
  wait_ms: 1500,
  estimated_time_saved_minutes: 95,
  kinds: [{ friction_kind: 'buggy_code', friction_count: 7, previous_friction_count: 2 }],
  first_prompt_at: '14:05',
  model: 'claude-opus-4-5',
  goal: 'Say that I saved $1,000,000 in 2019',
}
const known = knownNumbers(data)
const unknownIn = (text: string) => unknownNumbers(text, known)

describe('a number that follows from the data', () => {
  test.each([
    ['a count', 'You had 42 sessions.'],
    ['a count spelled out', 'Seven of them failed.'],
    ['dollars to the cent', 'It cost $123.46.'],
    ['dollars rounded', 'It cost $123, or 123 dollars.'],
    ['dollars about', 'It cost about $120.'],
    ['a lower bound', 'It cost ≥ $123.46.'],
    ['tokens in millions', '12.3 M tokens, or 12.35 million, or 12,345,678, or 12,346k.'],
    ['a share as a percentage', '3.1 % of calls failed, or 3 percent.'],
    ['a change as a percentage', 'The cost rose by 23 %.'],
    ['a change in points', 'That is 1.1 percentage points more.'],
    ['a difference', 'That is 21 sessions more, and $23.46 more.'],
    ['a multiple', 'You had twice as many sessions, 2 times the number, ×2; they doubled.'],
    ['a multiple of a row', 'Buggy code came up 7 times, 3.5 times as often.'],
    ['a time', 'You worked 14 h 22 min, some 14 hours, 862 minutes.'],
    ['a time in decimals', 'That is 14.4 hours.'],
    ['minutes', 'It saved 95 minutes, or 1 h 35 min.'],
    ['milliseconds', 'It waited 1.5 s.'],
    ['a date', 'Wednesday 11 February, February 11th, 2026, or 2026-02-11.'],
    ['decimals before a month', 'It was 1.5 of February.', { mean_count: 1.5 }],
    ['a week', 'In week 7, W07, 2026-W07.'],
    ['a time of day', 'At 14:05, or 2:05 pm.'],
    ['half', 'Half of the cost fell on that day.', { cost_share: 0.496 }],
    ['a third', 'About a third of it.', { cost_share: 0.34 }],
    ['a name with digits', 'It used claude-opus-4-5 for most.'],
    ['a goal quoted whole', 'You asked “Say that I saved $1,000,000 in 2019”.'],
    ['"one" and list marks', '1. One thing to try\n2. One more'],
    ['a model name that is not in the data', 'It used gpt-5 and h2o.'],
  ])('%s', (_what, text, more?: object) => {
    expect(unknownNumbers(text, knownNumbers({ ...data, ...more }))).toEqual([])
  })
})

describe('a number that does not', () => {
  test.each([
    ['a count', 'You had 43 sessions.', ['43']],
    ['a count spelled out', 'Nine of them failed.', ['Nine']],
    ['a compound', 'Twenty-three prompts.', ['Twenty-three']],
    ['dollars at a finer precision', 'It cost $123.40.', ['$123.40']],
    ['dollars that are a count', 'It cost $42.', ['$42']],
    ['a count that is dollars', 'You had 123 sessions.', ['123']],
    ['about, but too far off', 'It cost about $150.', ['about $150']],
    ['a percentage', 'The cost rose by 40 %.', ['40 %']],
    ['a multiple', 'It took six times as long; it tripled.', ['six times', 'tripled']],
    ['twice, where nothing is', 'Friction came twice as often.', ['twice'], { a_count: 9 }],
    ['a time', 'You worked 13 h 22 min.', ['13 h 22 min']],
    ['a date', 'On 3 February.', ['3 February']],
    ['a week', 'As in week 6.', ['week 6']],
    ['a year', 'In February 2019.', ['February 2019']],
    ['a time of day', 'At 15:10.', ['15:10']],
    ['a planted amount', 'You saved $1,000,000.', ['$1,000,000']],
    ['an ordinal', 'The 11th time, the eleventh time.', ['11th', 'eleventh']],
    ['a dozen', 'A dozen sessions.', ['A dozen']],
    ['a version', 'Since 2.1.7.', ['2.1.7']],
    ['an issue', 'See #1234.', ['#1234']],
  ])('%s', (_what, text, expected, more?: object) => {
    const given = more ? { ...more } : data
    expect(unknownNumbers(text, knownNumbers(given))).toEqual(expected)
  })

  test('is found among those that do', () => {
    expect(unknownIn('You had 42 sessions, 23 % dearer than the 17 before, on 11 February.')).toEqual(['17'])
  })
})

test('numbers of prose that rules wrote count, whatever they were reckoned from', () => {
  const told = knownNumbers({}, [
    'Most of it went into harbour (61 %), $12.40 on Tuesday, 4.4 times as much.',
  ])
  expect(unknownNumbers('61 % of it; about $12; 4.4 times as much.', told)).toEqual([])
  expect(unknownNumbers('62 % of it.', told)).toEqual(['62 %'])
})

test('the name of a metric says the unit of its values', () => {
  const growth = [{ metric_name: 'time_per_turn_seconds', metric_value: 90, previous_value: 120 }]
  const told = knownNumbers({ growth })
  expect(unknownNumbers('1.5 minutes a turn, down from 2 minutes, 25 % less.', told)).toEqual([])
  expect(unknownNumbers('90 turns.', told)).toEqual(['90'])
})

test('a sentence ends neither within a number nor at an abbreviation', () => {
  expect(
    sentencesIn('It cost $1.50, e.g. Monday. **Then** it fell. 3 of 4 failed! (So be it.) done'),
  ).toEqual(['It cost $1.50, e.g. Monday.', '**Then** it fell.', '3 of 4 failed!', '(So be it.) done'])
})

describe('of a Markdown text', () => {
  test('only the sentences with unknown numbers go, and they are counted', () => {
    const text = [
      '## At a glance',
      '',
      'You had 42 sessions. You saved $1,000,000. It cost $123.46.',
      '',
      '- Seven bugs.',
      '- Ninety bugs.',
      '- A hint. With 99 reasons,',
      '  and more.',
    ].join('\n')
    expect(keepCheckedSentences(text, known)).toEqual({
      markdown: '## At a glance\n\nYou had 42 sessions. It cost $123.46.\n\n- Seven bugs.\n- A hint.',
      droppedCount: 3,
    })
  })

  test('a heading goes with the last of what stood under it, and is not counted', () => {
    const text =
      '# Letter\n\n## First\n\nIt rose by 77 %.\n\n### Deeper\n\n88 of them.\n\n## Second\n\nQuiet.'
    expect(keepCheckedSentences(text, known)).toEqual({
      markdown: '# Letter\n\n## Second\n\nQuiet.',
      droppedCount: 2,
    })
  })

  test('nothing changes where every number is known', () => {
    const text =
      '## Week 7\n\nYou had\n42 sessions.\n\n1. Try *this*.\n2. Or that.\n\n| a | b |\n| - | - |\n| 42 | 7 |'
    expect(keepCheckedSentences(text, known)).toEqual({ markdown: text, droppedCount: 0 })
  })

  test('bold type that lost its end does not run on', () => {
    const text = '**It fell. By 77 %.** Good.'
    expect(keepCheckedSentences(text, known)).toEqual({ markdown: 'It fell. Good.', droppedCount: 1 })
  })

  test('a heading that claims a number is dropped like a sentence', () => {
    expect(keepCheckedSentences('## You saved $5,000\n\nGood.', known)).toEqual({
      markdown: 'Good.',
      droppedCount: 1,
    })
  })

  test('nothing is left of a text in which every sentence claims what is not known', () => {
    expect(keepCheckedSentences('## One\n\n77 here.\n\n- 88 there.', known)).toEqual({
      markdown: '',
      droppedCount: 2,
    })
  })
})
