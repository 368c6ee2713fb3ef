import { describe, expect, it } from 'vitest'
import type { Config } from '../../../pipeline/config.js'
import { gemini } from '../../../pipeline/ingest/formats/gemini/format.js'
import { fixtureNames, readExpected, readFixture, totalsOf } from './fixture-entries.js'

const read = (name: string) => readFixture(gemini, '.gemini/tmp', name)

describe('Gemini fixtures', () => {
  it.each(fixtureNames('gemini'))('%s gives the expected totals', async (name) => {
    const expected = readExpected('gemini', name)
    const { why, given, ...totals } = expected
    expect(totalsOf(await read(name), expected), String(why)).toEqual(totals)
  })
})

describe('where Gemini keeps its logs', () => {
  it('follows GEMINI_CLI_HOME', () => {
    const at = (agentEnv: Record<string, string>) =>
      gemini.usualPlaces({ home: '/home/ada', agentEnv } as unknown as Config)
    expect(at({})).toEqual(['/home/ada/.gemini/tmp'])
    expect(at({ GEMINI_CLI_HOME: '/data' })).toEqual(['/data/.gemini/tmp'])
  })
})

describe('a Gemini log', () => {
  it('has tool calls from their call to their answer, and the lines of an edit', async () => {
    const { told } = await read('one-document')
    const entries = told.map(({ entry }) => entry)
    expect(
      entries.filter(({ kind }) => kind === 'tool_call').map((entry) => 'at' in entry && entry.at),
    ).toEqual(['2026-02-02T09:00:04.001Z', '2026-02-02T09:00:08.002Z'])
    expect(entries.find((entry) => entry.kind === 'tool_result' && entry.edit !== null)).toMatchObject({
      at: '2026-02-02T09:00:09.000Z',
      edit: { operation: 'update', linesAdded: 2, linesDeleted: 1 },
    })
  })

  it('tells why tools failed', async () => {
    const { told } = await read('failed-tools')
    const kinds = told.flatMap(({ entry }) => (entry.kind === 'tool_result' ? [entry.errorKind] : []))
    expect(kinds).toEqual(['command_failed', null, 'rejected'])
  })

  it('has the directory and the title that lines may say later', async () => {
    const { told } = await read('one-object-a-line')
    expect(told.map(({ entry }) => entry)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ kind: 'setting', workingDirectory: '/home/ada/shop' }),
        { kind: 'title', text: 'Listing files' },
      ]),
    )
  })

  it('keeps only what was typed of a prompt, and tells commands from paths', async () => {
    const { told } = await read('not-typed')
    expect(told.map(({ entry }) => entry).filter(({ kind }) => kind === 'prompt')).toMatchObject([
      { text: 'Explain @a.ts' },
      { text: '/home/ada/shop is slow' },
    ])
    expect(told.find(({ entry }) => entry.kind === 'command')?.entry).toMatchObject({ name: '/compress' })
  })

  it("makes a sub-agent's session one below that of its parent, with the agent's name at the call", async () => {
    const { told } = await read('sub-agent')
    const main = '00000000-0000-4000-8000-000000000001'
    expect(told.map(({ session }) => session)).toContainEqual({
      id: `${main}/codebase_investigator-1`,
      parentId: main,
    })
    expect(told.find(({ entry }) => entry.kind === 'tool_call')?.entry).toMatchObject({
      delegatedAgent: 'codebase_investigator',
    })
  })

  it('says which field was not what it must be', async () => {
    expect((await read('bad-lines')).rejects).toEqual(
      expect.arrayContaining([
        'expected a whole number in tokens.input',
        'expected an instant from 1970 to 2199 in timestamp',
        'JSON object at column 1 is cut off',
      ]),
    )
  })
})
