import { expect, test } from 'vitest'
import { humanText, slashCommand } from '../../../../pipeline/ingest/formats/claude-code/prompt-text.js'

test.each([
  ['Plan the beds', 'Plan the beds'],
  [
    '<system-reminder>\nmind\n</system-reminder>\n<ide_selection>x</ide_selection>\n  Plan the beds ',
    'Plan the beds',
  ],
  ['<div>is this valid?</div>', '<div>is this valid?</div>'],
  ['why <system-reminder>?', 'why <system-reminder>?'],
])('%j is the words %j', (raw, expected) => {
  expect(humanText(raw)).toBe(expected)
})

test.each([
  '',
  '  \n',
  '<command-name>/clear</command-name>',
  '<system-reminder>never closed',
  '[Request interrupted by user]',
  '<debrief-extraction version="1">What was this about?</debrief-extraction>',
  'This session is being continued from a previous conversation that ran out of context.',
])('%j was typed by nobody', (raw) => {
  expect(humanText(raw)).toBeNull()
})

test('a slash command is told with its arguments', () => {
  expect(slashCommand('<command-message>plan</command-message>\n<command-name>/plan</command-name>')).toBe(
    '/plan',
  )
  expect(slashCommand('<command-name>/plan</command-name><command-args>roses</command-args>')).toBe(
    '/plan roses',
  )
  expect(slashCommand('plan the roses')).toBeNull()
})
