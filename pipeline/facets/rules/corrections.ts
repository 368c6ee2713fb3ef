// Course corrections: prompts, or refusals with a reason, that redirect the agent.

import type { TranscriptMessage } from '../../transcript.js'
import { evidenceFrom } from '../evidence.js'
import type { Evidence } from '../schema.js'
import type { Conversation, Prompt } from './conversation.js'

export interface Corrections {
  readonly count: number
  readonly messages: readonly TranscriptMessage[]
  readonly evidence: readonly Evidence[]
}

const reasonGiven = /the user said:\s*\n?([^\n]+)/

export function findCorrections(conversation: Conversation): Corrections {
  const spoken = conversation.prompts.filter(isCorrection).map((prompt) => prompt.message)
  const refused = conversation.actions.flatMap((action) =>
    action.isRejected &&
    action.tool !== 'AskUserQuestion' &&
    action.answer &&
    reasonGiven.test(action.answer.text)
      ? [action.answer]
      : [],
  )
  const messages = [...spoken, ...refused].sort((a, b) => a.ordinal - b.ordinal)
  return {
    count: messages.length,
    messages,
    evidence: messages.map((message) => ({
      ...evidenceFrom('course_corrections', null, [message]),
      ...(message.role === 'tool'
        ? { quote: reasonGiven.exec(message.text)?.[1]?.slice(0, 120) ?? null }
        : {}),
    })),
  }
}

/** Words right after a stop redirect too, unless they only move on or bring something long and new. */
function isCorrection(prompt: Prompt): boolean {
  if (prompt.kind === 'correction') return true
  return (
    prompt.followsStop && (prompt.kind === 'ask' || prompt.kind === 'question') && prompt.text.length < 400
  )
}
