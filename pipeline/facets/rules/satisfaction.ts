// How content the person seemed, and how much help that was: explicit words first, the outcome otherwise.
import { evidenceFrom } from '../evidence.js'
import type { Evidence, Helpfulness, Outcome, SatisfactionKind } from '../schema.js'
import type { Conversation, Prompt } from './conversation.js'
import type { Corrections } from './corrections.js'
import type { JudgedOutcome } from './outcome.js'

export interface Satisfaction {
  readonly counts: Partial<Record<SatisfactionKind, number>>
  readonly evidence: readonly Evidence[]
}

const fury =
  /\b(?:wtf|ffs|damn|stupid|ridiculous|useless|are you kidding|for the (?:third|last) time)\b|[!?]{3,}/i

export function judgeSatisfaction(
  conversation: Conversation,
  { outcome, ground }: Pick<JudgedOutcome, 'outcome' | 'ground'>,
): Satisfaction {
  const signs = conversation.prompts.flatMap((prompt) => {
    const kind = satisfactionOf(prompt, outcome)
    return kind ? [{ kind, prompt }] : []
  })
  const counts: Satisfaction['counts'] = {}
  for (const { kind } of signs) counts[kind] = (counts[kind] ?? 0) + 1
  if (signs.length === 0) {
    const assumed = assumedSatisfaction(outcome)
    const evidence = ground ? [evidenceFrom('user_satisfaction_counts', assumed, [ground])] : []
    return { counts: { [assumed]: 1 }, evidence }
  }
  return {
    counts,
    evidence: signs.map(({ kind, prompt }) =>
      evidenceFrom('user_satisfaction_counts', kind, [prompt.message]),
    ),
  }
}

/** A failure reported and then mended leaves nobody dissatisfied. */
function satisfactionOf(prompt: Prompt, outcome: Outcome): SatisfactionKind | null {
  if ((prompt.isComplaint || prompt.kind === 'correction') && fury.test(prompt.text.slice(0, 300)))
    return 'frustrated'
  if (prompt.isThanks) return 'satisfied'
  const isMended = outcome === 'fully_achieved' || outcome === 'mostly_achieved'
  return prompt.isComplaint && !isMended ? 'dissatisfied' : null
}

function assumedSatisfaction(outcome: Outcome): SatisfactionKind {
  if (outcome === 'fully_achieved' || outcome === 'mostly_achieved') return 'likely_satisfied'
  return 'neutral'
}

/** `essential` and `unhelpful` are for judges who understand the work. */
export function judgeHelpfulness(outcome: Outcome, corrections: Corrections): Helpfulness | null {
  if (outcome === 'unclear_from_transcript') return null
  if (outcome === 'not_achieved') return 'slightly_helpful'
  if (outcome === 'partially_achieved' || corrections.count >= 3) return 'moderately_helpful'
  return 'very_helpful'
}
