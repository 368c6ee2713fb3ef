// What the session left behind and with what: results, artifacts, kind of work, failures of servers, tasks finished.
import type { Facets, GoalCategory, Initiator, Outcome, SuccessKind, WorkflowType } from '../schema.js'
import { type Action, isDone } from './actions.js'
import { type Conversation, isInterruption } from './conversation.js'
import type { Goals } from './goal-category.js'
import { countTasks } from './tasks.js'

const workflows: Partial<Record<GoalCategory, WorkflowType>> = {
  fix_bug: 'debugging',
  research: 'research',
  explain_explore: 'research',
  docs: 'content-creation',
  config_devops: 'admin',
  git_ops: 'admin',
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
  const isLastTestDone = actions.findLast(({ kind }) => kind === 'test')?.isFailing === false
  if (has('test') && has('edit') && isLastTestDone) return 'tests_passing'
  if (has('commit')) return 'changes_committed'
  return has('edit') ? 'files_changed' : 'question_answered'
}

/** Work other than code shows in its words, and only where no code was changed. */
const wordedWorkflows: readonly (readonly [WorkflowType, RegExp])[] = [
  ['email', /\be-?mails?\b|\binbox\b/i],
  ['meeting-prep', /\b(?:agenda|prep(?:are)? (?:me )?for (?:the|my|a) (?:meeting|call)|meeting notes?)\b/i],
  ['agreement', /\b(?:contract|agreement|nda|lease|terms of service)\b/i],
  [
    'event-planning',
    /\b(?:plan|organi[sz]e|schedule)\b[^.\n]{0,40}\b(?:event|party|workshop|conference|meetup|fair)\b/i,
  ],
  [
    'filing',
    /\b(?:file|archive|sort|organi[sz]e)\b[^.\n]{0,30}\b(?:notes?|documents?|receipts?|invoices?|papers?)\b/i,
  ],
]
const proseFile = /\.(?:mdx?|rst|adoc|org|txt|docx?|html?|csv)$/i
const skillFile = /(?:^|[/\\])(?:skills|commands|agents)[/\\].*\.md$|(?:^|[/\\])(?:SKILL|CLAUDE|AGENTS)\.md$/
const gistChars = 400

export function workflowOf({ actions, prompts }: Conversation, goals: Goals): WorkflowType | null {
  const files = actions
    .filter((action) => action.kind === 'edit' && isDone(action))
    .map(({ target }) => target)
  if (files.length > 0 && files.every((file) => skillFile.test(file))) return 'skill-building'
  const gist = (goals.asks[0] ?? prompts[0])?.text.slice(0, gistChars) ?? ''
  const worded = files.every((file) => proseFile.test(file))
    ? wordedWorkflows.find(([, sign]) => sign.test(gist))?.[0]
    : undefined
  const isProse = goals.main === 'other' || goals.main === 'docs' || goals.main === 'implement_feature'
  return (isProse ? worded : undefined) ?? workflows[goals.main] ?? null
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
  const listed = countTasks(conversation.actions)
  if (listed !== null) return listed
  const started = Math.max(goals.asks.length, conversation.prompts.length > 0 ? 1 : 0)
  if (started === 0 || outcome === 'unclear_from_transcript') return null
  const completed = outcome === 'fully_achieved' || outcome === 'mostly_achieved' ? started : started - 1
  return { started, completed, abandoned: started - completed }
}
