// A transcript read once for all rules: what was asked, what was done, and how each action ended.
import {
  complaintPattern,
  correctionPattern,
  longestReactionChars,
  thanksPattern,
} from '../../prompt-signals.js'
import type { TranscriptMessage } from '../../transcript.js'
import type { FacetInput } from '../provider.js'
import { type Action, actionsOf } from './actions.js'

/** `ask` sets or refines a task; `question` wants an answer; `go` and `git` only move the current task on. */
export type PromptKind = 'ask' | 'question' | 'correction' | 'go' | 'git' | 'thanks'

export interface Prompt {
  readonly message: TranscriptMessage
  readonly text: string
  readonly kind: PromptKind
  /** The agent had just been stopped, or one of its actions refused. */
  readonly followsStop: boolean
  readonly isComplaint: boolean
  readonly isThanks: boolean
}

export interface Conversation {
  readonly input: FacetInput
  readonly messages: readonly TranscriptMessage[]
  /** Without what was sent twice in a row. */
  readonly prompts: readonly Prompt[]
  readonly actions: readonly Action[]
  /** Slash commands, interruptions, compactions. */
  readonly notes: readonly TranscriptMessage[]
  /** The agent's last words, if it had any. */
  readonly closing: TranscriptMessage | null
}

const correction = new RegExp(correctionPattern, 'i')
const complaint = new RegExp(complaintPattern, 'i')
const thanks = new RegExp(thanksPattern, 'i')
const go =
  /^(?:(?:ok|okay|yes|yep|yeah|yup|sure|cool|great|perfect|nice|sorry|y|go|k)\b[,.!]*\s*)*(?:please\s+)?(?:do (?:it|that|this|so)|go (?:ahead|for it)|continue|proceed|carry on|keep going|next|sounds good|lgtm|let'?s (?:go|do (?:it|this|that))|try again|retry|option \w+|\w|\d+)?[.!)\s]*$/i
const git =
  /^(?:(?:ok|okay|yes|yep|great|nice|now|and|then|please|can you|could you|let'?s)[,.!]*\s+)*(?:git )?(?:commit|push|merge|open (?:a )?(?:pr|pull request)|create (?:a )?(?:pr|pull request)|make a (?:pr|commit))\b.{0,50}$/i
const question =
  /^(?:(?:hm+|ok|so|and|but|wait|oh)[,.]*\s+)*(?:what|why|how|when|where|which|who|is|are|does|do|did|was|were|would|should|has|have|will)\b|\?\s*$/i

export function readConversation(input: FacetInput): Conversation {
  const { messages } = input.transcript
  const spoken = messages.filter((message) => message.role === 'assistant' && message.text.trim() !== '')
  return {
    input,
    messages,
    prompts: readPrompts(messages),
    actions: actionsOf(messages),
    notes: messages.filter((message) => message.role === 'note'),
    closing: spoken.at(-1) ?? null,
  }
}

function readPrompts(messages: readonly TranscriptMessage[]): Prompt[] {
  const prompts: Prompt[] = []
  for (const [i, message] of messages.entries()) {
    const text = message.text.trim()
    if (message.role !== 'human' || text === '' || prompts.at(-1)?.text === text) continue
    const reaction = prompts.length > 0 && text.length <= longestReactionChars ? text : ''
    prompts.push({
      message,
      text,
      kind: kindOf(text, reaction),
      followsStop: prompts.length > 0 && isStop(messages[i - 1]),
      isComplaint: complaint.test(reaction),
      isThanks: thanks.test(reaction) && !correction.test(reaction),
    })
  }
  return prompts
}

function kindOf(text: string, reaction: string): PromptKind {
  if (go.test(text)) return 'go'
  if (git.test(text)) return 'git'
  if (correction.test(reaction)) return 'correction'
  if (text.length < 60 && thanks.test(reaction)) return 'thanks'
  return text.length < 300 && question.test(text) && !asksForWork(text) ? 'question' : 'ask'
}

/** "Can you fix …?" is polite, not a question. */
function asksForWork(text: string): boolean {
  return /\b(?:can|could|would|will) (?:you|we)\b|\bplease\b|\blet'?s\b/i.test(text)
}

function isStop(message: TranscriptMessage | undefined): boolean {
  return message !== undefined && isInterruption(message)
}

export function isCorrecting(text: string): boolean {
  return correction.test(text)
}

export function isInterruption(message: TranscriptMessage): boolean {
  return message.role === 'note' && /^\[Request interrupted|^interrupt|^turn aborted/i.test(message.text)
}
