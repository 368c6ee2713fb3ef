import { mkdtempSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Config } from '../../../pipeline/config.js'
import { opencode } from '../../../pipeline/ingest/formats/opencode/format.js'
import { readEntryTranscript } from '../../../pipeline/ingest/read-entries.js'
import { fixtureHome, fixtureNames, readExpected, readFixture, totalsOf } from './fixture-entries.js'

const read = (name: string) => readFixture(opencode, '.local/share/opencode/storage', name)

describe('OpenCode fixtures', () => {
  it.each(fixtureNames('opencode'))('%s gives the expected totals', async (name) => {
    const expected = readExpected('opencode', name)
    const { why, given, ...totals } = expected
    expect(totalsOf(await read(name), expected), String(why)).toEqual(totals)
  })
})

describe('where OpenCode keeps its logs', () => {
  it('follows XDG_DATA_HOME', () => {
    const at = (agentEnv: Record<string, string>) =>
      opencode.usualPlaces({ home: '/home/ada', agentEnv } as unknown as Config)
    expect(at({})).toEqual(['/home/ada/.local/share/opencode/storage'])
    expect(at({ XDG_DATA_HOME: '/data' })).toEqual(['/data/opencode/storage'])
  })

  it('is one log of a session, its messages and their parts, in order, with the size of all', async () => {
    const storage = join(fixtureHome('opencode', 'storage-tree'), '.local', 'share', 'opencode', 'storage')
    const [log, ...others] = await opencode.findFiles([storage], () => {})
    expect(others).toEqual([])
    expect(log?.members?.slice(0, 4).map((path) => relative(storage, path))).toEqual([
      'session/global/ses_2000000000aaaaAAAA.json',
      'message/ses_2000000000aaaaAAAA/msg_0001.json',
      expect.stringMatching(/^part\/msg_0001\//),
      'message/ses_2000000000aaaaAAAA/msg_0002.json',
    ])
    expect(log?.members).toEqual(await opencode.membersOf?.(log?.path ?? ''))
    expect(log?.sizeBytes).toBe(log?.members?.reduce((sum, path) => sum + statSync(path).size, 0))
  })
})

describe('an OpenCode log', () => {
  it('says the same as an export and as a tree of files', async () => {
    expect((await read('exported-document')).told).toEqual((await read('storage-tree')).told)
  })

  it('knows where a patch of one file went, and how many lines it changed', async () => {
    const { told } = await read('storage-tree')
    expect(told.map(({ entry }) => entry)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          kind: 'tool_call',
          input: { patchText: '*** Begin Patch', filePath: '/home/ada/shop/cart.ts' },
        }),
        expect.objectContaining({
          kind: 'tool_result',
          edit: { operation: 'update', linesAdded: 4, linesDeleted: 1 },
        }),
      ]),
    )
  })

  it('gives a patch of several files the lines of all and the path of the first', async () => {
    const { told } = await read('patches')
    const entries = told.map(({ entry }) => entry)
    expect(entries.flatMap((entry) => (entry.kind === 'tool_call' ? [entry.input.filePath] : []))).toEqual([
      '/home/ada/shop/till.ts',
      '/home/ada/shop/cart.ts',
    ])
    expect(entries.flatMap((entry) => (entry.kind === 'tool_result' ? [entry.edit] : []))).toEqual([
      { operation: 'update', linesAdded: 6, linesDeleted: 5 },
      null,
    ])
  })

  it('hangs sub-agents of sub-agents on the main session', async () => {
    const { told } = await read('sub-agents')
    const main = 'ses_2000000000aaaaAAAA'
    expect(new Set(told.map(({ session }) => session.id))).toEqual(
      new Set([main, `${main}/ses_0900000000ccccCCCC`, `${main}/ses_0800000000ddddDDDD`]),
    )
    expect(new Set(told.map(({ session }) => session.parentId))).toEqual(new Set([null, main]))
  })

  it('names the bad file of a tree and reads the others', async () => {
    const { rejects } = await read('bad-files')
    expect(rejects).toEqual([
      expect.stringMatching(/^part\/msg_0002\/.*: JSON object at column 1 is cut off$/),
      'message/ses_2000000000aaaaAAAA/msg_0003.json: expected a whole number in tokens.input',
    ])
  })

  it('tells a conversation', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'debrief-'))
    const session = { id: 'ses_1', directory: '/home/ada', title: 'Hello', time: { created: 1000 } }
    const prompt = { info: { id: 'msg_1', sessionID: 'ses_1', role: 'user', time: { created: 2000 } } }
    const reply = { info: { id: 'msg_2', sessionID: 'ses_1', role: 'assistant', time: { created: 3000 } } }
    const document = {
      info: session,
      messages: [
        { ...prompt, parts: [{ type: 'text', text: 'Hi', messageID: 'msg_1' }] },
        { ...reply, parts: [{ type: 'text', text: 'Hello.', messageID: 'msg_2' }] },
      ],
    }
    const path = join(folder, 'ses_1.json')
    writeFileSync(path, JSON.stringify(document))
    expect(await readEntryTranscript(opencode, [path], 'ses_1')).toMatchObject({
      title: 'Hello',
      messages: [
        { role: 'human', text: 'Hi', at: '1970-01-01T00:00:02.000Z' },
        { role: 'assistant', text: 'Hello.', at: '1970-01-01T00:00:03.000Z' },
      ],
    })
  })
})
