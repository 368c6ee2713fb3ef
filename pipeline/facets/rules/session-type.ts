// What shape the session had: one question, one task, one thing refined, several things, or looking around.
import { evidenceFrom } from '../evidence.js'
import type { Evidence, SessionType } from '../schema.js'
import type { Conversation, Prompt } from './conversation.js'
import type { Goals } from './goal-category.js'

export interface ShapedSession {
  readonly type: SessionType | null
  readonly evidence: readonly Evidence[]
}

const mostCallsForAQuestion = 12

export function judgeSessionType(conversation: Conversation, goals: Goals): ShapedSession {
  const { prompts } = conversation
  if (prompts.length === 0) return { type: null, evidence: [] }
  const substantial = prompts.filter(isSubstantial)
  const type = typeOf(conversation, goals, substantial)
  const grounds = (type === 'multi_task' ? goals.asks : substantial)
    .slice(0, 5)
    .map((prompt) => prompt.message)
  return {
    type,
    evidence: [evidenceFrom('session_type', type, grounds.length ? grounds : [prompts[0]!.message])],
  }
}

function typeOf(conversation: Conversation, goals: Goals, substantial: readonly Prompt[]): SessionType {
  const { actions, prompts } = conversation
  const hasWork = actions.some((action) => action.kind === 'edit' || action.kind === 'commit')
  if (!hasWork && goals.main !== 'git_ops' && goals.main !== 'review_code') {
    const isQuestion =
      prompts.length <= 2 && prompts[0]?.kind === 'question' && actions.length <= mostCallsForAQuestion
    if (isQuestion) return 'quick_question'
    if (goals.main === 'explain_explore' || goals.main === 'research') return 'exploration'
  }
  if (substantial.length <= 1 || isOnePutRight(substantial)) return 'single_task'
  return goals.asks.length >= 2 && hasWork ? 'multi_task' : 'iterative_refinement'
}

/** One task and one remark that put it right. */
function isOnePutRight([, second, third]: readonly Prompt[]): boolean {
  return third === undefined && second !== undefined && (second.followsStop || second.isComplaint)
}

/** Says something of its own about what is wanted. */
function isSubstantial(prompt: Prompt): boolean {
  return prompt.kind === 'ask' || prompt.kind === 'correction' || prompt.kind === 'question'
}
