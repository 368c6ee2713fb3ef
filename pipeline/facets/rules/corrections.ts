// Course corrections: prompts, or refusals with a reason, that redirect the agent.

import type { TranscriptMessage } from '../../transcript.js'
import { evidenceFrom, refusalReason } from '../evidence.js'
import type { Evidence } from '../schema.js'
import type { Conversation, Prompt } from './conversation.js'

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
    action.isRejected &&
    action.tool !== 'AskUserQuestion' &&
    action.answer &&
    refusalReason(action.answer.text) !== null
      ? [action.answer]
      : [],
  )
  const messages = [...spoken, ...refused].sort((a, b) => a.ordinal - b.ordinal)
  return {
    count: messages.length,
    messages,
    spoken,
    evidence: messages.map((message) => evidenceFrom('course_corrections', null, [message])),
  }
}

/** Words right after a stop redirect too, unless they only move on or bring something long and new. */
function isCorrection(prompt: Prompt): boolean {
  if (prompt.kind === 'correction') return true
  return (
    prompt.followsStop && (prompt.kind === 'ask' || prompt.kind === 'question') && prompt.text.length < 400
  )
}
