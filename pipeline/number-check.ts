// Checks a model's words against the data that it was given: a number that does not follow from them is not shown.

import { escapeRegExp } from './escape.js'
import { type NumberUnit, readNumbers, type WrittenNumber } from './written-numbers.js'

/** What may be said: the numbers of the data by unit, its calendar, and the names that hold digits of their own. */
export interface KnownNumbers {
  readonly values: Readonly<Record<Exclude<NumberUnit, 'calendar'>, readonly number[]>>
  readonly calendar: ReadonlySet<string>
  readonly names: readonly string[]
}

export interface CheckedText {
  readonly markdown: string
  readonly droppedCount: number
}

/**
 * `data` is whatever is turned into JSON for the model: a key's ending says the unit (`cost_usd`, `active_share`,
 * `wait_seconds`), and what stands beside its `previous_…` or in rows of `period_role` brings its change along. Texts
 * in it are names: their digits count only where they are quoted whole, so that a number planted in a goal proves
 * nothing. `prose` is text that was written by rules, and every number in it counts.
 */
export function knownNumbers(data: unknown, prose: readonly string[] = []): KnownNumbers {
  const known: Gathered = {
    values: { usd: [], percent: [], seconds: [], ratio: [], plain: [] },
    calendar: new Set(),
    names: new Set(),
  }
  gather(known, '', data)
  for (const text of prose) addProse(known, text)
  const names = [...known.names].sort((a, b) => b.length - a.length || (a < b ? -1 : 1))
  return { values: known.values, calendar: known.calendar, names }
}

/** The numbers of a text that do not follow from the data, as they are written. */
export function unknownNumbers(text: string, known: KnownNumbers): string[] {
  return readNumbers(withoutNames(text, known.names))
    .filter((written) => !isKnown(written, known))
    .map(({ written }) => written)
}

/** Drops the sentences whose numbers are not known; a heading goes with the last of what stood under it. */
export function keepCheckedSentences(markdown: string, known: KnownNumbers): CheckedText {
  const dropped = { count: 0 }
  const isKept = (sentence: string) => {
    const isSound = unknownNumbers(sentence, known).length === 0
    if (!isSound) dropped.count++
    return isSound
  }
  const blocks = blocksOf(markdown).map((block) => ({ ...block, text: keptText(block, isKept) }))
  const shown = withoutBareHeadings(blocks.filter(({ text }) => text !== ''))
  const lines = shown.map((block, i) => (i > 0 && block.isApart ? `\n${block.text}` : block.text))
  return { markdown: lines.join('\n').trim(), droppedCount: dropped.count }
}

/** A list's item, a paragraph or a heading; `isApart` where an empty line stood above. */
interface Block {
  readonly kind: 'heading' | 'item' | 'text' | 'row'
  readonly text: string
  readonly isApart: boolean
}

const itemMark = /^\s*(?:[-*+]|\d+[.)])\s+(?:\[[ x]\]\s+)?/
const headingMark = /^#{1,6}\s/

function blocksOf(markdown: string): Block[] {
  const blocks: Block[] = []
  let isApart = false
  for (const line of markdown.replaceAll('\r\n', '\n').split('\n')) {
    if (line.trim() === '') {
      isApart = true
      continue
    }
    const kind = kindOf(line)
    const last = blocks.at(-1)
    // A line without a mark of its own goes on with the item or paragraph above it.
    if (kind === 'text' && last && !isApart && (last.kind === 'text' || last.kind === 'item'))
      blocks[blocks.length - 1] = { ...last, text: `${last.text}\n${line}` }
    else blocks.push({ kind, text: line, isApart: isApart || kind === 'heading' || last?.kind === 'heading' })
    isApart = false
  }
  return blocks
}

function kindOf(line: string): Block['kind'] {
  if (headingMark.test(line)) return 'heading'
  if (/^\s*\|/.test(line)) return 'row'
  return itemMark.test(line) ? 'item' : 'text'
}

function keptText({ kind, text }: Block, isKept: (sentence: string) => boolean): string {
  if (kind === 'heading' || kind === 'row') return isKept(text) ? text : ''
  const mark = itemMark.exec(text)?.[0] ?? ''
  const sentences = sentencesIn(text.slice(mark.length))
  const kept = sentences.filter(isKept)
  if (kept.length === 0) return ''
  const body = kept.length === sentences.length ? text.slice(mark.length) : kept.join(' ')
  return mark + balanced(body)
}

/** A sentence ends before a capital, a digit or a sign of money; "e.g." and the like end none. */
export function sentencesIn(text: string): string[] {
  return text
    .split(
      /(?<=[.!?…]["'”’)*_\]]*)(?<!\b(?:e\.g|i\.e|vs|cf|approx|incl|etc|no|ca)\.)\s+(?=["'“‘(*_[`]*[\p{Lu}\p{N}$≥<~])|\n+(?=\S)(?<=[.!?…:]["'”’)*_]*\n+)/u,
    )
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== '')
}

/** Bold type that lost its end with a sentence would run on. */
function balanced(text: string): string {
  return (text.match(/\*\*/g)?.length ?? 0) % 2 === 0 ? text : text.replaceAll('**', '')
}

function withoutBareHeadings(blocks: readonly Block[]): Block[] {
  const kept: Block[] = []
  for (const block of [...blocks].reverse()) {
    const below = kept.at(-1)
    const isBare = !below || (below.kind === 'heading' && levelOf(below) <= levelOf(block))
    if (block.kind !== 'heading' || !isBare) kept.push(block)
  }
  return kept.reverse()
}

function levelOf({ text }: Block): number {
  return /^#+/.exec(text)?.[0].length ?? 0
}

interface Gathered {
  readonly values: Record<Exclude<NumberUnit, 'calendar'>, number[]>
  readonly calendar: Set<string>
  readonly names: Set<string>
}

function gather(known: Gathered, key: string, value: unknown): void {
  if (typeof value === 'number' || typeof value === 'bigint') addValue(known, key, Number(value))
  else if (typeof value === 'string') addText(known, key, value)
  else if (Array.isArray(value)) {
    for (const item of value) gather(known, key, item)
    gatherRoles(known, value)
  } else if (typeof value === 'object' && value !== null) gatherObject(known, value)
}

function gatherObject(known: Gathered, row: object): void {
  const entries = Object.entries(row)
  // A row of a named metric: the name's ending says the unit of its values.
  const metric = entries.find(([key, value]) => key === 'metric_name' && typeof value === 'string')?.[1]
  const keyOf = (key: string) => (metric !== undefined && isOpenKey(key) ? `${metric}` : key)
  for (const [key, value] of entries) {
    gather(known, keyOf(key), value)
    const before = Object.entries(row).find(
      ([other]) => other === `previous_${key}` || (key === 'metric_value' && other === 'previous_value'),
    )?.[1]
    if (typeof value === 'number' && typeof before === 'number') addChange(known, keyOf(key), before, value)
  }
}

/** Rows of which each says whether it is the current period's or the one before's. */
function gatherRoles(known: Gathered, rows: readonly unknown[]): void {
  const roles = rows.filter((row) => typeof row === 'object' && row !== null) as Record<string, unknown>[]
  const [now, ...others] = roles.filter((row) => row.period_role === 'current')
  const [before, ...older] = roles.filter((row) => row.period_role === 'previous')
  if (!now || !before || others.length > 0 || older.length > 0) return
  for (const [key, value] of Object.entries(now)) {
    const earlier = before[key]
    if (typeof value === 'number' && typeof earlier === 'number') addChange(known, key, earlier, value)
  }
}

const openKeys = /(?:^|_)(?:value|mean|change|deviation|baseline|amount|range|min|max)$/

function isOpenKey(key: string): boolean {
  return openKeys.test(key)
}

const units: readonly [key: RegExp, unit: Exclude<NumberUnit, 'calendar'>, factor: number][] = [
  [/usd$/i, 'usd', 1],
  [/percent$/i, 'percent', 1],
  [/(?:_|^)(?:share|rate|ratio)$|(?:Share|Rate|Ratio)$/, 'percent', 100],
  [/ratio$/i, 'ratio', 1],
  [/seconds$/i, 'seconds', 1],
  [/minutes$/i, 'seconds', 60],
  [/hours$/i, 'seconds', 3600],
  [/_ms$|Ms$/, 'seconds', 0.001],
]

function addValue({ values }: Gathered, key: string, value: number): void {
  const size = Math.abs(value)
  const found = units.filter(([ending]) => ending.test(key))
  for (const [, unit, factor] of found) values[unit].push(size * factor)
  if (found.length === 0) values.plain.push(size)
  // Of a metric whose name says no unit, any may be meant.
  if (found.length === 0 && isOpenKey(key)) {
    values.usd.push(size)
    values.seconds.push(size)
    values.percent.push(size * 100)
  }
}

function addChange(known: Gathered, key: string, before: number, now: number): void {
  addValue(known, key, now - before)
  if (before === 0) return
  known.values.percent.push(Math.abs(now / before - 1) * 100)
  known.values.ratio.push(now / before)
  if (now !== 0) known.values.ratio.push(before / now)
}

function addText(known: Gathered, key: string, text: string): void {
  if (/\d/.test(text) && /\p{L}/u.test(text) && text.length >= 2) known.names.add(text)
  // An instant or a label is one whole string; anything longer is somebody's words.
  if (
    /^\d{4}-(?:W?\d\d)(?:-\d\d)?(?:[T ][\d:.]+Z?)?$|^\d\d:\d\d$|^[\p{L}, ]*\d{1,2} \p{L}+(?: \d{4})?$/u.test(
      text,
    )
  )
    addProse(known, text)
  else if (/^-?\d+(?:\.\d+)?$/.test(text)) addValue(known, key, Number(text))
}

function addProse({ values, calendar }: Gathered, text: string): void {
  for (const { unit, value, count, calendarKey } of readNumbers(text)) {
    if (unit === 'calendar') calendar.add(calendarKey)
    else values[unit].push(value)
    if (count !== null) values.plain.push(count)
  }
}

function withoutNames(text: string, names: readonly string[]): string {
  const plain = text.replace(/\\([\\`*_{}[\]()#+\-.!|<>~&:@])/g, '$1')
  return names.reduce(
    (rest, name) =>
      rest.replaceAll(new RegExp(`(?<![\\p{L}\\d])${escapeRegExp(name)}(?![\\p{L}\\d])`, 'giu'), ' '),
    plain,
  )
}

function isKnown({ unit, value, slack, count, calendarKey }: WrittenNumber, known: KnownNumbers): boolean {
  if (unit === 'calendar') return known.calendar.has(calendarKey)
  const { values } = known
  const isNear = (candidates: readonly number[], wanted: number, off: number) =>
    candidates.some((candidate) => Math.abs(candidate - wanted) <= off + 1e-9 * (1 + Math.abs(wanted)))
  if (isNear(values[unit], value, slack)) return true
  if (unit === 'plain') return isNear(values.ratio, value, Math.min(slack, 0.05))
  if (unit === 'ratio') return isNear(values.plain, value, 0)
  return count !== null && isNear(values.plain, count, 0)
}
