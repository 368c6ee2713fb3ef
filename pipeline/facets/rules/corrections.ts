// Course corrections: prompts, or refusals with a reason, that redirect the agent.

import type { TranscriptMessage } from '../../transcript.js'
import { evidenceFrom, refusalReason } from '../evidence.js'
import type { Evidence } from '../schema.js'
import type { Action } from './actions.js'
import { type Conversation, isCorrecting, type Prompt } from './conversation.js'

export interface Corrections {
  readonly count: number
  readonly messages: readonly TranscriptMessage[]
  /** Without refusals, which are a friction of their own kind. */
  readonly spoken: readonly TranscriptMessage[]
  readonly evidence: readonly Evidence[]
}

export function findCorrections(conversation: Conversation): Corrections {
  const spoken = conversation.prompts.filter(isCorrection).map((prompt) => prompt.message)
  const refused = conversation.actions.flatMap((action) =>
    action.answer && isRedirected(action) ? [action.answer] : [],
  )
  const messages = [...spoken, ...refused].sort((a, b) => a.ordinal - b.ordinal)
  return {
    count: messages.length,
    messages,
    spoken,
    evidence: messages.map((message) => evidenceFrom('course_corrections', null, [message])),
  }
}

/** A reason given with a refused edit or plan redirects the work; one given with a command may only say "not now". */
function isRedirected({ isRejected, tool, kind, answer }: Action): boolean {
  const reason = isRejected && tool !== 'AskUserQuestion' ? refusalReason(answer?.text ?? '') : null
  if (reason === null) return false
  return kind === 'edit' || kind === 'other' || isCorrecting(reason)
}

/** Words right after a stop redirect too, unless they only move on or bring something long and new. */
function isCorrection(prompt: Prompt): boolean {
  if (prompt.kind === 'correction') return true
  return (
    prompt.followsStop && (prompt.kind === 'ask' || prompt.kind === 'question') && prompt.text.length < 400
  )
}
