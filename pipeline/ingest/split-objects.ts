// Finds the whole JSON objects on one line: usually one, two where lines were glued (rule 19).

export interface SplitLine {
  /** Each as valid JSON text on one line. */
  readonly objects: readonly string[]
  /** Why something on the line was not read, or null where all was. */
  readonly problem: string | null
}

export type JsonObject = Readonly<Record<string, unknown>>

const mostAttempts = 200

/**
 * @param isRecord tells a line's own object from one nested in a line that was cut off: asked only behind a cut.
 */
export function splitObjects(line: string, isRecord: (object: JsonObject) => boolean): SplitLine {
  const text = line.trim()
  if (text === '') return { objects: [], problem: null }
  const whole = parseObject(text)
  return whole === null ? collectObjects(text, isRecord) : { objects: [toLine(text)], problem: null }
}

function collectObjects(text: string, isRecord: (object: JsonObject) => boolean): SplitLine {
  const objects: string[] = []
  let problem: string | null = null
  let position = 0
  for (let attempt = 0; position < text.length && attempt < mostAttempts; attempt += 1) {
    const end = text[position] === '{' ? endOfObject(text, position) : -1
    const object = end === -1 ? null : parseObject(text.slice(position, end))
    if (object !== null && (problem === null || isRecord(object))) {
      objects.push(toLine(text.slice(position, end)))
      position = skipSpace(text, end)
    } else {
      problem ??= describeProblem(text, position, end)
      const next = text.indexOf('{"', position + 1)
      position = next === -1 ? text.length : next
    }
  }
  return { objects, problem }
}

function describeProblem(text: string, position: number, end: number): string {
  const column = position + 1
  if (text[position] !== '{') return `expected a JSON object at column ${column}, got other text`
  return end === -1
    ? `JSON object at column ${column} is cut off`
    : `invalid JSON in the object at column ${column}`
}

function parseObject(text: string): JsonObject | null {
  try {
    const value: unknown = JSON.parse(text)
    return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as JsonObject) : null
  } catch {
    return null
  }
}

/** Every escape, and a pair of surrogates as one. */
const escapes = /\\u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|\\u[\da-fA-F]{4}|\\./g
const loneSurrogate = /^\\u[dD][89a-fA-F][\da-fA-F]{2}$/

/**
 * One line of JSON that any parser takes: lone surrogates become U+FFFD. It is the text as logged and not written anew,
 * which would lose digits of large numbers, and cannot follow what nests thousands of levels deep.
 */
function toLine(object: string): string {
  return object
    .replaceAll('\r', ' ')
    .replace(escapes, (logged) => (loneSurrogate.test(logged) ? '\\ufffd' : logged))
}

function skipSpace(text: string, from: number): number {
  let position = from
  while (/\s/.test(text[position] ?? '')) position += 1
  return position
}

/** The position after the object that opens at `start`, or -1 where it never closes. */
function endOfObject(text: string, start: number): number {
  let depth = 0
  let isInText = false
  for (let i = start; i < text.length; i += 1) {
    const char = text[i]
    if (isInText) {
      if (char === '\\') i += 1
      else if (char === '"') isInText = false
    } else if (char === '"') isInText = true
    else if (char === '{') depth += 1
    else if (char === '}' && --depth === 0) return i + 1
  }
  return -1
}
