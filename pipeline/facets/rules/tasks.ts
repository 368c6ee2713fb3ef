// The agent's own list of tasks, in whichever of its tools it kept one.
import type { TranscriptMessage } from '../../transcript.js'
import type { Facets } from '../schema.js'
import type { Action } from './actions.js'

interface TaskList {
  readonly states: ReadonlyMap<string, string>
  readonly message: TranscriptMessage | null
}

/** How many tasks were begun and finished; null where no list was kept. */
export function countTasks(actions: readonly Action[]): Facets['completion_chain'] {
  const known = [...readTasks(actions).states.values()].filter(
    (state) => state !== 'pending' && state !== 'deleted',
  )
  if (known.length === 0) return null
  const completed = known.filter((state) => state === 'completed').length
  return { started: known.length, completed, abandoned: known.length - completed }
}

/** Tasks that were still waiting at the end; one that was merely never ticked off is no sign. */
export function openTasks(actions: readonly Action[]): {
  readonly count: number
  readonly message: TranscriptMessage | null
} {
  const { states, message } = readTasks(actions)
  return { count: [...states.values()].filter((state) => state === 'pending').length, message }
}

function readTasks(actions: readonly Action[]): TaskList {
  let states = new Map<string, string>()
  let message: TranscriptMessage | null = null
  for (const { tool, input, call } of actions) {
    const list = tool === 'TodoWrite' ? input.todos : tool === 'update_plan' ? input.plan : undefined
    if (Array.isArray(list)) states = withTodos(states, list)
    else if (tool === 'TaskUpdate' && typeof input.status === 'string')
      states.set(String(input.taskId), input.status)
    else continue
    message = call
  }
  return { states, message }
}

/** A list is written whole: what is no longer on it, unfinished, was given up. */
function withTodos(before: ReadonlyMap<string, string>, todos: readonly unknown[]): Map<string, string> {
  const listed = new Map<string, string>()
  for (const todo of todos) {
    const { content, step, status } = (todo ?? {}) as { content?: unknown; step?: unknown; status?: unknown }
    if (typeof status === 'string') listed.set(`todo ${String(content ?? step)}`, status)
  }
  const kept = [...before].filter(([, state]) => state !== 'pending')
  return new Map([...kept, ...listed])
}
