// How far the session came, judged from its end: the last words, the last checks, and whether it was stopped.
import { evidenceFrom } from '../evidence.js'
import type { Evidence, Outcome } from '../schema.js'
import { type Action, isDone } from './actions.js'
import type { Conversation } from './conversation.js'
import type { CutShort } from './cut-short.js'

export interface JudgedOutcome {
  readonly outcome: Outcome
  readonly evidence: readonly Evidence[]
}

const claim =
  /\b(?:done|complete[d]?|fixed|implemented|committed|pushed|created|added|updated|removed|resolved|merged|works? now|success(?:ful|fully)?|all (?:\d+ |\w+ ){0,3}(?:pass(?:es|ed|ing)?|green|clean)|pass(?:es|ing)?\b|nothing else to do|(?:is|are) (?:now )?(?:in place|ready|clean))/i
const admission =
  /\b(?:could(?:n't| not)|was unable|unable to|can(?:not|'t) (?:be|find|fix|reproduce|complete|proceed|continue)|still (?:fail|failing|broken|not)|(?:does|did)n't work|blocked|no luck|not (?:yet )?(?:working|resolved|fixed))/i
const offer =
  /\b(?:would you like|shall i|should i|do you want|which (?:one|option|approach|would|do)|let me know (?:if|which|what|how)|want me to|option [a-d1-4]\b)/i

export function judgeOutcome(conversation: Conversation, cutShort: CutShort): JudgedOutcome {
  const { prompts } = conversation
  const ground = conversation.closing ?? (cutShort.isStopped ? conversation.messages.at(-1) : null)
  if (prompts.length === 0 || !ground) return { outcome: 'unclear_from_transcript', evidence: [] }
  const outcome = cutShort.isCutShort
    ? outcomeWhenCut(conversation, cutShort)
    : outcomeWhenClosed(conversation)
  return { outcome, evidence: [evidenceFrom('outcome', outcome, [ground])] }
}

function outcomeWhenCut(conversation: Conversation, cutShort: CutShort): Outcome {
  const { actions } = conversation
  const hasResult = actions.some((action) => isResult(action) && isDone(action))
  if (cutShort.isStopped) return hasResult ? 'partially_achieved' : 'not_achieved'
  const last = actions.at(-1)
  if (last && (last.kind === 'commit' || last.kind === 'push' || last.kind === 'pull_request'))
    return last.isError ? 'partially_achieved' : 'fully_achieved'
  if (last?.kind === 'test' || !hasResult) return 'unclear_from_transcript'
  return 'mostly_achieved'
}

function outcomeWhenClosed(conversation: Conversation): Outcome {
  const { actions, prompts } = conversation
  const closing = conversation.closing?.text ?? ''
  const lastAskOrdinal = prompts.at(-1)?.message.ordinal ?? 0
  const isClaimed = claim.test(closing.slice(0, 600))
  const isAdmitted = admission.test(closing.slice(0, 600))
  const hasResult = actions.some((action) => isResult(action) && isDone(action))
  const hasNewResult = actions.some((action) => action.call.ordinal > lastAskOrdinal && isResult(action))
  if (isAdmitted && !isClaimed) return hasResult ? 'partially_achieved' : 'not_achieved'
  if (isLastCheckFailing(actions)) return isClaimed && !isAdmitted ? 'mostly_achieved' : 'partially_achieved'
  if (hasNewResult || isClaimed) return isAdmitted ? 'mostly_achieved' : 'fully_achieved'
  return offer.test(closing.slice(-600)) ? 'mostly_achieved' : 'fully_achieved'
}

function isResult(action: Action): boolean {
  return ['edit', 'commit', 'push', 'pull_request'].includes(action.kind)
}

function isLastCheckFailing(actions: readonly Action[]): boolean {
  return actions.findLast(({ kind, answer }) => kind === 'test' && answer !== null)?.isFailing === true
}
