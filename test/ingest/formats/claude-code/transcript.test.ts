import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readTranscript } from '../../../../pipeline/ingest/formats/claude-code/transcript.js'
import type { Transcript } from '../../../../pipeline/transcript.js'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'transcript-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

let lineNumber = 0
function entry(type: string, fields: object): object {
  lineNumber += 1
  const timestamp = new Date(Date.UTC(2026, 1, 2, 9, 0, lineNumber)).toISOString()
  return { type, uuid: `u${lineNumber}`, sessionId: 's1', timestamp, ...fields }
}
const user = (content: unknown, fields: object = {}): object =>
  entry('user', { message: { role: 'user', content }, ...fields })
const assistant = (id: string, blocks: readonly object[], fields: object = {}): object =>
  entry('assistant', {
    message: { id, role: 'assistant', model: 'claude-sonnet-4-5', content: blocks },
    ...fields,
  })
const text = (words: string): object => ({ type: 'text', text: words })
const toolUse = (id: string, input: object): object => ({ type: 'tool_use', id, name: 'Bash', input })
const toolResult = (id: string, content: unknown, is_error = false): object => ({
  type: 'tool_result',
  tool_use_id: id,
  content,
  is_error,
})

function read(lines: readonly (object | string)[]): Promise<Transcript> {
  const file = join(folder, `${lineNumber}.jsonl`)
  writeFileSync(
    file,
    lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n'),
  )
  return readTranscript([file], 's1')
}

const gist = ({ messages }: Transcript): string[] =>
  messages.map(({ role, text: words }) => `${role}: ${words}`)

test('lines that share a message id are one message with all its blocks, each once', async () => {
  const transcript = await read([
    user('Water the beds'),
    assistant('m1', [{ type: 'thinking', thinking: 'hm' }]),
    assistant('m1', [text('On it.')]),
    assistant('m1', [text('On it.'), toolUse('t1', { command: 'ls' })]),
    user([toolResult('t1', [text('beds.txt')])]),
    assistant('m1', [toolUse('t2', { command: 'cat beds.txt' })]),
    user([toolResult('t2', 'no such file', true)]),
  ])
  expect(gist(transcript)).toEqual([
    'human: Water the beds',
    'assistant: On it.',
    'tool: beds.txt',
    'tool: no such file',
  ])
  expect(transcript.messages.map(({ ordinal }) => ordinal)).toEqual([1, 2, 3, 4])
  expect(transcript.messages[1]?.toolCalls).toEqual([
    { id: 't1', name: 'Bash', input: { command: 'ls' }, isError: false },
    { id: 't2', name: 'Bash', input: { command: 'cat beds.txt' }, isError: false },
  ])
  expect(transcript.messages[3]?.toolCalls).toEqual([{ id: 't2', name: 'Bash', input: {}, isError: true }])
})

test('what nobody typed is no human message', async () => {
  const transcript = await read([
    user('<local-command-caveat>Caveat</local-command-caveat>', { isMeta: true }),
    user(
      '<command-name>/compact</command-name><command-message>compact</command-message><command-args></command-args>',
    ),
    user('<local-command-stdout>done</local-command-stdout>'),
    user([text('<ide_opened_file>a.ts</ide_opened_file>'), text('Rename this file')]),
    user([text('[Request interrupted by user for tool use]')]),
    user('This session is being continued from a previous conversation', { isCompactSummary: true }),
    user('Stop hook feedback: lint failed'),
    user([{ type: 'image', source: {} }]),
  ])
  expect(gist(transcript)).toEqual([
    'note: /compact',
    'human: Rename this file',
    'note: [Request interrupted by user for tool use]',
    'note: Conversation compacted',
    'human: [image]',
  ])
})

test('what was typed while the agent worked is a human message', async () => {
  const attachment = { type: 'queued_command', prompt: 'and the roses' }
  expect(gist(await read([entry('attachment', { attachment })]))).toEqual(['human: and the roses'])
})

test('sub-agents, repeated lines and empty answers are left out, an API error is a note', async () => {
  const prompt = user('Plan the beds')
  const transcript = await read([
    prompt,
    prompt,
    user('Look at the soil', { isSidechain: true }),
    assistant('m2', [text('API Error: 529')], { isApiErrorMessage: true }),
    entry('assistant', {
      message: { id: 'm3', model: '<synthetic>', content: [text('No response requested.')] },
    }),
  ])
  expect(gist(transcript)).toEqual(['human: Plan the beds', 'note: API Error: 529'])
})

test('glued objects are both read, a line that was cut off is passed over', async () => {
  const glued = JSON.stringify(user('one')) + JSON.stringify(user('two'))
  const transcript = await read([
    glued,
    JSON.stringify(user('lost')).slice(0, -9),
    '',
    'not JSON',
    user('three'),
  ])
  expect(gist(transcript)).toEqual(['human: one', 'human: two', 'human: three'])
})

test("the title is the one given, else the summary of one of the session's own lines", async () => {
  const own = user('Plan the beds', { uuid: 'leaf' })
  const summary = { type: 'summary', summary: 'Bed planning', leafUuid: 'leaf' }
  const foreign = { type: 'summary', summary: 'Something else', leafUuid: 'elsewhere' }
  expect((await read([foreign, summary, own])).title).toBe('Bed planning')
  expect((await read([foreign, user('x')])).title).toBeNull()
  expect((await read([summary, own, { type: 'custom-title', customTitle: 'Beds' }])).title).toBe('Beds')
})

test('a session in several files is read in the order given', async () => {
  const files = ['b', 'a'].map((name) => join(folder, `${name}.jsonl`))
  for (const [i, file] of files.entries()) writeFileSync(file, JSON.stringify(user(`part ${i + 1}`)))
  expect(gist(await readTranscript(files, 's1'))).toEqual(['human: part 1', 'human: part 2'])
})
