// What the demo's developer and agent say to each other.
import type { StoryKind } from './projects.js'
import type { Random } from './random.js'

const openings: Readonly<Record<StoryKind, readonly string[]>> = {
  implement: [
    'Add {topic}.',
    'I would like {topic}. Please start with a test.',
    'Please implement {topic}, keep it small.',
  ],
  fix: ['Please fix {topic}.', 'We have a bug report about {topic}. Find the cause and fix it.'],
  refactor: ['Refactor {topic}. The behaviour stays the same.'],
  tests: ['Write tests for {topic}.', 'The tests do not cover {topic}. Please add some.'],
  docs: ['Document {topic} in the README.', 'Explain {topic} in the docs, with one example.'],
  explore: ['How does {topic} work? Do not change anything yet.', 'Walk me through {topic}.'],
  research: [
    'Find out {topic} and tell me what you would choose.',
    'Look into {topic}. A short comparison is enough.',
  ],
  config: ['Set up {topic}.', 'Please configure {topic} for this repository.'],
}

const titles: Readonly<Record<StoryKind, string>> = {
  implement: 'Add {topic}',
  fix: 'Fix {topic}',
  refactor: 'Refactor {topic}',
  tests: 'Test {topic}',
  docs: 'Document {topic}',
  explore: 'Explain {topic}',
  research: 'Research {topic}',
  config: 'Set up {topic}',
}

export function openingPrompt(kind: StoryKind, topic: string, random: Random): string {
  return random.pick(openings[kind]).replace('{topic}', topic)
}

export function storyTitle(kind: StoryKind, topic: string): string {
  return titles[kind].replace('{topic}', topic)
}

export const followUps: readonly string[] = [
  'Now handle the empty case too.',
  'Can you also update the changelog?',
  'What happens when the file is missing?',
  'Please use the names that the rest of the code uses.',
  'Add one test for the longest input.',
  'Make the error message say what was expected.',
  'And show me the result for a small example.',
]

export const corrections: readonly string[] = [
  "No, that's not what I meant. The file format must stay as it is.",
  "That's wrong, please revert the last change.",
  'You changed too much. Keep the public functions as they were.',
  'No, use the existing helper instead of a new one.',
  'I asked for the smaller change. Please undo the rest.',
]

export const thanks: readonly string[] = [
  'Thanks, perfect!',
  'Great, that works.',
  'Perfect, thank you.',
  'Looks good, thanks.',
]

export const givingUp: readonly string[] = [
  "It's still failing. I will look at it myself tomorrow.",
  'Leave it for now, this takes too long.',
]

export const rejectionReasons: readonly string[] = [
  'please show me the plan first',
  'do not touch this file',
  'use a smaller change here',
]

export const thoughts: readonly string[] = [
  'The request is clear. I read the module first and then change one function.',
  'There are two places that could cause this. The tests will tell which one it is.',
  'A small change in one file should be enough, together with a test that fails without it.',
  'The names in this module follow a pattern, so the new function follows it too.',
]

export const narration: readonly string[] = [
  'I look at the code first.',
  'That explains it. I change the function now.',
  'Next come the tests.',
  'The change is in place, I run the tests.',
  'Let me check where this is used.',
]

export const conclusions: readonly string[] = [
  'Done. The change is small: one function and its test. All tests pass.',
  'The cause was a value that was rounded twice. It is rounded once now, and a test covers it.',
  'It works as you asked. I left the public functions as they were.',
  'Finished. Two files changed, nothing else is affected.',
]

export const explanations: readonly string[] = [
  'In short: the input is read once, kept sorted, and every page asks for its own slice.',
  'It has three steps: read, check and write. The check is the only one that can fail.',
  'The state lives in one place, and the views only read from it.',
]
