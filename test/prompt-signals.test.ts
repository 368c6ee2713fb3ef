import { expect, test } from 'vitest'
import { complaintPattern, correctionPattern, thanksPattern } from '../pipeline/prompt-signals.js'
import { openDatabase } from '../pipeline/warehouse/db.js'

const corrections = [
  'no, use tabs',
  'No',
  'nope',
  "that's not what I asked for",
  'ok, but we need the old name too',
  'Looks nice. But why is the border red?',
  'the second column is not correct',
  'sorry, my point is: the list must be sorted',
  'actually, keep it',
  "Good start.\ndon't touch the tests",
  'wait',
  'why did you remove the comment?',
  'I meant the other file',
  'you forgot the migration',
]
const others = [
  'now add a test',
  'node 22 please',
  'nothing else',
  'notes go into the README',
  'continue',
  'yes',
  'add a button that does not submit',
  'commit and push',
  'Implement the watering calendar. It shows a month.',
  'show me what it does instead of nothing',
]

test.each(corrections)('"%s" is a correction', (prompt) => {
  expect(new RegExp(correctionPattern, 'i').test(prompt)).toBe(true)
})

test.each(others)('"%s" is not a correction', (prompt) => {
  expect(new RegExp(correctionPattern, 'i').test(prompt)).toBe(false)
})

test('thanks and complaints are told apart', () => {
  const kindsOf = (prompt: string): boolean[] =>
    [thanksPattern, complaintPattern].map((pattern) => new RegExp(pattern, 'i').test(prompt))
  expect(kindsOf('thanks, that works now')).toEqual([true, false])
  expect(kindsOf('Perfect!')).toEqual([true, false])
  expect(kindsOf('it still fails on Monday')).toEqual([false, true])
  expect(kindsOf('the form is not working')).toEqual([false, true])
  expect(kindsOf('add a greeting')).toEqual([false, false])
})

test('DuckDB reads the patterns as JavaScript does', async () => {
  const db = await openDatabase(':memory:')
  const prompts = [...corrections, ...others, 'thanks', 'it still fails']
  for (const pattern of [correctionPattern, thanksPattern, complaintPattern])
    for (const prompt of prompts) {
      const [row] = await db.rows('select regexp_matches($1::varchar, $2::varchar) as is_match', [
        prompt,
        `(?i)${pattern}`,
      ])
      expect([prompt, row?.is_match]).toEqual([prompt, new RegExp(pattern, 'i').test(prompt)])
    }
  db.close()
})
