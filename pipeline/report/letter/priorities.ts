// Priority alignment: how much of the time served what the user says matters; only with priorities in `context:`.
import { periodNoun } from '../figures.js'
import { capitalised, formatDuration, formatShare, listed } from '../format.js'
import {
  isComparable,
  type LetterSection,
  type LetterSource,
  type Sentence,
  section,
  shownIn,
  some,
} from './remarks.js'

export function priorityLetter(source: LetterSource): LetterSection | null {
  if (source.context.priorities.length === 0) return null
  return section(source, 'Priority alignment', [served, supported, neglected, drifted], 3)
}

const served: Sentence = (source) => {
  const { data } = source
  const judged = data.rows.priority_alignment.reduce((sum, row) => sum + row.session_count, 0)
  if (judged === 0) return null
  const aligned = alignment(source, 'aligned')
  const now = aligned?.active_share ?? 0
  const before = aligned?.previous_active_share ?? 0
  const top = data.rows.priorities.filter((row) => row.session_count > 0)
  const named = top
    .slice(0, 2)
    .map((row) => `${nameOf(source, row.priority_matched)} with ${some(row.session_count, 'session')}`)
  if (now === 0)
    return {
      claims: shownIn('priorities', 'alignment'),
      weight: 1,
      text: `None of the ${some(judged, 'session')} that were judged served one of your priorities directly${
        isComparable(source) && before > 0 ? `, after ${formatShare(before)} of the time before` : ''
      }.`,
    }
  const was =
    !isComparable(source) || Math.abs(now - before) < 0.02
      ? ''
      : `, ${now > before ? 'up' : 'down'} from ${formatShare(before)} the ${periodNoun(data)} before`
  return {
    claims: shownIn('priorities', 'alignment'),
    weight: 1,
    text: `${formatShare(now)} of the time went straight into your priorities${was}${
      named.length > 0 ? `: ${listed(named)}` : ''
    }.`,
  }
}

const supported: Sentence = (source) => {
  const supportive = alignment(source, 'supportive')
  const neutral = alignment(source, 'neutral')
  const [a, b] = [supportive?.active_share ?? 0, neutral?.active_share ?? 0]
  if (a < 0.1 && b < 0.1) return null
  const parts = [
    ...(a >= 0.1 ? [`${formatShare(a)} was for your businesses without naming a priority`] : []),
    ...(b >= 0.1 ? [`${formatShare(b)} had to do with neither`] : []),
  ]
  return {
    claims: shownIn('priorities', 'alignment'),
    weight: 0.3 + Math.max(a, b) / 2,
    text: `Another ${parts.join(', and ')}.`,
  }
}

/** Priorities that got nothing; those that had something the period before weigh more. */
const neglected: Sentence = (source) => {
  const { context, data } = source
  const idle = context.priorities.filter(
    ({ slug }) => !data.rows.priorities.some((row) => row.priority_matched === slug && row.session_count > 0),
  )
  if (idle.length === 0 || idle.length === context.priorities.length) return null
  const lost = data.rows.priorities.find(
    (row) => row.session_count === 0 && row.previous_session_count > 0 && isComparable(source),
  )
  const names = listed(idle.map(({ name }) => name))
  const had = lost
    ? `; ${idle.length > 1 ? `${nameOf(source, lost.priority_matched)} had` : 'it had'} ${formatDuration(lost.previous_active_seconds)} the ${periodNoun(data)} before`
    : ''
  return {
    claims: [{ parts: ['priorities', 'alignment'], phrase: 'no session' }],
    weight: lost ? 0.8 : 0.5,
    text: `${names} got no session${had}.`,
  }
}

const drifted: Sentence = (source) => {
  const drift = alignment(source, 'drift')
  if (!drift || drift.session_count === 0) return null
  const was =
    isComparable(source) && drift.previous_session_count > 0
      ? `, after ${some(drift.previous_session_count, 'session')} the ${periodNoun(source.data)} before`
      : ''
  return {
    claims: shownIn('priorities', 'alignment'),
    weight: 0.4 + drift.active_share,
    text: `${capitalised(some(drift.session_count, 'session'))} pulled you away from them, for ${formatDuration(drift.active_seconds)}${was}.`,
  }
}

function alignment({ data }: LetterSource, name: string) {
  return data.rows.priority_alignment.find((row) => row.priority_alignment === name) ?? null
}

function nameOf({ context }: LetterSource, slug: string): string {
  return context.priorities.find((priority) => priority.slug === slug)?.name ?? slug
}
