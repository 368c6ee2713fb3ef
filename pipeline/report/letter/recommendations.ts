// Recommendations: the period's tips; without any, what the letter's own facts suggest, each with its number.
import { sentencesIn } from '../../number-check.js'
import { currentRow } from '../figures.js'
import { formatDollars, formatShare } from '../format.js'
import { type LetterSection, type LetterSource, pick, type Sentence, shownIn, some } from './remarks.js'
import { slashed } from './shown.js'

const mostRecommendations = 3

export function recommendationLetter(source: LetterSource): LetterSection | null {
  const tips = source.data.rows.tips.slice(0, mostRecommendations)
  const sentences =
    tips.length > 0
      ? tips.map((tip) => ({
          text: [tip.observation, firstSentences(tip.recommendation)].map(sentence).join(' '),
          claims: shownIn('tips'),
        }))
      : pick(source, [useSkill, nameTheCheck, stopEarlier, smallerContexts], mostRecommendations)
  return sentences.length === 0 ? null : { heading: 'What to try next', sentences, isList: true }
}

/** The tips' own section has the rest. */
function firstSentences(text: string): string {
  return sentencesIn(text).slice(0, 2).join(' ')
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`
}

const useSkill: Sentence = (source) => {
  const [row] = source.data.rows.skills.filter(({ missed_count }) => missed_count > 1)
  if (!row || !source.context.skills.some(({ name }) => slashed(name) === row.skill_name)) return null
  return {
    claims: shownIn('skills'),
    weight: 0.5 + row.missed_count / 20,
    text: `Begin with ${row.skill_name} where it fits; it would have done for ${some(row.missed_count, 'session')}.`,
  }
}

const nameTheCheck: Sentence = ({ data }) => {
  const now = data.rows.friction_signals.find((row) => row.period_role === 'current')
  if (!now || now.prompt_count < 10) return null
  const share = now.correction_count / now.prompt_count
  if (share < 0.1) return null
  return {
    claims: shownIn('friction'),
    weight: share * 3,
    text: `Say in the first prompt how you will tell that it is done, and what must not change: ${formatShare(share)} of the prompts were there to put something right.`,
  }
}

const stopEarlier: Sentence = ({ data }) => {
  const rows = data.rows.sessions.filter(({ outcome }) => outcome === 'not_achieved')
  const costUsd = rows.reduce((sum, row) => sum + (row.cost_usd ?? 0), 0)
  const { cost_usd: total, unpriced_call_count: unpriced } = currentRow(data)
  if (unpriced > 0 || total === 0 || costUsd / total < 0.05) return null
  return {
    claims: shownIn('letter-figures'),
    weight: 0.4 + costUsd / total,
    text: `When a session stops getting anywhere, end it and begin anew with what you learnt; ${formatDollars(costUsd)} went into ${rows.length === 1 ? 'one' : 'some'} that came to nothing.`,
  }
}

const smallerContexts: Sentence = ({ data }) => {
  const now = data.rows.system_health.find((row) => row.period_role === 'current')
  if (!now || now.compaction_count < 5) return null
  return {
    claims: shownIn('letter-figures'),
    weight: 0.3 + now.compaction_count / 100,
    text: `Give a long task several sessions, with a note to hand over between them, before the context does it for you: it was compacted ${some(now.compaction_count, 'time')}.`,
  }
}
