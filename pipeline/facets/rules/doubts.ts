// What at a session's end speaks against the goal having been reached, each with the message that says so.
import type { TranscriptMessage } from '../../transcript.js'
import type { OutcomeReason } from '../schema.js'
import { type Action, isDone } from './actions.js'
import type { Conversation, Prompt } from './conversation.js'
import { openTasks } from './tasks.js'

export interface Doubt {
  readonly reason: OutcomeReason
  readonly message: TranscriptMessage
}

const admission =
  /\b(?:could(?:n['’]t| not)|was unable|unable to|can(?:not|['’]t) (?:be|find|fix|reproduce|complete|proceed|continue)|still (?:fail|failing|broken|not)|(?:does|did)(?:n['’]t| not) (?:work|persist|help|succeed|take effect)|blocked|no luck|not (?:yet )?(?:working|resolved|fixed)|(?:was|were)(?:n['’]t| not) (?:run|tested|verified|able)|have(?:n['’]t| not) (?:run|tested|verified|been able))/i
/** A choice that the work waits for; an offer of one more step leaves the work done. */
const choice =
  /\b(?:would you like|shall i|should i|do you want|want me to)\b[^?\n]*\bor\b[^?\n]*\?|\bwhich (?:one|option|approach|direction|way|would|do)\b[^?\n]*\?|\b(?:want me to|should i|shall i)\b[^?\n]*\binstead\?/i
/** Whether to commit or push what is done leaves nothing of the work open. */
const handover =
  /^(?:would you like|shall i|should i|do you want|want me to)(?: me)?(?: to)? (?:commit|push|merge|open|create a (?:pr|pull))/i
const offer =
  /\b(?:would you like|shall i|should i|do you want|want me to|let me know (?:if|which|what|how)|ready to (?:proceed|start|implement))\b/i
const announcement =
  /^(?:(?:now|next|ok|okay|first|then|oh wait|hm+|wait)[,.!]*\s+)*(?:let me|let['’]s|i['’]ll|i will|i am going to|i['’]m going to|now i)\b(?! (?:know|wait|be|leave|stop)\b)/i
const claimChars = 600
const endingChars = 400

/** In the order of their weight. */
export function findDoubts(conversation: Conversation): Doubt[] {
  const { closing } = conversation
  if (!closing) return []
  const failing = lastFailing(conversation, 'test')
  const broken = lastFailing(conversation, 'check')
  const unanswered = unansweredFailure(conversation)
  const unchecked = unanswered ? null : uncheckedFix(conversation)
  const open = openTasks(conversation.actions)
  const found: readonly (readonly [OutcomeReason, TranscriptMessage | null | undefined])[] = [
    ['failure_admitted', admission.test(closing.text.slice(0, claimChars)) ? closing : null],
    ['tests_failing', failing?.answer],
    ['check_failing', broken?.answer],
    ['failure_unanswered', unanswered?.message],
    ['fix_unchecked', unchecked?.message],
    ['steps_announced', isAnnouncing(closing.text) ? closing : null],
    ['choice_open', isChoiceOpen(conversation, closing.text) ? closing : null],
    ['tasks_open', open.count > 0 ? open.message : null],
  ]
  return found.flatMap(([reason, message]) => (message ? [{ reason, message }] : []))
}

export function isResult(action: Action): boolean {
  return ['edit', 'commit', 'push', 'pull_request'].includes(action.kind)
}

/** The last run of its kind, if it failed and the commands that followed did not carry on from it. */
function lastFailing({ actions }: Conversation, kind: 'test' | 'check'): Action | null {
  const last = actions.findLast((action) => action.kind === kind && action.answer !== null)
  if (!last?.isFailing) return null
  // A build's failure that a later passing test or a commit went past was not the end of it.
  const isPassed = actions.some(
    (action) =>
      action.call.ordinal > last.call.ordinal &&
      isDone(action) &&
      ['test', 'commit', 'push'].includes(action.kind),
  )
  return kind === 'check' && isPassed ? null : last
}

/** The person's last word is that it fails, and nothing was done about it since. */
function unansweredFailure({ prompts, actions }: Conversation): Prompt | null {
  const last = prompts.at(-1)
  if (!last?.isComplaint) return null
  const isTried = actions.some((action) => action.call.ordinal > last.message.ordinal && isDone(action))
  return isTried ? null : last
}

/** A failure was reported and something changed, but nothing ran and nobody spoke to it afterwards. */
function uncheckedFix({ prompts, actions }: Conversation): Prompt | null {
  const last = prompts.at(-1)
  if (!last?.isComplaint) return null
  const since = actions.filter(({ call }) => call.ordinal > last.message.ordinal)
  const isChanged = since.some((action) => action.kind === 'edit' && isDone(action))
  const isRun = since.some((action) => ['test', 'check', 'shell'].includes(action.kind) && isDone(action))
  return isChanged && !isRun ? last : null
}

/** The last sentence announces a step that the log does not show. */
function isAnnouncing(text: string): boolean {
  const sentences = text.trim().split(/(?<=[.!?:])\s+|\n+/)
  return announcement.test(sentences.at(-1) ?? '')
}

/** The agent waits for a decision; where words were all that was asked for, a choice is the answer. */
function isChoiceOpen({ prompts, actions }: Conversation, closing: string): boolean {
  const last = prompts.findLast(({ kind }) => kind === 'ask' || kind === 'correction')
  const ending = closing.slice(-endingChars)
  if (prompts.at(-1)?.kind === 'thanks' || !last) return false
  const chosen = choice.exec(ending)?.[0]
  if (chosen !== undefined && !handover.test(chosen)) return true
  const isWorkedOn = actions.some(
    (action) => action.call.ordinal > last.message.ordinal && isResult(action) && isDone(action),
  )
  return !isWorkedOn && prompts.at(-1) === last && offer.test(ending)
}
