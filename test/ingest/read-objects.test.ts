import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  FieldError,
  instantAt,
  type LogEntry,
  type LogObject,
  textAt,
} from '../../pipeline/ingest/formats/entries.js'
import type { EntryFormat } from '../../pipeline/ingest/formats/format.js'
import { openedLog, readEntries, readEntryTranscript } from '../../pipeline/ingest/read-entries.js'
import { readObjects } from '../../pipeline/ingest/read-objects.js'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'debrief-objects-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function write(name: string, text: string): string {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}

const anyFormat = {
  layoutOf: (path: string) => (path.endsWith('.json') ? 'document' : 'lines'),
  isRecord: (fields: object) => 'n' in fields,
} as const

/** A format of one kind of line: who said what. */
const talk: EntryFormat = {
  ...anyFormat,
  reading: 'entries',
  source: 'pi',
  parserVersion: 1,
  usualPlaces: () => [],
  findFiles: async () => [],
  lineTypeOf: ({ fields }) => textAt(fields, 'who') ?? '(none)',
  openLog: (_log, emit) => ({
    take: ({ fields }) => {
      const said = {
        at: instantAt(fields, 'at'),
        id: textAt(fields, 'id'),
        text: textAt(fields, 'text') ?? '',
      }
      if (fields.who === 'person')
        emit({ id: 's', parentId: null }, { kind: 'prompt', promptSource: 'typed', ...said })
      if (fields.who === 'agent') emit({ id: 's', parentId: null }, { kind: 'assistant', ...said })
    },
    finish: () => {},
  }),
}

describe('the objects of a log', () => {
  it('are all whole ones, whatever stands between them, and every line is accounted for', () => {
    const path = write('mixed.jsonl', '\uFEFF{"n":1}\r\n\n{"n":2}{"n":3}\n{"n":4\nnonsense\n[5]\n{"n":6}')
    const taken: LogObject[] = []
    const read = readObjects(anyFormat, [path], (object) => {
      taken.push(object)
      return null
    })
    expect(taken.map(({ fields, lineNumber }) => [fields.n, lineNumber])).toEqual([
      [1, 1],
      [2, 3],
      [3, 3],
      [6, 7],
    ])
    expect(read).toMatchObject({ lineCount: 7, loadedLineCount: 3, blankLineCount: 1, rejectedLineCount: 3 })
    expect(read.rejects.map(({ lineNumber }) => lineNumber)).toEqual([4, 5, 6])
  })

  it('of several files come in their order, and a reason says which file', () => {
    const first = write('a.json', '{\n  "n": 1\n}')
    const second = write('b.jsonl', '{"n":2}\n{"n":\n')
    const read = readObjects(anyFormat, [first, second], () => null)
    expect(read).toMatchObject({ lineCount: 3, objectCount: 2, rejectedLineCount: 1 })
    expect(read.rejects).toEqual([{ lineNumber: 3, reason: 'b.jsonl: JSON object at column 1 is cut off' }])
  })
})

describe('the entries of a log', () => {
  const lines = [
    { who: 'person', id: 'a', at: '2026-02-02T10:00:00Z', text: 'Hello' },
    { who: 'agent', id: 'b', at: 1_770_026_405_000, text: 'Hi' },
    { who: 'agent', id: 'c', at: 'soon', text: 'Lost' },
    { who: 'weather', id: 'd', at: null },
  ]

  it('leave out a line with a field of a wrong type, which is told, and count types that nobody reads', async () => {
    const path = write('talk.jsonl', lines.map((line) => JSON.stringify(line)).join('\n'))
    const entries: LogEntry[] = []
    const read = readEntries(talk, await openedLog(talk, path), (_session, entry) => void entries.push(entry))
    expect(entries.map(({ kind }) => kind)).toEqual(['prompt', 'assistant'])
    expect(entries[1]).toMatchObject({ at: '2026-02-02T10:00:05.000Z' })
    expect(read.rejects).toEqual([{ lineNumber: 3, reason: 'expected an instant from 1970 to 2199 in at' }])
    expect(Object.fromEntries(read.lineTypes)).toEqual({ person: 1, agent: 1, weather: 1 })
  })

  it('make a transcript in which a copied line stands once', async () => {
    const paths = ['one.jsonl', 'two.jsonl'].map((name) =>
      write(name, lines.map((l) => JSON.stringify(l)).join('\n')),
    )
    const transcript = await readEntryTranscript(talk, paths, 's')
    expect(transcript.messages.map(({ ordinal, role, text }) => [ordinal, role, text])).toEqual([
      [1, 'human', 'Hello'],
      [2, 'assistant', 'Hi'],
    ])
  })

  it('are not hidden by a mistake of the reader: that is no bad line', () => {
    const broken = {
      ...talk,
      lineTypeOf: () => {
        throw new TypeError('a mistake')
      },
    }
    const path = write('one.jsonl', '{"n":1}')
    expect(() => readEntries(broken, { path, kind: 'main', members: [path] }, () => {})).toThrow(TypeError)
    expect(new FieldError('expected text in a')).toBeInstanceOf(Error)
  })
})
