// Skills gap: what was done by hand although a configured skill does it; only with skills in `context:`.
import { periodNoun } from '../figures.js'
import { capitalised, listed } from '../format.js'
import {
  isComparable,
  type LetterSection,
  type LetterSource,
  type Sentence,
  section,
  shownIn,
  some,
} from './remarks.js'
import { slashed } from './shown.js'

export function skillsLetter(source: LetterSource): LetterSection | null {
  if (source.context.skills.length === 0) return null
  return section(source, 'Skills gap', [missed, otherMissed, closed, used], 3)
}

const missed: Sentence = (source) => {
  const [row] = source.data.rows.skills.filter(({ missed_count }) => missed_count > 0)
  if (!row) return null
  const { handles } = source.context.skills.find(({ name }) => slashed(name) === row.skill_name) ?? {
    handles: '',
  }
  const by = handles === '' ? 'did by hand what it does' : `did ${handles} by hand`
  const before = row.previous_missed_count
  const was =
    !isComparable(source) || before === 0
      ? ''
      : before === row.missed_count
        ? `, as many as the ${periodNoun(source.data)} before`
        : `, after ${some(before, 'session')} the ${periodNoun(source.data)} before`
  return {
    claims: shownIn('skills'),
    weight: 1,
    text: `${row.skill_name} was waiting: ${some(row.missed_count, 'session')} ${by}${was}.`,
  }
}

const otherMissed: Sentence = (source) => {
  const [, ...rows] = source.data.rows.skills.filter(({ missed_count }) => missed_count > 0)
  if (rows.length === 0) return null
  const parts = rows.slice(0, 3).map((row) => `${row.skill_name} in ${some(row.missed_count, 'session')}`)
  return { claims: shownIn('skills'), weight: 0.7, text: `You also passed by ${listed(parts)}.` }
}

/** A skill that is used where it used to be missed. */
const closed: Sentence = (source) => {
  const row = source.data.rows.skills.find(
    (skill) => skill.previous_missed_count > 0 && skill.missed_count === 0 && skill.used_count > 0,
  )
  if (!row || !isComparable(source)) return null
  return {
    claims: shownIn('skills'),
    weight: 0.8,
    text: `${row.skill_name}, missed in ${some(row.previous_missed_count, 'session')} the ${periodNoun(source.data)} before, was missed in none and used in ${some(row.used_count, 'session')}.`,
  }
}

const used: Sentence = (source) => {
  const rows = source.data.rows.skills
    .filter(({ used_count }) => used_count > 0)
    .sort((a, b) => b.used_count - a.used_count || a.skill_name.localeCompare(b.skill_name))
  if (rows.length === 0) return null
  const parts = rows.slice(0, 3).map((row) => `${row.skill_name} (${some(row.used_count, 'session')})`)
  return { claims: shownIn('skills'), weight: 0.3, text: `${capitalised(listed(parts))} did get used.` }
}
