// Which whole objects must be loaded, which must be refused and for which field, and which may be either.
import { type Json, LoggedNumber } from './read-json.js'

export type Fields = ReadonlyMap<string, Json>

export interface Judgement {
  /** Paths of fields that make the object a reject, such as message.usage.input_tokens. */
  readonly wrong: readonly string[]
  /** True where no rule says what a field's value comes to. */
  readonly isUnsure: boolean
}

type Verdict = 'fine' | 'wrong' | 'unsure'
type Rule = (value: Json) => Verdict

/** A count up to here is surely taken, and one beyond the other surely refused. */
const plausibleTokens = 10n ** 8n
const mostTokens = 10n ** 12n

/** A text that reads like another type's value is not told from it by everybody. */
const lookalike = /^(true|false|null|[+-]?(\d|nan|inf).*)?$/i
const text: Rule = (value) =>
  value === null ? 'unsure' : typeof value !== 'string' ? 'wrong' : lookalike.test(value) ? 'unsure' : 'fine'
const flag: Rule = (value) => {
  if (value === null || typeof value === 'boolean') return 'fine'
  return value === 'true' || value === 'false' ? 'unsure' : 'wrong'
}
const id: Rule = (value) => {
  if (value === null || typeof value === 'string') return 'fine'
  return isFields(value) || Array.isArray(value) ? 'wrong' : 'unsure'
}
const object: Rule = (value) => (value === null ? 'unsure' : isFields(value) ? 'fine' : 'wrong')
const objectOrNull: Rule = (value) => (value === null ? 'fine' : object(value))
/** A block must be an object; whether it needs a type is nobody's rule. */
const block: Rule = (value) =>
  object(value) === 'fine' && text((value as Fields).get('type') ?? null) !== 'fine'
    ? 'unsure'
    : object(value)
const content: Rule = (value) => {
  if (value === null || typeof value === 'string') return 'fine'
  if (!Array.isArray(value)) return 'wrong'
  const verdicts = value.map(block)
  return verdicts.find((verdict) => verdict === 'wrong') ?? verdicts.find((v) => v === 'unsure') ?? 'fine'
}
const tokenCount: Rule = (value) => {
  if (value === null) return 'fine'
  if (typeof value === 'string' && /^\d+$/.test(value)) return 'unsure' // It says what it says.
  if (!(value instanceof LoggedNumber)) return 'wrong'
  if (/^\d+$/.test(value.source)) {
    const count = BigInt(value.source)
    return count <= plausibleTokens ? 'fine' : count <= mostTokens ? 'unsure' : 'wrong'
  }
  // 5.0, 1e3 and -0 are whole numbers to some.
  const number = Number(value.source)
  return Number.isInteger(number) && number >= 0 && number <= Number(mostTokens) ? 'unsure' : 'wrong'
}

export const tokenPaths = [
  'message.usage.input_tokens',
  'message.usage.output_tokens',
  'message.usage.cache_read_input_tokens',
  'message.usage.cache_creation_input_tokens',
  'message.usage.cache_creation.ephemeral_5m_input_tokens',
  'message.usage.cache_creation.ephemeral_1h_input_tokens',
  'message.usage.server_tool_use.web_search_requests',
] as const

const everyLine: Readonly<Record<string, Rule>> = {
  type: text,
  timestamp: judgeInstant,
  ...Object.fromEntries(
    ['sessionId', 'uuid', 'parentUuid', 'version', 'cwd', 'gitBranch', 'agentId'].map((path) => [path, id]),
  ),
  ...Object.fromEntries(
    ['isSidechain', 'isMeta', 'isCompactSummary', 'isApiErrorMessage'].map((path) => [path, flag]),
  ),
}

/** Of a user's or assistant's line; a message elsewhere is nobody's concern, or may be. */
const messageLine: Readonly<Record<string, Rule>> = {
  requestId: id,
  message: object,
  'message.id': id,
  'message.model': id,
  'message.content': content,
}
/** Of an assistant's line. */
const answerLine: Readonly<Record<string, Rule>> = {
  'message.usage': objectOrNull,
  ...Object.fromEntries(tokenPaths.map((path) => [path, tokenCount])),
}
/** Groups of counts whose own type no rule names. */
const groups = ['message.usage.cache_creation', 'message.usage.server_tool_use']

export function judgeObject(fields: Fields): Judgement {
  const type = String(fields.get('type'))
  const verdicts = [
    ...applyRules(fields, everyLine, true),
    ...applyRules(fields, messageLine, type === 'user' || type === 'assistant'),
    ...applyRules(fields, answerLine, type === 'assistant'),
    ...groups.map((path) => ({ path, verdict: isOddGroup(valueAt(fields, path)) ? 'unsure' : 'fine' })),
  ]
  return {
    wrong: verdicts.filter(({ verdict }) => verdict === 'wrong').map(({ path }) => path),
    isUnsure: verdicts.some(({ verdict }) => verdict === 'unsure'),
  }
}

function applyRules(
  fields: Fields,
  rules: Readonly<Record<string, Rule>>,
  areMeant: boolean,
): { path: string; verdict: Verdict }[] {
  return Object.entries(rules).flatMap(([path, rule]) => {
    const value = valueAt(fields, path)
    if (value === undefined) return []
    const verdict = rule(value)
    return [{ path, verdict: verdict === 'wrong' && !areMeant ? 'unsure' : verdict }]
  })
}

/** The value at a dotted path; undefined where nothing is there. */
export function valueAt(fields: Fields, path: string): Json | undefined {
  let value: Json | undefined = fields
  for (const key of path.split('.'))
    value = value !== undefined && isFields(value) ? value.get(key) : undefined
  return value
}

export function isFields(value: Json): value is Fields {
  return value instanceof Map
}

function isOddGroup(value: Json | undefined): boolean {
  return value !== undefined && value !== null && !isFields(value)
}

const isoInstant = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.\d{1,6})?(?:Z|[+-](\d\d):(\d\d))$/

/** Sure of an instant as ISO 8601 writes it; what begins like one may be read too. */
function judgeInstant(value: Json): Verdict {
  if (value === null) return 'unsure'
  if (typeof value !== 'string') return 'wrong'
  const match = isoInstant.exec(value)
  if (match === null) return /^\s*[+-]?\d/.test(value) ? 'unsure' : 'wrong'
  const [year, month, day, hour, minute, second, zoneHour = 0, zoneMinute = 0] = match
    .slice(1)
    .map((n) => Number(n ?? 0))
  if (year! < 1969 || year! > 2200 || month! < 1 || month! > 12) return 'wrong'
  if (day! < 1 || day! > new Date(Date.UTC(year!, month!, 0)).getUTCDate()) return 'wrong'
  if (hour! > 24 || minute! > 60 || second! > 60) return 'wrong'
  const isPlain = hour! < 24 && minute! < 60 && second! < 60 && zoneHour < 15 && zoneMinute < 60
  return isPlain && year! >= 1971 && year! < 2199 ? 'fine' : 'unsure'
}
