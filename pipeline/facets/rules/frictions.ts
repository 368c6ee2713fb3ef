// What went wrong on the way, by kind; every count rests on messages that can be looked up.
import type { TranscriptMessage } from '../../transcript.js'
import { evidenceFrom } from '../evidence.js'
import { type Evidence, type FrictionKind, frictionKinds } from '../schema.js'
import type { Action } from './actions.js'
import { type Conversation, isInterruption } from './conversation.js'
import type { Corrections } from './corrections.js'
import type { RetryLoops } from './retry-loops.js'

export interface Frictions {
  readonly counts: Partial<Record<FrictionKind, number>>
  readonly evidence: readonly Evidence[]
}

const misunderstanding =
  /\b(?:i meant|what i meant|i mean\b|my point (?:is|was)|misunder\w+|not what i (?:asked|meant|wanted)|i (?:said|asked)|it'?s (?:just )?(?:a|an|for)\b|i was (?:asking|talking|referring))/i
const shownFailure =
  /^--- FAIL|^Traceback \(most recent|^(?:\w+)?Error: |\b(?:medium|high|critical) severity\b/im
const excess =
  /\b(?:should(?:n'?t| not) (?:be|have been) (?:changed|touched|removed|modified)|(?:too much|overkill|over-?engineer\w*|unnecessary|unrelated changes?)|only (?:change|touch)|(?:revert|undo) (?:that|this|the|your)|why did you (?:change|remove|delete|add)|i didn'?t ask)\b/i
const environment =
  /command not found|no such file or directory|permission denied|EACCES|ENOENT|ECONNREFUSED|ETIMEDOUT|could not resolve host|network is unreachable|not installed|no space left|address already in use|Exit code 127|paths are ignored by one of your|connection refused|cannot find module|overloaded|rate limit/i
const limitation =
  /exceeds maximum (?:allowed )?|unknown skill|not supported|no such tool|timed? ?out|requires approval|prompt is too long|context (?:window|length)/i
const emptyResult = /^(?:no (?:files|matches|results) found|0 results)\b/i
const fewestSignals = 2
const fewestEmptyResults = 5

export function findFrictions(
  conversation: Conversation,
  corrections: Corrections,
  loops: RetryLoops,
): Frictions {
  const found: Record<FrictionKind, TranscriptMessage[]> = {
    wrong_approach: wrongApproaches(corrections),
    misunderstood_request: corrections.spoken.filter(({ text }) => misunderstanding.test(text.slice(0, 400))),
    buggy_code: reportedBugs(conversation),
    tool_limitation: atLeast(fewestSignals, answersMatching(conversation, limitation)),
    excessive_changes: corrections.spoken.filter(({ text }) => excess.test(text.slice(0, 600))),
    user_rejected_action: rejections(conversation),
    loop_detected: loopMessages(conversation, loops),
    environment_issue: atLeast(fewestSignals, environmentIssues(conversation)),
    no_results: atLeast(fewestEmptyResults, emptyAnswers(conversation)),
  }
  return {
    counts: Object.fromEntries(
      frictionKinds.flatMap((kind) => (found[kind].length > 0 ? [[kind, found[kind].length]] : [])),
    ),
    evidence: frictionKinds.flatMap((kind) =>
      found[kind].map((message) => evidenceFrom('friction_counts', kind, [message])),
    ),
  }
}

/** A redirection that is neither a misunderstanding nor about too much was about the way taken. */
function wrongApproaches(corrections: Corrections): TranscriptMessage[] {
  return corrections.spoken.filter(
    ({ text }) => !misunderstanding.test(text.slice(0, 400)) && !excess.test(text.slice(0, 600)),
  )
}

/** A person reports a failure, or shows one, after the agent changed something. */
function reportedBugs(conversation: Conversation): TranscriptMessage[] {
  const firstEdit = conversation.actions.find(({ kind }) => kind === 'edit')?.call.ordinal
  if (firstEdit === undefined) return []
  return conversation.prompts
    .filter(
      ({ isComplaint, text, message }) =>
        message.ordinal > firstEdit && (isComplaint || shownFailure.test(text)),
    )
    .map(({ message }) => message)
}

function rejections(conversation: Conversation): TranscriptMessage[] {
  const refused = conversation.actions.flatMap(({ isRejected, answer }) =>
    isRejected && answer ? [answer] : [],
  )
  if (refused.length > 0) return refused
  return conversation.notes.filter((note) => isInterruption(note) && /for tool use/.test(note.text))
}

function loopMessages(conversation: Conversation, loops: RetryLoops): TranscriptMessage[] {
  const firsts = new Set(loops.evidence.map(({ ordinals }) => ordinals[0]))
  return conversation.messages.filter(({ ordinal }) => firsts.has(ordinal))
}

function environmentIssues(conversation: Conversation): TranscriptMessage[] {
  const failedCommands = answersMatching(
    conversation,
    environment,
    ({ kind }) => kind !== 'edit' && kind !== 'other',
  )
  return [...failedCommands, ...conversation.notes.filter((note) => /^API Error/i.test(note.text))]
}

function answersMatching(
  conversation: Conversation,
  sign: RegExp,
  isMeant: (action: Action) => boolean = () => true,
): TranscriptMessage[] {
  return conversation.actions.flatMap((action) =>
    action.isError && isMeant(action) && action.answer && sign.test(action.answer.text.slice(0, 2000))
      ? [action.answer]
      : [],
  )
}

function emptyAnswers(conversation: Conversation): TranscriptMessage[] {
  return conversation.actions.flatMap(({ answer }) =>
    answer && emptyResult.test(answer.text) ? [answer] : [],
  )
}

function atLeast(fewest: number, messages: TranscriptMessage[]): TranscriptMessage[] {
  return messages.length >= fewest ? messages : []
}
