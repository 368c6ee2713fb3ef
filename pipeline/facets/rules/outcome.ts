// How far the session came: reached unless its end gives a reason to doubt it, and every reason is named.
import type { TranscriptMessage } from '../../transcript.js'
import { evidenceFrom } from '../evidence.js'
import type { Evidence, Outcome, OutcomeReason } from '../schema.js'
import { isDone } from './actions.js'
import type { Conversation } from './conversation.js'
import type { CutShort } from './cut-short.js'
import { findDoubts, isResult } from './doubts.js'

export interface JudgedOutcome {
  readonly outcome: Outcome
  /** What decided, weightiest first; empty where nothing spoke against the best outcome. */
  readonly reasons: readonly OutcomeReason[]
  /** The message that decided; null where there is none. */
  readonly ground: TranscriptMessage | null
  readonly evidence: readonly Evidence[]
}

interface Reasoned {
  readonly reason: OutcomeReason
  readonly message: TranscriptMessage | null
}

const claim =
  /\b(?:done|complete[d]?|fixed|implemented|committed|pushed|created|added|updated|removed|resolved|merged|works? now|success(?:ful|fully)?|all (?:\d+ |\w+ ){0,3}(?:pass(?:es|ed|ing)?|green|clean)|pass(?:es|ing)?\b|nothing else to do|(?:is|are) (?:now )?(?:in place|ready|clean))/i
const claimChars = 600

export function judgeOutcome(conversation: Conversation, cutShort: CutShort): JudgedOutcome {
  const { closing, prompts, messages } = conversation
  const ground = closing ?? (cutShort.isStopped ? (messages.at(-1) ?? null) : null)
  if (prompts.length === 0 || ground === null)
    return { outcome: 'unclear_from_transcript', reasons: [], ground: null, evidence: [] }
  const judge = cutShort.isCutShort ? judgeCut : judgeClosed
  const { outcome, reasons } = judge(conversation, cutShort)
  return {
    outcome,
    reasons: reasons.map(({ reason }) => reason),
    ground,
    evidence: [
      evidenceFrom('outcome', outcome, [ground]),
      ...reasons.flatMap(({ reason, message }) =>
        message ? [evidenceFrom('outcome', reason, [message])] : [],
      ),
    ],
  }
}

interface Judgement {
  readonly outcome: Outcome
  readonly reasons: readonly Reasoned[]
}

function judgeCut(conversation: Conversation, { isStopped }: CutShort): Judgement {
  const { actions, messages, prompts } = conversation
  const end = messages.at(-1) ?? null
  const hasResult = actions.some((action) => isResult(action) && isDone(action))
  if (isStopped)
    return {
      outcome: hasResult ? 'partially_achieved' : 'not_achieved',
      reasons: [{ reason: 'stopped_by_user', message: end }],
    }
  const last = actions.at(-1)
  const reasons: Reasoned[] = [{ reason: 'log_ends_midway', message: end }]
  if (last && ['commit', 'push', 'pull_request'].includes(last.kind))
    return last.isError
      ? { outcome: 'partially_achieved', reasons }
      : { outcome: 'fully_achieved', reasons: [] }
  const lastAsk = prompts.at(-1)?.message ?? null
  const isAnswered = actions.some(({ call }) => call.ordinal > (lastAsk?.ordinal ?? 0))
  if (!isAnswered && hasResult)
    return { outcome: 'mostly_achieved', reasons: [{ reason: 'request_unanswered', message: lastAsk }] }
  if (last?.kind === 'test' || !hasResult) return { outcome: 'unclear_from_transcript', reasons }
  return { outcome: 'mostly_achieved', reasons }
}

function judgeClosed(conversation: Conversation): Judgement {
  const closing = conversation.closing?.text ?? ''
  const isClaimed = claim.test(closing.slice(0, claimChars))
  const hasResult = conversation.actions.some((action) => isResult(action) && isDone(action))
  const reasons = findDoubts(conversation)
  const doubts = new Set(reasons.map(({ reason }) => reason))
  return { outcome: outcomeWith(doubts, isClaimed, hasResult), reasons }
}

/** A claim lifts a doubt by one step and never removes it; without any result there is little to claim. */
function outcomeWith(doubts: ReadonlySet<OutcomeReason>, isClaimed: boolean, hasResult: boolean): Outcome {
  if (doubts.size === 0) return 'fully_achieved'
  if (doubts.has('failure_admitted') && !isClaimed) return hasResult ? 'partially_achieved' : 'not_achieved'
  if (doubts.has('tests_failing') && (!isClaimed || doubts.has('failure_admitted')))
    return 'partially_achieved'
  if (doubts.has('failure_unanswered') && !isClaimed) return 'partially_achieved'
  if (doubts.has('steps_announced') && !isClaimed && !hasResult) return 'partially_achieved'
  return 'mostly_achieved'
}
