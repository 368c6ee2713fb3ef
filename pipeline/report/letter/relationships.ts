// Relationship pulse: which of the people that the user named the work was about, and who began it.
import { periodNoun } from '../figures.js'
import { formatShare, listed } from '../format.js'
import {
  isComparable,
  type LetterSection,
  type LetterSource,
  type Sentence,
  section,
  shownIn,
  some,
  times,
} from './remarks.js'

export function relationshipLetter(source: LetterSource): LetterSection | null {
  if (source.context.people.length === 0) return null
  return section(source, 'Relationship pulse', [inTouch, initiative, actions, silent], 3)
}

const inTouch: Sentence = (source) => {
  const rows = source.data.rows.relationship_pulse.filter((row) => row.session_count > 0)
  if (rows.length === 0) return null
  const parts = rows.slice(0, 3).map((row) => `${row.person} in ${some(row.session_count, 'session')}`)
  const more = rows.length > 3 ? `, and ${some(rows.length - 3, 'more', 'more')}` : ''
  const before = source.data.rows.relationship_pulse.filter((row) => row.previous_session_count > 0).length
  const was =
    isComparable(source) && before !== rows.length
      ? `; ${before === 0 ? 'nobody' : some(before, 'of them', 'of them')} came up the ${periodNoun(source.data)} before`
      : ''
  return {
    claims: shownIn('people'),
    weight: 1,
    text: `Your work touched ${listed(parts)}${more}${was}.`,
  }
}

const initiative: Sentence = (source) => {
  const rows = source.data.rows.relationship_actions
  const count = (type: string, key: 'action_count' | 'previous_action_count') =>
    rows.filter((row) => row.outreach_type === type).reduce((sum, row) => sum + row[key], 0)
  const yours = count('proactive', 'action_count')
  const all = yours + count('reactive', 'action_count')
  if (all < 2) return null
  const beforeYours = count('proactive', 'previous_action_count')
  const beforeAll = beforeYours + count('reactive', 'previous_action_count')
  const was =
    isComparable(source) && beforeAll > 1
      ? ` (${formatShare(beforeYours / beforeAll)} the ${periodNoun(source.data)} before)`
      : ''
  return {
    claims: shownIn('people'),
    weight: 0.8,
    text: `You made the first move in ${formatShare(yours / all)} of what you did for them${was}; the rest was in answer.`,
  }
}

const actions: Sentence = (source) => {
  const counts = new Map<string, number>()
  for (const { person, relationship_action: action, action_count } of source.data.rows.relationship_actions)
    if (action !== null && action_count > 0)
      counts.set(`${action} for ${person}`, (counts.get(`${action} for ${person}`) ?? 0) + action_count)
  const parts = [...counts]
    .sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0]))
    .slice(0, 3)
    .map(([what, count]) => `${what} ${times(count)}`)
  return parts.length === 0
    ? null
    : { claims: shownIn('people'), weight: 0.5, text: `What was done: ${listed(parts)}.` }
}

/** Somebody who was there before and is not now. */
const silent: Sentence = (source) => {
  if (!isComparable(source)) return null
  const rows = source.data.rows.relationship_pulse.filter((row) => row.session_count === 0)
  if (rows.length === 0) return null
  return {
    claims: [{ parts: ['people'], phrase: 'did not come up' }],
    weight: 0.6,
    text: `${listed(rows.map((row) => row.person))} did not come up, but did the ${periodNoun(source.data)} before.`,
  }
}
