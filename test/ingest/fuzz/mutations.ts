// What disks, crashes, editors and other programs do to a line, and what a later version may write.
import type { Random } from '../../../pipeline/demo/random.js'
import { type Line, makeSoundLine } from './sound-lines.js'

/** The bytes that take the place of a sound line; they may hold line ends. */
export type Mutate = (random: Random) => Buffer

/** Text that JSON.stringify would not write; it stands where its token was put into a line. */
const rawToken = '@raw@'

const oddValues = [
  ...['null', 'true', 'false', '0', '-0', '-1', '1.5', '5.0', '1e3', '7', '1000000000000', '1000000000001'],
  ...['9223372036854775807', '9223372036854775808', '99999999999999999999', '1e400', '-1e400', '1e-400'],
  ...['""', '"7"', '"true"', '"text"', '"2026-02-30T10:00:00Z"', '"1026-02-02T10:00:00Z"', '"-infinity"'],
  ...['[]', '{}', '[1]', '["text"]', '[null]', '[[]]', '[{}]', '[{"type":"text","text":"x"}]', '{"a":1}'],
]

const judgedPaths = [
  ...['type', 'timestamp', 'message', 'message.usage', 'message.content', 'sessionId', 'requestId'],
  ...['message.model', 'version', 'cwd', 'gitBranch', 'agentId'],
  ...['isSidechain', 'isMeta', 'isCompactSummary', 'isApiErrorMessage'],
  ...['input_tokens', 'output_tokens', 'cache_read_input_tokens', 'cache_creation_input_tokens'].map(
    (field) => `message.usage.${field}`,
  ),
  'message.usage.cache_creation.ephemeral_5m_input_tokens',
  'message.usage.cache_creation.ephemeral_1h_input_tokens',
  'message.usage.server_tool_use.web_search_requests',
]

const invalidUtf8 = ['ff', 'c328', 'eda080', 'f5808080', 'c080', '80', 'e282'].map((hex) =>
  Buffer.from(hex, 'hex'),
)
const loneSurrogates = ['\\ud83d', '\\udc00', '\\ud83dx', '\\udc00\\ud83d', '\\uD800\\uD800']
const blanks = ['', ' ', '\t', '\r', ' \t\r', '\v', '\f', '\u00A0', '\u2028', '\uFEFF']
const noObjects = ['null', '[1]', '[{}]', '12', '"text"', 'true', '{', '}', '{}{', '--', '{"', 'type']
const nearJson = [
  '{"a":1,}',
  '{"a":NaN}',
  '{"a":[1,]}',
  '{a:1}',
  "{'a':1}",
  '{"a":1}//x',
  '{"a":01}',
  '{"a":.5}',
  '{"a":Infinity}',
]

export const mutations: Readonly<Record<string, Mutate>> = {
  truncated: (random) => cut(random).head,
  beheaded: (random) => cut(random).tail,
  spliced: (random) => Buffer.concat([cut(random).head, cut(random).tail]),
  'cut before a whole line': (random) => Buffer.concat([cut(random).head, sound(random)]),
  'cut behind a whole line': (random) => Buffer.concat([sound(random), cut(random).head]),
  glued: (random) => {
    const between = random.pick(['', ' ', '\r', '\t ', '\uFEFF'])
    return Buffer.from(
      Array.from({ length: random.int(2, 4) }, () => text(makeSoundLine(random))).join(between),
    )
  },
  broken: (random) => inserted(random, Buffer.from(random.pick(['\n', '\r\n', '\n\n']))),
  flipped: (random) => flipBits(random, sound(random), random.int(1, 3)),
  'flipped and glued': (random) => Buffer.concat([flipBits(random, sound(random), 1), sound(random)]),
  'other bytes': (random) => {
    const line = sound(random)
    for (let i = random.int(1, 4); i > 0; i -= 1) line[random.int(0, line.length - 1)] = random.int(0, 255)
    return line
  },
  noise: (random) => Buffer.from(Array.from({ length: random.int(1, 200) }, () => random.int(0, 255))),
  'wrong type': (random) => withOddValues(random, 1),
  'wrong types, glued': (random) => Buffer.concat([withOddValues(random, 2), sound(random)]),
  'odd value anywhere': (random) => {
    const line = makeSoundLine(random)
    const paths = leafPaths(line).filter((path) => !/\b(uuid|id)$/.test(path))
    put(line, random.pick(paths), rawToken)
    return fillIn(line, random.pick(oddValues))
  },
  // No text or number: many lines would share it, and what has the id of another is a copy of it.
  'id of a wrong type': (random) => {
    const line = makeSoundLine(random)
    put(line, random.pick(['uuid', 'message.id', 'parentUuid']), rawToken)
    return fillIn(line, random.pick(['[]', '{}', '[1]', '[null]', '{"a":1}']))
  },
  'huge number': (random) => {
    const line = makeSoundLine(random)
    put(line, random.pick(['weight', ...leafPaths(line)]), rawToken)
    return fillIn(
      line,
      `${random.pick(['', '-'])}${'9'.repeat(random.int(16, 400))}${random.pick(['', '.5', 'e99'])}`,
    )
  },
  'deeply nested': (random) => {
    const [line, depth] = [makeSoundLine(random), random.pick([50, 500, 3000, 5000])]
    put(line, random.pick(['extra', 'toolUseResult', 'message.content', 'message.extra', 'cwd']), rawToken)
    const [open, close] = random.pick([
      ['[', ']'],
      ['{"a":', '}'],
    ] as const)
    const tail = random.pick(['', '', loneSurrogates[0]!])
    return fillIn({ ...line, tail }, `${open.repeat(depth)}0${close.repeat(depth)}`)
  },
  'invalid UTF-8': (random) => inserted(random, random.pick(invalidUtf8)),
  'NUL bytes': (random) => inserted(random, Buffer.alloc(random.pick([1, 2, 512]))),
  'NUL bytes before': (random) => Buffer.concat([Buffer.alloc(random.int(1, 512)), sound(random)]),
  'escaped NUL': (random) => withText(random, 'a\\u0000b'),
  'lone surrogate': (random) => withText(random, random.pick(loneSurrogates)),
  'lone surrogate in a key': (random) =>
    Buffer.from(
      text({ ...makeSoundLine(random), key: 1 }).replace('"key"', `"${random.pick(loneSurrogates)}"`),
    ),
  'lone surrogate, glued': (random) =>
    Buffer.concat([withText(random, random.pick(loneSurrogates)), sound(random)]),
  'CR at the end': (random) => Buffer.concat([sound(random), Buffer.from('\r')]),
  'CR anywhere': (random) => inserted(random, Buffer.from('\r')),
  'byte order mark': (random) => Buffer.concat([Buffer.from('\uFEFF'), sound(random)]),
  blank: (random) => Buffer.from(random.pick(blanks)),
  'no object': (random) => Buffer.from(random.pick(noObjects)),
  'nearly JSON': (random) => Buffer.from(random.pick(nearJson)),
  'very long string': (random) =>
    withText(random, random.pick(['x', '\\"{', '日']).repeat(random.pick([2000, 60_000]))),
  'same key twice': (random) =>
    Buffer.from(
      `${text(makeSoundLine(random)).slice(0, -1)},"${random.pick(judgedPaths.slice(0, 3))}":${random.pick(oddValues)}}`,
    ),
  'escaped key': (random) =>
    Buffer.from(text(makeSoundLine(random)).replace('"type":', '"\\u0074yp\\u0065":')),
  'spaced out': (random) =>
    Buffer.from(` ${JSON.stringify(makeSoundLine(random), null, 1).replaceAll('\n', '\t')} `),
}

export function sound(random: Random): Buffer {
  return Buffer.from(text(makeSoundLine(random)))
}

function text(line: Line): string {
  return JSON.stringify(line)
}

function cut(random: Random): { head: Buffer; tail: Buffer } {
  const line = sound(random)
  const at = random.int(1, line.length - 1)
  return { head: line.subarray(0, at), tail: line.subarray(at) }
}

function inserted(random: Random, bytes: Buffer): Buffer {
  const { head, tail } = cut(random)
  return Buffer.concat([head, bytes, tail])
}

function flipBits(random: Random, line: Buffer, count: number): Buffer {
  for (let i = 0; i < count; i += 1) {
    const at = random.int(0, line.length - 1)
    line[at] = line[at]! ^ (1 << random.int(0, 7))
  }
  return line
}

function withOddValues(random: Random, count: number): Buffer {
  const line = makeSoundLine(random)
  for (let i = 0; i < count; i += 1) put(line, random.pick(judgedPaths), rawToken)
  return fillIn(line, random.pick(oddValues))
}

function withText(random: Random, escaped: string): Buffer {
  const line = makeSoundLine(random)
  put(line, random.pick(['cwd', 'extra', 'message.content', 'gitBranch', 'message.extra']), `a${rawToken}b`)
  return Buffer.from(text(line).replaceAll(rawToken, () => escaped))
}

function fillIn(line: Line, token: string): Buffer {
  return Buffer.from(text(line).replaceAll(`"${rawToken}"`, () => token))
}

/** Puts the value at a dotted path where its parent is there; else at the top. */
function put(line: Line, path: string, value: unknown): void {
  const keys = path.split('.')
  const last = keys.pop()!
  let parent: unknown = line
  for (const key of keys) parent = isObject(parent) ? parent[key] : undefined
  if (isObject(parent)) parent[last] = value
  else line[last] = value
}

function leafPaths(value: unknown, path = ''): string[] {
  if (!isObject(value) || Object.keys(value).length === 0) return [path]
  return Object.keys(value).flatMap((key) => leafPaths(value[key], path === '' ? key : `${path}.${key}`))
}

function isObject(value: unknown): value is Line {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
