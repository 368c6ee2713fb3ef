// What the session left behind and with what: results, artifacts, skills, failures of servers, tasks finished.
import { builtInCommands } from '../../known-names.js'
import type { Facets, GoalCategory, Initiator, Outcome, SuccessKind, WorkflowType } from '../schema.js'
import { type Action, isDone } from './actions.js'
import { type Conversation, isInterruption } from './conversation.js'
import type { Goals } from './goal-category.js'

const workflows: Partial<Record<GoalCategory, WorkflowType>> = {
  fix_bug: 'debugging',
  research: 'research',
  explain_explore: 'research',
  docs: 'content-creation',
  config_devops: 'admin',
  git_ops: 'admin',
}

export function skillsUsed({ notes, actions }: Conversation): string[] {
  const typed = notes.flatMap((note) => /^\/([\w:.-]+)/.exec(note.text)?.[1] ?? [])
  const called = actions.flatMap(({ tool, input, isError, isRejected }) =>
    tool === 'Skill' && !isError && !isRejected && typeof input.skill === 'string' ? [input.skill] : [],
  )
  const names = [...typed, ...called].filter((name) => /^[\w:.-]+$/.test(name) && !builtInCommands.has(name))
  return [...new Set(names.map((name) => `/${name}`))].sort()
}

export function countServerFailures({ actions }: Conversation): number {
  return actions.filter(({ tool, isError }) => isError && tool.startsWith('mcp__')).length
}

/** Files newly written and pull requests opened. */
export function countArtifacts({ actions }: Conversation): number {
  const created = actions.filter(
    (action) =>
      action.kind === 'edit' &&
      isDone(action) &&
      /\bcreated\b/i.test(action.answer?.text.slice(0, 400) ?? ''),
  )
  const pullRequests = actions.filter((action) => action.kind === 'pull_request' && isDone(action))
  return new Set(created.map(({ target }) => target)).size + pullRequests.length
}

/** Null where nothing succeeded, or nobody can tell. */
export function primarySuccess({ actions }: Conversation, outcome: Outcome): SuccessKind | null {
  if (outcome === 'not_achieved' || outcome === 'unclear_from_transcript') return null
  const done = actions.filter(isDone)
  const has = (kind: Action['kind']): boolean => done.some((action) => action.kind === kind)
  if (has('pull_request')) return 'pull_request_opened'
  if (has('push')) return 'changes_pushed'
  if (has('test') && has('edit')) return 'tests_passing'
  if (has('commit')) return 'changes_committed'
  return has('edit') ? 'files_changed' : 'question_answered'
}

export function workflowOf(goals: Goals): WorkflowType | null {
  return workflows[goals.main] ?? null
}

export function initiatedBy({ input, notes, prompts }: Conversation): Initiator | null {
  if (input.session.is_subagent) return 'sub-agent'
  if (input.session.entrypoint?.startsWith('sdk')) return null
  const isTyped =
    prompts.length > 1 || notes.some((note) => isInterruption(note) || note.text.startsWith('/'))
  return input.session.entrypoint === 'cli' || isTyped ? 'user-interactive' : null
}

/** By the agent's own task list where it kept one, else by what was asked. */
export function completionChain(
  conversation: Conversation,
  goals: Goals,
  outcome: Outcome,
): Facets['completion_chain'] {
  const listed = taskList(conversation)
  if (listed !== null) return listed
  const started = Math.max(goals.asks.length, conversation.prompts.length > 0 ? 1 : 0)
  if (started === 0 || outcome === 'unclear_from_transcript') return null
  const completed = outcome === 'fully_achieved' || outcome === 'mostly_achieved' ? started : started - 1
  return { started, completed, abandoned: started - completed }
}

function taskList({ actions }: Conversation): Facets['completion_chain'] {
  const states = new Map<string, string>()
  for (const { tool, input } of actions) {
    if (tool === 'TodoWrite' && Array.isArray(input.todos)) takeTodos(states, input.todos)
    if (tool === 'TaskUpdate' && typeof input.status === 'string')
      states.set(String(input.taskId), input.status)
  }
  const known = [...states.values()].filter((state) => state !== 'pending' && state !== 'deleted')
  if (known.length === 0) return null
  const completed = known.filter((state) => state === 'completed').length
  return { started: known.length, completed, abandoned: known.length - completed }
}

function takeTodos(states: Map<string, string>, todos: readonly unknown[]): void {
  for (const todo of todos) {
    const { content, status } = (todo ?? {}) as { content?: unknown; status?: unknown }
    if (typeof status === 'string') states.set(`todo ${String(content)}`, status)
  }
}
