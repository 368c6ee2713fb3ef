// What stands below the lead: what an hour of work cost, and how far the sessions came.
import { currentRow, periodNoun, previousRow } from '../figures.js'
import { capitalised, changeFrom, formatCount, formatDollars, formatShare } from '../format.js'
import type { HeadlineRow } from '../rows.js'
import { strongestHabit } from './insights.js'
import {
  isComparable,
  type LetterSource,
  movement,
  pick,
  type Sentence,
  shownIn,
  some,
  type Told,
} from './remarks.js'

export function glanceSentences(source: LetterSource): Told[] {
  return pick(source, [costSentence, outcomeSentence, strongestHabit], 3)
}

/** Only where every call has a price and every log its usage: else nobody knows what an hour came to. */
const costSentence: Sentence = (source) => {
  const now = currentRow(source.data)
  const before = previousRow(source.data)
  const hourUsd = costOfAnHour(now)
  if (hourUsd === null) return null
  const bill = formatDollars(now.cost_usd)
  const beforeUsd = before && isComparable(source) ? costOfAnHour(before) : null
  if (!before || beforeUsd === null)
    return {
      claims: shownIn('cost'),
      weight: 0.3,
      text: `The bill was ${bill}, which is ${formatDollars(hourUsd)} for an hour of work.`,
    }
  const change = changeFrom(before.cost_usd, now.cost_usd)
  const than = `the ${periodNoun(source.data)} before`
  const bills =
    !change || change.direction === 'flat'
      ? `The bill stayed at ${bill}`
      : change.text.startsWith('×')
        ? `The bill was ${bill}, after ${formatDollars(before.cost_usd)} ${than}`
        : `The bill was ${bill}, ${change.text.slice(1)} ${change.direction === 'up' ? 'more' : 'less'} than ${than}`
  return {
    claims: shownIn('cost-bridge', 'cost'),
    weight: 0.3 + movement(before.cost_usd, now.cost_usd),
    text: `${bills}${hourWords(beforeUsd, hourUsd)}.`,
  }
}

function hourWords(beforeUsd: number, hourUsd: number): string {
  const [before, now] = [formatDollars(beforeUsd), formatDollars(hourUsd)]
  if (movement(beforeUsd, hourUsd) < 0.1) return `; an hour of work came to ${now}, much as before`
  return hourUsd > beforeUsd
    ? `, and an hour of work got dearer: ${now} instead of ${before}`
    : `, and an hour of work got cheaper: ${now} instead of ${before}`
}

function costOfAnHour(row: HeadlineRow): number | null {
  if (row.cost_usd === 0 || row.unpriced_call_count > 0 || row.unlogged_count > 0) return null
  return row.active_seconds < 1800 ? null : row.cost_usd / (row.active_seconds / 3600)
}

const outcomeSentence: Sentence = (source) => {
  const now = outcomesOf(source, 'session_count')
  const before = outcomesOf(source, 'previous_session_count')
  if (now.known < 3) return null
  const missed = now.missed === 0 ? '' : `, and ${some(now.missed, 'session')} did not get there at all`
  const share = now.reached / now.known
  const text =
    share === 1
      ? `All ${formatCount(now.known)} sessions whose outcome is known got where they were meant to`
      : now.reached === 0
        ? `None of the ${formatCount(now.known)} sessions whose outcome is known got where it was meant to`
        : `Of the ${formatCount(now.known)} sessions whose outcome is known, ${formatCount(now.reached)} got all or most of the way (${formatShare(share)})${missed}`
  const was = before.known < 3 || !isComparable(source) ? null : before.reached / before.known
  const than =
    was === null || Math.abs(was - share) < 0.05
      ? ''
      : `; ${share > was ? 'better' : 'worse'} than the ${formatShare(was)} of the ${periodNoun(source.data)} before`
  return {
    claims: shownIn('outcomes', 'letter-figures'),
    weight: 0.4 + (was === null ? 0 : Math.abs(was - share)),
    text: `${capitalised(text)}${than}.`,
  }
}

interface Outcomes {
  readonly known: number
  readonly reached: number
  readonly missed: number
}

function outcomesOf({ data }: LetterSource, key: 'session_count' | 'previous_session_count'): Outcomes {
  const count = (...names: string[]) =>
    data.rows.outcomes.filter((row) => names.includes(row.outcome)).reduce((sum, row) => sum + row[key], 0)
  const reached = count('fully_achieved', 'mostly_achieved')
  const missed = count('not_achieved')
  return { known: reached + missed + count('partially_achieved'), reached, missed }
}
