// What each line of a file must come to, read from its bytes alone.
import { type Fields, isFields, judgeObject, valueAt } from './judge-object.js'
import { type ReadValue, readValue } from './read-json.js'

export interface JudgedLine {
  readonly number: number
  readonly bytes: Buffer
  readonly outcome: 'loaded' | 'blank' | 'rejected' | 'loaded or rejected' | 'blank or rejected'
  /** Objects that must be in the ledger, and those that may be. */
  readonly sound: readonly Fields[]
  readonly unsure: readonly Fields[]
  /** Of objects that are refused: their wrong fields. */
  readonly wrong: readonly (readonly string[])[]
  /** Whether the line must be among the rejects with a reason, must not be, or may be. */
  readonly isInRejects: boolean | null
}

/** Deeper than any log nests; whoever refuses to go there may. */
const sureDepth = 100
const byteOrderMark = '\u00EF\u00BB\u00BF' // Its bytes, one character each.

export function judgeFile(content: Buffer): JudgedLine[] {
  return splitLines(content).map((bytes, i) => judgeLine(bytes, i + 1))
}

/** A line ends with LF; what follows the last one is a line where it is anything at all. */
function splitLines(content: Buffer): Buffer[] {
  const lines: Buffer[] = []
  let start = 0
  for (let at = 0; at < content.length; at += 1)
    if (content[at] === 0x0a) {
      lines.push(content.subarray(start, at))
      start = at + 1
    }
  if (start < content.length) lines.push(content.subarray(start))
  return lines
}

function judgeLine(bytes: Buffer, number: number): JudgedLine {
  const line = { number, bytes, sound: [], unsure: [], wrong: [] }
  const text = bytes.toString('latin1')
  if (/^[ \t\r]*$/.test(text)) return { ...line, outcome: 'blank', isInRejects: false }
  if (bytes.toString('utf8').trim() === '')
    return { ...line, outcome: 'blank or rejected', isInRejects: null }
  const { objects, hasLoss, mayBeWhole } = findObjects(bytes, text)
  const judged = objects.map(judgeRead)
  const fieldsOf = (kind: Judged['kind']) =>
    judged.filter((one) => one.kind === kind).map(({ fields }) => fields)
  const [sound, unsure] = [fieldsOf('sound'), fieldsOf('unsure')]
  const wrong = judged.filter(({ kind }) => kind === 'wrong').map((one) => one.wrong)
  const isUnsure = unsure.length > 0 || mayBeWhole
  return {
    ...line,
    ...{ sound, unsure, wrong },
    outcome: sound.length > 0 ? 'loaded' : isUnsure ? 'loaded or rejected' : 'rejected',
    isInRejects: isUnsure || sound.some(carriesOddMessage) ? null : hasLoss || wrong.length > 0,
  }
}

/** A sub-agent's message within a line may be refused by itself. */
function carriesOddMessage(fields: Fields): boolean {
  const message = valueAt(fields, 'data.message')
  if (message === undefined) return false
  const { wrong, isUnsure } = isFields(message) ? judgeObject(message) : { wrong: [], isUnsure: true }
  return isUnsure || wrong.length > 0
}

interface Judged {
  readonly kind: 'sound' | 'unsure' | 'wrong'
  readonly fields: Fields
  readonly wrong: readonly string[]
}

function judgeRead({ value, depth, hasTwins }: ReadValue): Judged {
  const fields = value as Fields
  const { wrong, isUnsure } = judgeObject(fields)
  const kind =
    depth > sureDepth || hasTwins ? 'unsure' : wrong.length > 0 ? 'wrong' : isUnsure ? 'unsure' : 'sound'
  return { kind, fields, wrong }
}

interface Found {
  readonly objects: readonly ReadValue[]
  /** True where a part of the line is no object. */
  readonly hasLoss: boolean
  /** True where a parser that takes more than JSON may take the line as one object. */
  readonly mayBeWhole: boolean
}

/** Objects side by side; behind a cut, those that are a log's own, since a cut line leaves nested ones too. */
function findObjects(bytes: Buffer, text: string): Found {
  const objects: ReadValue[] = []
  let hasLoss = false
  let position = skipBetween(text, 0)
  while (position < text.length) {
    const read = text[position] === '{' ? readValue(bytes, position) : null
    if (read !== null && (!hasLoss || isRecord(read))) {
      objects.push(read)
      position = skipBetween(text, read.end)
    } else {
      hasLoss = true
      const next = text.indexOf('{"', position + 1)
      position = next === -1 ? text.length : next
    }
  }
  return { objects, hasLoss, mayBeWhole: hasLoss && isLenientObject(bytes, text) }
}

function isRecord({ value }: ReadValue): boolean {
  return (
    isFields(value) && typeof value.get('type') === 'string' && typeof value.get('sessionId') === 'string'
  )
}

function isLenientObject(bytes: Buffer, text: string): boolean {
  const read = readValue(bytes, skipBetween(text, 0), { isLenient: true })
  return read !== null && isFields(read.value) && skipBetween(text, read.end) === text.length
}

function skipBetween(text: string, from: number): number {
  let position = from
  for (;;) {
    if (text.startsWith(byteOrderMark, position)) position += byteOrderMark.length
    else if (/[ \t\r]/.test(text[position] ?? '')) position += 1
    else return position
  }
}
