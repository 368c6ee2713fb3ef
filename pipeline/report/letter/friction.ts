// Friction highlights: what got in the way most, in which session, what it cost, and what has got better.

import { currentRow, periodNoun } from '../figures.js'
import { capitalised, formatDollars, formatShare } from '../format.js'
import { frictionWords } from '../names.js'
import type { FrictionSignalsRow, SessionRow } from '../rows.js'
import { contradiction, frictionInDollars, spikeDay } from './insights.js'
import {
  aboutSession,
  against,
  costShare,
  isComparable,
  type LetterSection,
  type LetterSource,
  movement,
  partOf,
  type Sentence,
  section,
  sessionById,
  sessionName,
  shownIn,
  some,
  times,
} from './remarks.js'

export function frictionLetter(source: LetterSource): LetterSection | null {
  const candidates = [
    frictionInDollars,
    risenKind,
    worstSession,
    corrections,
    refusals,
    unreached,
    contradiction,
    spikeDay('friction_spike'),
    cutShort,
    gone,
  ]
  return section(source, 'Friction highlights', candidates, 4)
}

/** The commonest kind is in the lead; here stands the one that rose most. Refusals have a sentence of their own. */
const risenKind: Sentence = (source) => {
  if (!isComparable(source)) return null
  const risen = source.data.rows.friction_kinds
    .filter(
      (row) =>
        row.friction_kind !== 'user_rejected_action' && row.friction_count - row.previous_friction_count >= 2,
    )
    .sort(
      (a, b) =>
        b.friction_count - b.previous_friction_count - (a.friction_count - a.previous_friction_count) ||
        a.friction_kind.localeCompare(b.friction_kind),
    )[0]
  if (!risen) return null
  const { friction_count: now, previous_friction_count: before } = risen
  const where =
    risen.session_count > 1 ? ` in ${some(risen.session_count, 'session')}` : ' in a single session'
  return {
    claims: shownIn('friction'),
    weight: 0.3 + movement(before, now) / 2,
    text: `What rose most was ${frictionWords(risen.friction_kind)}: ${times(now)}${where}${
      before === 0
        ? ', where there was none before'
        : `, after ${times(before)} the ${periodNoun(source.data)} before`
    }.`,
  }
}

/** The session with most friction, by name, with what happened in it. */
const worstSession: Sentence = (source) => {
  const [worst, next] = source.data.rows.troubled_sessions
  const row = worst ? sessionById(source, worst.session_id) : null
  if (!worst || !row || worst.friction_count < 2) return null
  const happened = [
    ...(worst.correction_count > 0 ? [some(worst.correction_count, 'correction')] : []),
    ...(worst.retry_loop_count > 0 ? [some(worst.retry_loop_count, 'retry loop')] : []),
    ...(worst.failed_call_count >= 5 ? [some(worst.failed_call_count, 'failed tool call')] : []),
    ...(worst.correction_count === 0 && worst.top_friction_kind
      ? [`${frictionWords(worst.top_friction_kind)} ${times(worst.top_friction_count)}`]
      : []),
  ].slice(0, 3)
  const isAlone = !next || next.friction_count < worst.friction_count
  return {
    claims: [aboutSession(source, row)],
    weight: 0.6 + costShare(source, row.cost_usd),
    text: `${isAlone ? 'The roughest session was' : 'One of the roughest sessions was'} ${sessionName(source, row)}: ${joined(happened)}${endOf(row)}.`,
  }
}

function joined(parts: readonly string[]): string {
  return parts.length < 2 ? (parts[0] ?? '') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`
}

/** How it ended all the same, and what it came to. */
function endOf(row: SessionRow): string {
  const cost =
    row.cost_usd !== null && row.cost_usd >= 0.5 && row.unpriced_call_count === 0
      ? ` for ${formatDollars(row.cost_usd)}`
      : ''
  const ends: Readonly<Record<string, string>> = {
    fully_achieved: ', and yet it got there',
    mostly_achieved: ', though it got most of the way',
    partially_achieved: ', and it got only part of the way',
    not_achieved: ', and nothing came of it',
  }
  const end = ends[row.outcome ?? '']
  return end ? `${end}${cost}` : cost === '' ? '' : `,${cost}`
}

/** Prompts that correct, as a share of all: told where it is high or has moved. */
const corrections: Sentence = (source) => {
  const now = signals(source, 'current')
  const before = signals(source, 'previous')
  if (!now || now.prompt_count < 10 || now.correction_count < 2) return null
  const share = now.correction_count / now.prompt_count
  const was =
    before && before.prompt_count >= 10 && isComparable(source)
      ? before.correction_count / before.prompt_count
      : null
  const moved = was === null ? 0 : Math.abs(share - was)
  if (share < 0.08 && moved < 0.03) return null
  return {
    claims: shownIn('friction'),
    weight: 0.3 + share + moved * 2,
    text: `You had to correct course in ${partOf(now.correction_count, now.prompt_count, 'prompts')}${
      was === null ? '' : against(source, was, share, formatShare)
    }.`,
  }
}

const refusals: Sentence = (source) => {
  const now = signals(source, 'current')
  const earlier = signals(source, 'previous')
  if (!now) return null
  const total = now.interruption_count + now.rejected_action_count
  const was = earlier ? earlier.interruption_count + earlier.rejected_action_count : 0
  if (total < 3 || (isComparable(source) && movement(was, total) < 0.25)) return null
  const parts = [
    ...(now.rejected_action_count > 0 ? [`refused ${some(now.rejected_action_count, 'action')}`] : []),
    ...(now.interruption_count > 0 ? [`stopped the agent ${times(now.interruption_count)}`] : []),
  ]
  const then = `the ${periodNoun(source.data)} before`
  const before = !isComparable(source)
    ? ''
    : was === 0
      ? `; ${then} never`
      : `; ${then} it was ${times(was)}${parts.length === 2 ? ' in all' : ''}`
  return {
    claims: shownIn('friction'),
    weight: 0.2 + movement(was, total) / 3,
    text: `You ${joined(parts)}${before}.`,
  }
}

/** Sessions that came to nothing, and what they cost. */
const unreached: Sentence = (source) => {
  const rows = source.data.rows.sessions
    .filter((row) => row.outcome === 'not_achieved' || row.outcome === 'partially_achieved')
    .sort((a, b) => (b.cost_usd ?? 0) - (a.cost_usd ?? 0) || a.session_id.localeCompare(b.session_id))
  const [dearest] = rows
  const costUsd = rows.reduce((sum, row) => sum + (row.cost_usd ?? 0), 0)
  const share = costShare(source, costUsd)
  if (!dearest || share < 0.03 || currentRow(source.data).unpriced_call_count > 0) return null
  const many = `${capitalised(some(rows.length, 'session'))} that stopped short of ${rows.length === 1 ? 'its' : 'their'} goal took ${formatDollars(costUsd)} (${formatShare(share)} of the cost)`
  return {
    claims: [aboutSession(source, dearest)],
    weight: 0.4 + share,
    text:
      rows.length === 1
        ? `One session stopped short of its goal after ${formatDollars(costUsd)}: ${sessionName(source, dearest)}.`
        : `${many}, ${(dearest.cost_usd ?? 0) > costUsd / 2 ? 'most of it' : 'the largest part'} for ${sessionName(source, dearest)}.`,
  }
}

const cutShort: Sentence = (source) => {
  const [now, before] = ['current', 'previous'].map((role) =>
    source.data.rows.completion.find((row) => row.period_role === role),
  )
  if (!now || now.cut_short_count < 3) return null
  return {
    claims: shownIn('friction'),
    weight: 0.2 + now.cut_short_count / Math.max(1, now.faceted_count) / 2,
    text: `${capitalised(some(now.cut_short_count, 'session'))} ended before ${now.cut_short_count === 1 ? 'its' : 'their'} end${against(source, before?.cut_short_count ?? 0, now.cut_short_count)}.`,
  }
}

/** What used to go wrong and has not. */
const gone: Sentence = (source) => {
  if (!isComparable(source)) return null
  const fallen = source.data.rows.friction_kinds
    .filter(
      (row) => row.previous_friction_count >= 4 && row.friction_count <= row.previous_friction_count / 2,
    )
    .sort((a, b) => b.previous_friction_count - a.previous_friction_count)[0]
  if (!fallen) return null
  return {
    claims: shownIn('friction'),
    weight: 0.35,
    text: `One thing got better: ${frictionWords(fallen.friction_kind)} came up ${times(fallen.friction_count)}, not ${times(fallen.previous_friction_count)} as the ${periodNoun(source.data)} before.`,
  }
}

function signals({ data }: LetterSource, role: 'current' | 'previous'): FrictionSignalsRow | null {
  const row = data.rows.friction_signals.find((candidate) => candidate.period_role === role)
  return row && row.session_count > 0 ? row : null
}
