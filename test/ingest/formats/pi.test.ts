// pi's sessions, read by the format alone.
import { describe, expect, it } from 'vitest'
import { leftBranches } from '../../../pipeline/ingest/formats/pi/branches.js'
import { pi } from '../../../pipeline/ingest/formats/pi/format.js'
import { readEntryTranscript } from '../../../pipeline/ingest/read-entries.js'
import { expectedOf, fixtureHome, fixtureNames, readHome, totalsOf } from './read-home.js'

const read = (name: string) => readHome(pi, fixtureHome('pi', name))
const id = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`

describe('fixtures of pi', () => {
  it.each(fixtureNames('pi'))('%s', async (name) => {
    expect(totalsOf(await read(name))).toMatchObject(expectedOf('pi', name))
  })
})

describe('pi’s sessions', () => {
  it('tell usage and cost of each reply', async () => {
    const calls = (await read('version-1')).said.flatMap(({ entry }) =>
      entry.kind === 'llm_call' ? [entry] : [],
    )
    expect(calls.map(({ model, at, loggedCostUsd }) => [model, at, loggedCostUsd])).toEqual([
      ['claude-sonnet-4-5', '2025-11-20T10:00:05.000Z', '0.0021'],
      ['claude-sonnet-4-5', '2025-11-20T10:01:05.000Z', '0.0035'],
      ['claude-sonnet-4-5', '2025-11-20T10:01:15.000Z', '0.00412345'],
      ['claude-sonnet-4-5', '2025-11-20T10:01:22.000Z', '0.001'],
    ])
  })

  it('tell the lines of an edit, and that a file was written', async () => {
    const edits = (await read('version-1')).said.flatMap(({ entry }) =>
      entry.kind === 'tool_result' && entry.edit !== null ? [entry.edit] : [],
    )
    expect(edits).toEqual([
      { operation: 'update', linesAdded: 2, linesDeleted: 1 },
      { operation: 'create', linesAdded: null, linesDeleted: null },
    ])
  })

  it('keep what a branch repeats in the session that had it first', async () => {
    const prompts = (await read('branched-version-1')).said.flatMap(({ session, entry }) =>
      entry.kind === 'prompt' ? [[session, entry.text]] : [],
    )
    expect(prompts).toEqual([
      [id(211), 'Draw the logo'],
      [id(211), 'Make it blue'],
      [id(212), 'Now red'],
    ])
  })

  it('have a title where they were given one, and a transcript of the thread that went on', async () => {
    const [file] = await pi.findFiles([fixtureHome('pi', 'version-3-tree')], () => {})
    const transcript = await readEntryTranscript(pi, [file?.path ?? ''], id(221))
    expect(transcript.title).toBe('Quick tests')
    expect(transcript.messages.map(({ role, text }) => `${role}: ${text}`)).toEqual([
      'human: Write a test',
      'assistant: Which kind?',
      'tool: Successfully wrote 2 bytes',
      'human: A quick one',
      'assistant: Written.',
    ])
  })

  it('have no cost where pi knows no price', async () => {
    const call = (await read('not-prompts')).said.find(({ entry }) => entry.kind === 'llm_call')?.entry
    expect(call).toMatchObject({ model: 'local', loggedCostUsd: null })
  })

  it('say of a bad line what was expected', async () => {
    const { logs } = await read('bad-lines')
    expect(logs[0]?.rejects.map(({ lineNumber, reason }) => `${lineNumber}: ${reason}`)).toEqual([
      '1: JSON object at column 1 is cut off',
      '3: expected a whole number in input',
      '6: expected objects in message.content',
      '7: expected an object in message',
      '8: expected text in message.role',
    ])
  })
})

describe('branches that were left', () => {
  const tree = (text: string) =>
    text.split(' ').map((pair) => ({ id: pair[0] ?? '', parentId: pair[1] === '-' ? null : (pair[1] ?? '') }))

  it.each([
    ['none in a line', 'a- ba cb', ''],
    ['the earlier of two', 'a- ba cb da ed', 'bc'],
    ['the later, where the thread returned to the earlier', 'a- ba ca db', 'c'],
    ['a whole beginning', 'a- ba c- dc', 'ab'],
    ['the earlier of two on a branch that was left itself', 'a- ba cb db ea', 'bcd'],
    ['none for want of a bad line', 'a- ba dc ed', ''],
    ['none, however lines point at each other', 'ab ba', ''],
  ])('%s', (_, lines, left) => {
    expect([...leftBranches(tree(lines))].sort().join('')).toBe(left)
  })
})
