// What the letter's sections are made of: remarks that each know how telling they are, and the words that they share.
import type { Config } from '../../config.js'
import { weekdayDate, weekdayName } from '../../period.js'
import type { ReportData } from '../data.js'
import { currentRow, periodNoun, previousRow } from '../figures.js'
import { formatCount, formatShare } from '../format.js'
import type { SessionRow } from '../rows.js'

/** What a letter is written from. */
export interface LetterSource {
  readonly data: ReportData
  readonly context: Omit<Config['context'], 'hourly_rate_usd'>
}

/** Where the report shows what a sentence claims. */
export interface Claim {
  /** Ids of parts, the best first; a page has not every one. */
  readonly parts: readonly string[]
  readonly sessionId?: string
  /** The words that claim it, as they stand in the sentence; its first figure where none are named. */
  readonly phrase?: string
}

/** A sentence that knows what it speaks of. */
export interface Told {
  readonly text: string
  readonly claims: readonly Claim[]
}

export interface Remark extends Told {
  /** From 0 to 1: the part of the period's time, money or sessions that it concerns, or how far something moved. */
  readonly weight: number
}

/** One thing that may be worth saying; null where the data do not bear it. */
export type Sentence = (source: LetterSource) => Remark | null

export interface LetterSection {
  readonly heading: string
  readonly sentences: readonly Told[]
  readonly isList: boolean
}

/** The most telling remarks, in the order in which they read well; null where there are none. */
export function section(
  source: LetterSource,
  heading: string,
  candidates: readonly Sentence[],
  most: number,
): LetterSection | null {
  const sentences = pick(source, candidates, most)
  return sentences.length === 0 ? null : { heading, sentences, isList: false }
}

export function pick(source: LetterSource, candidates: readonly Sentence[], most: number): Told[] {
  const remarks = candidates.flatMap((sentence) => sentence(source) ?? [])
  const kept = new Set([...remarks].sort((a, b) => b.weight - a.weight).slice(0, most))
  return remarks.filter((remark) => kept.has(remark))
}

/** Whether the period may be measured against the one before: not while it runs, and not where that holds nothing. */
export function isComparable({ data }: LetterSource): boolean {
  return !data.isSoFar && previousRow(data) !== null
}

/** ", up from 3 the week before", in words that follow from the numbers; empty where nothing is comparable. */
export function against(
  source: LetterSource,
  before: number,
  now: number,
  say: (amount: number) => string = formatCount,
): string {
  if (!isComparable(source)) return ''
  const then = `the ${periodNoun(source.data)} before`
  if (before === 0) return now === 0 ? '' : `, after none ${then}`
  if (say(before) === say(now)) return `, as ${then}`
  const ratio = now / before
  if (Math.abs(ratio - 1) < 0.1) return `, much as ${then} (${say(before)})`
  if (ratio >= 1.95 && ratio < 2.05) return `, twice the ${say(before)} of ${then}`
  if (ratio >= 2.05) return `, against ${say(before)} ${then}`
  return `, ${now > before ? 'up' : 'down'} from ${say(before)} ${then}`
}

/** How far a number moved, from 0 to 1: half of what it was, or twice as much, is 0.5. */
export function movement(before: number, now: number): number {
  const larger = Math.max(before, now)
  return larger === 0 ? 0 : Math.abs(now - before) / larger
}

/** Of the period's cost, 0 to 1; 0 where nothing has a price. */
export function costShare({ data }: LetterSource, costUsd: number | null): number {
  const total = currentRow(data).cost_usd
  return total > 0 ? (costUsd ?? 0) / total : 0
}

export function sessionById({ data }: LetterSource, sessionId: string): SessionRow | null {
  return data.rows.sessions.find((row) => row.session_id === sessionId) ?? null
}

/** “Mend the tide table” (harbour, Tuesday); where no words may be told, "Tuesday’s bug fixing in harbour". */
export function sessionName({ data }: LetterSource, row: SessionRow): string {
  const isWeek = data.period.kind === 'weekly'
  const day = isWeek ? weekdayName(row.first_date) : weekdayDate(row.first_date)
  if (row.underlying_goal !== null) {
    const where = row.project === null ? day : `${row.project}, ${day}`
    return `“${shortGoal(row.underlying_goal)}” (${where})`
  }
  const work = kindOfWork(row.primary_task_category)
  const where = row.project === null ? '' : ` in ${row.project}`
  return isWeek ? `${day}’s ${work}${where}` : `the ${work}${where} on ${day}`
}

export function shownIn(...parts: string[]): Claim[] {
  return [{ parts }]
}

/** The session that a sentence names, as `sessionName` does: its goal, or else all of the name. */
export function aboutSession(source: LetterSource, row: SessionRow): Claim {
  const name = sessionName(source, row)
  const phrase = /^“[^”]*”/.exec(name)?.[0] ?? name
  return { parts: ['sessions'], sessionId: row.session_id, phrase }
}

const longestGoal = 72

/** A goal in as many whole words as a sentence bears. */
export function shortGoal(goal: string): string {
  const line = goal.replace(/[“”]/g, '"').replace(/\s+/g, ' ').trim()
  if (line.length <= longestGoal) return line.replace(/[.,:;]+$/, '')
  const cut = line.slice(0, longestGoal)
  const whole = cut.slice(0, Math.max(cut.lastIndexOf(' '), longestGoal / 2))
  return `${whole.replace(/[\s.,:;…?!(-]+$/, '')}…`
}

const works: Readonly<Record<string, string>> = {
  implement_feature: 'feature work',
  fix_bug: 'bug fixing',
  refactor: 'refactoring',
  write_tests: 'test writing',
  review_code: 'code review',
  explain_explore: 'exploring',
  docs: 'documentation',
  config_devops: 'configuration work',
  git_ops: 'Git housekeeping',
  plan_design: 'planning',
  research: 'research',
}

export function kindOfWork(category: string | null): string {
  return works[category ?? ''] ?? 'session'
}

/** "3 of 12 calls (25 %)" */
export function partOf(part: number, whole: number, noun: string): string {
  return `${formatCount(part)} of ${formatCount(whole)} ${noun} (${formatShare(part / whole)})`
}

const spelled = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten']

/** "three sessions", "12 sessions": small numbers as words, as in a letter. */
export function some(count: number, noun: string, plural = `${noun}s`): string {
  return `${spelled[count] ?? formatCount(count)}\u00a0${count === 1 ? noun : plural}`
}

/** "once", "twice", "5 times" */
export function times(count: number): string {
  return count === 1 ? 'once' : count === 2 ? 'twice' : `${spelled[count] ?? formatCount(count)}\u00a0times`
}
