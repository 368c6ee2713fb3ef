import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type RepairSpec, repairFile } from '../../pipeline/ingest/repair.js'
import { runSync } from '../../pipeline/run.js'
import { createWorkspace, queryFile } from '../support/workspace.js'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'debrief-repair-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** Looks at a file with these bytes; the objects it recovered come parsed, in order. */
async function repair(content: string | Buffer, change: Partial<RepairSpec> = {}) {
  const [path, target] = [join(folder, 'log.jsonl'), join(folder, 'target.jsonl')]
  writeFileSync(path, content)
  const isRecord = (object: Readonly<Record<string, unknown>>) => 'type' in object
  const result = await repairFile({ path, target, suspects: 'all', seenLineCount: null, isRecord, ...change })
  const written = readFileSync(target, 'utf8')
  expect(written === '' || written.endsWith('\n'), 'every object is a whole line').toBe(true)
  const objects = written
    .split('\n')
    .filter(Boolean)
    .map((line) => (JSON.parse(line) as { object: unknown }).object)
  return { ...result, objects }
}

const random = Buffer.from([0x80, 0xff, 0x00, 0x7b, 0xc3, 0x28, 0x0d, 0x22])

describe('a look at every line', () => {
  it('counts whole, glued, cut, blank and random lines, and recovers what is whole', async () => {
    const lines = [
      '{"n":1}',
      '',
      '{"n":2}{"n":3}',
      '{"n":4,"text":"cut o',
      '  \t',
      '{"n":5}',
      'noise',
      '{"n":6}',
    ]
    expect(await repair(`${lines.join('\n')}\n`)).toEqual({
      lineCount: 8,
      loadedLineCount: 4,
      blankLineCount: 2,
      rejectedLineCount: 2,
      objectCount: 5,
      blankLineNumbers: [2, 5],
      isAligned: true,
      rejects: [
        { lineNumber: 4, reason: 'JSON object at column 1 is cut off' },
        { lineNumber: 7, reason: 'expected a JSON object at column 1, got other text' },
      ],
      objects: [{ n: 1 }, { n: 2 }, { n: 3 }, { n: 5 }, { n: 6 }],
    })
  })

  it('loads a line of which a part is lost, and says what is lost', async () => {
    const { objects, rejects, loadedLineCount, rejectedLineCount } = await repair(
      '{"type":"us{"type":"user"}\n',
    )
    expect([objects, loadedLineCount, rejectedLineCount]).toEqual([[{ type: 'user' }], 1, 0])
    expect(rejects).toEqual([{ lineNumber: 1, reason: 'JSON object at column 1 is cut off' }])
  })

  it('takes a byte order mark at the start for nothing, and only there', async () => {
    const { objects, rejects } = await repair('\uFEFF{"n":1}\n{"n":"\uFEFF"}\n')
    expect([objects, rejects]).toEqual([[{ n: 1 }, { n: '\uFEFF' }], []])
  })

  it('takes a file of a byte order mark alone for one that says nothing', async () => {
    expect(await repair('\uFEFF')).toMatchObject({ lineCount: 1, rejectedLineCount: 0, objects: [] })
  })

  it('takes CRLF for a line end, and a CR alone for a space', async () => {
    expect(await repair('{"n":1}\r\n\r\n{"n":2}\r\n{"n":\r3}')).toMatchObject({
      lineCount: 4,
      blankLineCount: 1,
      rejects: [],
      objects: [{ n: 1 }, { n: 2 }, { n: 3 }],
    })
  })

  it('takes a last line without its end, and adds none after the last end', async () => {
    expect((await repair('{"n":1}\n{"n":2}')).lineCount).toBe(2)
    expect((await repair('{"n":1}\n{"n":2}\n')).lineCount).toBe(2)
    expect((await repair('{"n":1}\n{"n":2}\n\n')).lineCount).toBe(3)
    expect((await repair('')).lineCount).toBe(0)
    expect((await repair('\n')).lineCount).toBe(1)
  })

  it('rejects a line of NUL bytes, as a disk that filled up leaves them, and takes the object behind it', async () => {
    const nulls = '\0'.repeat(4096)
    expect(await repair(`{"n":1}\n${nulls}\n${nulls}{"type":2}\n{"n":3}\n`)).toMatchObject({
      rejectedLineCount: 1,
      rejects: [{ lineNumber: 2 }, { lineNumber: 3 }],
      objects: [{ n: 1 }, { type: 2 }, { n: 3 }],
    })
  })

  it('keeps an object with bytes that are not UTF-8, with the replacement character in their place', async () => {
    const line = Buffer.concat([Buffer.from('{"text":"a'), Buffer.from([0xff, 0xc3]), Buffer.from('b"}\n')])
    const { objects, rejects } = await repair(Buffer.concat([line, random, Buffer.from('\n{"n":2}\n')]))
    expect(objects).toEqual([{ text: 'a\uFFFD\uFFFDb' }, { n: 2 }])
    expect(rejects.map(({ lineNumber }) => lineNumber)).toEqual([2])
  })

  it('reads characters that lie across the chunks of a long file', async () => {
    const text = '–日本😀'.repeat(200_000)
    const { objects, lineCount } = await repair(`${JSON.stringify({ text })}\n{"n":2}\n`)
    expect(lineCount).toBe(2)
    expect(objects[0]).toEqual({ text })
  })

  it('reads a line of 3 MB, glued to another or cut', async () => {
    const text = 'x{"}\\"'.repeat(500_000)
    const long = JSON.stringify({ type: 'user', text })
    const started = performance.now()
    const { objects, rejects } = await repair(`${long}{"n":2}\n${long.slice(0, -2)}\n{"n":3}\n`)
    expect(objects).toEqual([{ type: 'user', text }, { n: 2 }, { n: 3 }])
    expect(rejects).toEqual([{ lineNumber: 2, reason: 'JSON object at column 1 is cut off' }])
    expect(performance.now() - started, 'not quadratic').toBeLessThan(5000)
  })
})

describe('a look at suspects', () => {
  const file = '{"n":1}\n\n{"n":2}{"n":3}\n \r\n{"n":4}\ncut{\n{"n":5}\n'

  it('recovers only from those lines, and counts the others as read', async () => {
    expect(await repair(file, { suspects: new Set([2, 4]), seenLineCount: 5 })).toEqual({
      lineCount: 7,
      loadedLineCount: 4,
      blankLineCount: 2,
      rejectedLineCount: 1,
      objectCount: 5,
      blankLineNumbers: [2, 4],
      isAligned: true,
      rejects: [{ lineNumber: 6, reason: 'expected a JSON object at column 1, got other text' }],
      objects: [{ n: 2 }, { n: 3 }],
    })
  })

  it.each([4, 6, null])(
    'says that it cannot be relied on where %s lines were seen and 5 are there',
    async (seenLineCount) => {
      const { isAligned } = await repair(file, { suspects: new Set([2, 4]), seenLineCount })
      expect(isAligned).toBe(false)
    },
  )

  it('empties what an earlier look left in the target', async () => {
    writeFileSync(join(folder, 'target.jsonl'), '{"n":"old"}\n')
    expect((await repair(file, { suspects: new Set([2]), seenLineCount: 5 })).objects).toEqual([
      { n: 2 },
      { n: 3 },
    ])
  })
})

/** A small generator of its own (mulberry32), so that a failing seed can be run again. */
function createDice(seed: number) {
  let state = seed
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (n: number) => Math.floor(next() * n)
  return { below, pick: <T>(items: readonly T[]): T => items[below(items.length)]! }
}
type Dice = ReturnType<typeof createDice>

interface MadeLine {
  readonly bytes: Buffer
  readonly kind: 'loaded' | 'blank' | 'rejected'
  readonly uuids: readonly string[]
}

const texts = [
  'plain',
  'with "quotes" and \\ and {braces}',
  '–日本😀',
  'line\nbreak\ttab',
  '{"type":"user"',
  '',
]

function makeObject(dice: Dice, uuid: string): string {
  return JSON.stringify({
    type: 'user',
    uuid,
    sessionId: '00000000-0000-4000-8000-000000000001',
    timestamp: `2026-02-${10 + dice.below(10)}T1${dice.below(10)}:00:00.000Z`,
    cwd: '/home/dev/x',
    message: { role: 'user', content: dice.pick(texts).repeat(dice.pick([1, 1, 1, 3000])) },
  })
}

/** Bytes that hold no line end and begin like nothing. */
function makeNoise(dice: Dice): Buffer {
  const bytes = Buffer.from(Array.from({ length: 1 + dice.below(200) }, () => dice.below(256)))
  const noise = Buffer.from(bytes.map((byte) => (byte === 10 ? 11 : byte)))
  noise[0] = dice.pick([0, 0x7f, 0x80, 0xff])
  return noise
}

function makeLine(dice: Dice, newUuid: () => string): MadeLine {
  const [uuid, other] = [newUuid(), newUuid()]
  const object = makeObject(dice, uuid)
  const made = (kind: MadeLine['kind'], content: string | Buffer, ...uuids: string[]): MadeLine => ({
    bytes: Buffer.from(content),
    kind,
    uuids,
  })
  switch (dice.below(12)) {
    case 0:
      return made('blank', dice.pick(['', ' ', '\t\t', '\r', '   \r']))
    case 1:
      return made('rejected', object.slice(0, 1 + dice.below(object.length - 1)))
    case 2:
      return made('loaded', object + dice.pick(['', ' ']) + makeObject(dice, other), uuid, other)
    case 3:
      return made('rejected', makeNoise(dice))
    case 4:
      return made('loaded', object.slice(0, 12) + makeObject(dice, other), other)
    case 5:
      return made('rejected', dice.pick(['null', '[1]', '12', '"text"', '}', 'true']))
    case 6:
      return made('loaded', `${dice.pick([' ', '\t'])}${object}${dice.pick([' ', '\r', '\t'])}`, uuid)
    default:
      return made('loaded', object, uuid)
  }
}

function makeFile(seed: number): { content: Buffer; lines: MadeLine[] } {
  const dice = createDice(seed)
  let count = 0
  const newUuid = () => `${String(seed).padStart(8, '0')}-0000-4000-8000-${String(++count).padStart(12, '0')}`
  const lines = Array.from({ length: 1 + dice.below(40) }, () => makeLine(dice, newUuid))
  const content = Buffer.concat(lines.flatMap(({ bytes }) => [bytes, Buffer.from('\n')]))
  const bom = dice.below(6) === 0 && lines[0]?.kind !== 'blank' ? Buffer.from('\uFEFF') : Buffer.alloc(0)
  const last = lines.at(-1)!
  const isCut = dice.below(3) === 0 && last.bytes.length > 0
  return { content: Buffer.concat([bom, isCut ? content.subarray(0, -1) : content]), lines }
}

it('of any mixture, every line is loaded, blank or rejected, and no whole object is lost or told twice', async () => {
  const { ctx, home } = createWorkspace()
  const seeds = Array.from({ length: 100 }, (_, i) => i + 1)
  const files = seeds.map((seed) => ({
    seed,
    path: join(home, `.claude/projects/-x/${seed}.jsonl`),
    ...makeFile(seed),
  }))
  for (const { path, content } of files) {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, content)
  }
  await runSync(ctx)

  const { ledger } = ctx.config.paths
  const rows = await queryFile<Record<string, unknown> & { path: string }>(
    ledger,
    `select path, line_count as lines, loaded_line_count as loaded, blank_line_count as blank,
       rejected_line_count as rejected, object_count as objects,
       (select list(event_uuid::varchar order by ordinal) from raw.events e where e.file_id = f.file_id) as uuids,
       (select count(distinct line_number) from raw.rejects r where r.file_id = f.file_id) as reject_lines
     from state.files as f`,
  )
  const byPath = new Map(rows.map((row) => [row.path, row]))
  for (const { seed, path, lines } of files) {
    const { path: _, uuids, reject_lines, ...counts } = byPath.get(path) ?? { path }
    const count = (kind: MadeLine['kind']) => lines.filter((line) => line.kind === kind).length
    const expected = lines.flatMap((line) => line.uuids)
    expect({ seed, ...counts, uuids: sorted(uuids) }).toEqual({
      seed,
      lines: lines.length,
      loaded: count('loaded'),
      blank: count('blank'),
      rejected: count('rejected'),
      objects: expected.length,
      uuids: sorted(expected),
    })
    expect(reject_lines, `seed ${seed}: each rejected line has its reason`).toBeGreaterThanOrEqual(
      count('rejected'),
    )
  }
  expect(files.flatMap(({ lines }) => lines).length, 'the mixture is not trivial').toBeGreaterThan(1500)
})

function sorted(uuids: unknown): unknown[] {
  return Array.isArray(uuids) ? [...uuids].sort() : []
}
