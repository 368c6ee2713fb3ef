import { expect, test } from 'vitest'
import { clearTranscript } from '../../pipeline/facets/clear-transcript.js'
import { excerpt, type Sample, sampleTranscript } from '../../pipeline/facets/sample.js'
import type { Transcript } from '../../pipeline/transcript.js'
import { config } from './asking.js'
import { agent, bash, call, edit, human, inputOf, note, refused, talk } from './talk.js'

const cleared = (transcript: Transcript) => clearTranscript(inputOf(transcript), config)
const sampled = (transcript: Transcript, maxChars = 36_000) => sampleTranscript(cleared(transcript), maxChars)

const short = talk(
  human('Fix the login form'),
  edit('/home/kim/shop/login.ts'),
  bash('npm test', 'one\nTests: 2 failed, 7 passed', true),
  bash('npm test', 'Tests: 9 passed'),
  refused('Bash', { command: 'git push' }, ' the user said:\nnot yet'),
  note('[Request interrupted by user]'),
  human('thanks, that is all'),
  agent('The form works.'),
)

test('a short session is shown whole, a call that went well on one line with its answer', () => {
  const { lines } = whole(sampled(short))
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    { n: 1, from: 'person', text: 'Fix the login form' },
    { n: 2, from: 'agent', calls: ['Edit: ~/shop/login.ts → ok [3]'] },
    { n: 4, from: 'agent', calls: ['Bash: npm test → failed [5]'] },
    { n: 5, from: 'tool', call: 'Bash: npm test', result: 'failed', text: 'one\nTests: 2 failed, 7 passed' },
    { n: 6, from: 'agent', calls: ['Bash: npm test → ok [7] Tests: 9 passed'] },
    { n: 8, from: 'agent', calls: ['Bash: git push → refused [9]'] },
    {
      n: 9,
      from: 'tool',
      call: 'Bash: git push',
      result: 'refused',
      text: "The user doesn't want to proceed with this tool use. the user said:\nnot yet",
    },
    { n: 10, from: 'log', text: '[Request interrupted by user]' },
    { n: 11, from: 'person', text: 'thanks, that is all' },
    { n: 12, from: 'agent', text: 'The form works.' },
  ])
})

test('what a tool read from a file is not sent, whatever its length', () => {
  const { lines } = whole(sampled(talk(human('Read it'), call('Read', { file_path: 'a.md' }, 'inner words'))))
  expect(lines.join('\n')).not.toContain('inner words')
})

test('a tool that fails may quote no more of a file than an excerpt', () => {
  const { lines } = whole(sampled(talk(human('Run it'), bash('cat a.md', 'x '.repeat(5000), true))))
  expect(lines.find((line) => line.includes('"n":3'))!.length).toBeLessThan(700)
})

const words = (count: number, seed: number) =>
  Array.from({ length: count }, (_, i) => `word${(i * 7 + seed) % 31}`).join(' ')

/** A session of which the size of everything follows from one number. */
function sized(seed: number): Transcript {
  const promptCount = 1 + (seed % 9)
  return talk(
    ...Array.from({ length: promptCount }, (_, i) => [
      human(words(3 + ((seed * (i + 3)) % 220), i)),
      agent(words((seed * 13 + i) % 90, i)),
      ...Array.from({ length: (seed + i) % 6 }, (_, j) =>
        bash(`run ${words((seed + j) % 30, j)}`, words((seed * j) % 200, j), (seed + i + j) % 4 === 0),
      ).flat(),
      ...edit(`/home/kim/shop/${i}.ts`),
      agent(words((seed * 5) % 60, i)),
    ]),
  )
}

const cases = Array.from({ length: 60 }, (_, seed) => [seed, [3000, 6000, 36_000][seed % 3]!] as const)

test('both kinds of sample occur among the cases below', () => {
  const kinds = cases.map(([seed, maxChars]) => sampled(sized(seed), maxChars).kind)
  expect(new Set(kinds)).toEqual(new Set(['whole', 'parts']))
})

test.each(cases)(
  'session %i in %i characters: within the budget, no prompt lost, ordinals true',
  (seed, maxChars) => {
    const transcript = sized(seed)
    const sample = sampled(transcript, maxChars)
    const groups = sample.kind === 'whole' ? [sample.lines] : sample.parts.map(({ lines }) => lines)
    for (const lines of groups) expect(lines.join('\n').length).toBeLessThanOrEqual(maxChars)
    const told = groups.flatMap((lines) => lines.map((line) => JSON.parse(line) as Shown))
    const shown = told.filter((line) => typeof line !== 'string')
    const humans = transcript.messages.filter(({ role }) => role === 'human')
    expect(shown.filter(({ from }) => from === 'person').map(({ n }) => n)).toEqual(
      humans.map(({ ordinal }) => ordinal),
    )
    for (const { n, text } of shown) {
      const message = transcript.messages.find(({ ordinal }) => ordinal === n)!
      expect(message.text.startsWith((text ?? '').split(' [… ')[0]!.replace(/…$/, ''))).toBe(true)
    }
    expect(accounted(told)).toEqual(transcript.messages.map(({ ordinal }) => ordinal))
    if (sample.kind === 'parts') {
      expect(sample.opening.join('\n').length + sample.end.join('\n').length).toBeLessThanOrEqual(
        maxChars / 2,
      )
    }
  },
)

test('sampling again gives the same lines', () => {
  for (const [seed, maxChars] of cases.slice(0, 9))
    expect(sampled(sized(seed), maxChars)).toEqual(sampled(sized(seed), maxChars))
})

test('an excerpt says how much is left out, and counts what escaping adds', () => {
  const cut = excerpt('a'.repeat(300), 100)
  const [, head, count, tail] = /^(a+) \[… (\d+) characters left out …\] (a+)$/.exec(cut)!
  expect(head!.length + Number(count) + tail!.length).toBe(300)
  expect(cut.length).toBeLessThanOrEqual(100)
  expect(JSON.stringify(excerpt('\n'.repeat(300), 100)).length).toBeLessThanOrEqual(102)
  expect(excerpt('short', 100)).toBe('short')
})

interface Message {
  readonly n: number
  readonly from: string
  readonly text?: string
  readonly calls?: readonly string[]
}
type Shown = Message

/** Every ordinal that is shown, shown with its call, or said to be left out; in order. */
function accounted(told: readonly (Shown | string)[]): number[] {
  const ordinals = told.flatMap((line) => {
    if (typeof line === 'string') return range(/left out: (\d+)(?: to (\d+))?\]$/.exec(line)!)
    const answers = (line.calls ?? []).flatMap((text) => /→ ok \[(\d+)\]/.exec(text)?.[1] ?? [])
    return [line.n, ...answers.map(Number)]
  })
  return ordinals.sort((a, b) => a - b)
}

function range([, first, last = first]: RegExpExecArray): number[] {
  return Array.from({ length: Number(last) - Number(first) + 1 }, (_, i) => Number(first) + i)
}

function whole(sample: Sample): Extract<Sample, { kind: 'whole' }> {
  if (sample.kind !== 'whole') throw new Error('expected a sample in one piece, got parts')
  return sample
}
