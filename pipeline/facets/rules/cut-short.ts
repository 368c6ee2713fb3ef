// Whether the conversation stopped before the agent could finish.
import type { TranscriptMessage } from '../../transcript.js'
import { evidenceFrom } from '../evidence.js'
import type { Evidence } from '../schema.js'
import { type Conversation, isInterruption } from './conversation.js'

export interface CutShort {
  /** Null while the session is still running. */
  readonly isCutShort: boolean | null
  /** The user stopped it, rather than the log just ending. */
  readonly isStopped: boolean
  readonly evidence: readonly Evidence[]
}

export function judgeCutShort(conversation: Conversation): CutShort {
  const last = conversation.messages.findLast((message) => !isPassing(message))
  if (!last || conversation.input.session.completion_status === 'active')
    return { isCutShort: null, isStopped: false, evidence: [] }
  const isStopped =
    isInterruption(last) ||
    conversation.actions.some((action) => action.isRejected && action.answer?.ordinal === last.ordinal)
  const isFinished = last.role === 'assistant' && last.text.trim() !== '' && last.toolCalls.length === 0
  const isCutShort = isStopped || !isFinished
  return { isCutShort, isStopped, evidence: [evidenceFrom('session_cut_short', String(isCutShort), [last])] }
}

/** Slash commands such as /exit and compactions end nothing. */
function isPassing(message: TranscriptMessage): boolean {
  return message.role === 'note' && !isInterruption(message)
}
