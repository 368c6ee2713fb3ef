// Retry loops: one action failing the same way three times or more.
import type { Evidence } from '../schema.js'
import type { Action } from './actions.js'
import type { Conversation } from './conversation.js'

const fewestFailures = 3

export interface RetryLoops {
  readonly count: number
  readonly evidence: readonly Evidence[]
}

export function findRetryLoops(conversation: Conversation): RetryLoops {
  const failures = new Map<string, Action[]>()
  for (const action of conversation.actions)
    if (action.isError || action.isFailing) {
      const key = failureKey(action)
      failures.set(key, [...(failures.get(key) ?? []), action])
    }
  const loops = [...failures.values()].filter((actions) => actions.length >= fewestFailures)
  return { count: loops.length, evidence: loops.map(loopEvidence) }
}

/** Same tool and same complaint, whatever numbers, paths and times stand in it; for a file tool, same file. */
function failureKey(action: Action): string {
  const lines = (action.answer?.text ?? '').replaceAll(/<\/?tool_use_error>/g, '').split('\n')
  const line = lines.find((candidate) => candidate.trim() !== '' && !/^Exit code \d+$/.test(candidate.trim()))
  const complaint = (line ?? '')
    .toLowerCase()
    .replaceAll(/["'`][^"'`]*["'`]|\S*[/\\]\S+|\d+/g, '#')
    .trim()
  const isShell = !['edit', 'other'].includes(action.kind)
  const object = isShell && complaint !== '' ? '' : action.target.slice(0, 200)
  return [action.tool, complaint.slice(0, 100), object].join(' ')
}

function loopEvidence(actions: readonly Action[]): Evidence {
  return {
    field: 'retry_loops',
    ordinals: actions.flatMap((action) => action.answer?.ordinal ?? []),
    quote: null,
    is_verified: false,
  }
}
