// Text from logs as it may be shown: one line, nothing invisible, no longer than a paragraph, in every cell of every row.

const maxTextLength = 280
// Control, zero-width and bidirectional characters: invisible, and able to turn a line around.
const invisible = /[\p{Cc}\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+/gu

/** One line of visible characters, at most 280 of them; null where nothing is left. */
export function shownText(text: string | null): string | null {
  if (text === null) return null
  // What lies far beyond the cut is not worth reading, be it a megabyte.
  const line = text
    .slice(0, 100 * maxTextLength)
    .replace(/[ \t\r\n]+/g, ' ')
    .replace(invisible, '')
    .trim()
  if (line === '') return null
  const characters = [...line]
  return characters.length > maxTextLength ? `${characters.slice(0, maxTextLength - 1).join('')}…` : line
}

/** Letters and seconds of a replay, as long as the session was. */
const wholeColumns = new Set(['timeline'])
/** The letter of a frozen period: paragraphs. */
const proseColumns = new Set(['narrative'])

/** Every text in the rows of every query, whether or not a part of the report clears it as well. */
export function clearedRows<T extends object>(queries: T): T {
  return Object.fromEntries(
    Object.entries(queries as Record<string, readonly object[]>).map(([name, rows]) => [
      name,
      rows.map(clearedRow),
    ]),
  ) as T
}

function clearedRow(row: object): object {
  return Object.fromEntries(
    Object.entries(row).map(([column, value]) => [
      column,
      typeof value === 'string' ? clearedCell(column, value) : value,
    ]),
  )
}

function clearedCell(column: string, text: string): string {
  if (wholeColumns.has(column)) return text
  if (proseColumns.has(column)) return text.replace(invisible, (signs) => signs.replace(/[^\n]/g, ''))
  return clearedJson(text) ?? shownText(text) ?? ''
}

/** JSON stays JSON, and as it is written where none of its texts and keys need clearing; null for what is none. */
function clearedJson(text: string): string | null {
  if (!/^\s*[[{]/.test(text)) return null
  try {
    const value: unknown = JSON.parse(text)
    const cleared = JSON.stringify(clearedValue(value))
    return cleared === JSON.stringify(value) ? text : cleared
  } catch {
    return null
  }
}

function clearedValue(value: unknown): unknown {
  if (typeof value === 'string') return shownText(value) ?? ''
  if (Array.isArray(value)) return value.map(clearedValue)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [shownText(key) ?? '', clearedValue(inner)]),
  )
}
