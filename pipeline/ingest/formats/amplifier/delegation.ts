// Which tools hand a task to a sub-agent, and to which.
import type { Fields } from '../entries.js'

/** The sub-agent that a call of `delegate`, or of its forerunner `task`, names. */
export function delegatedAgentIn(toolName: string, input: Fields): string | null {
  if (toolName !== 'delegate' && toolName !== 'task') return null
  return typeof input.agent === 'string' && input.agent !== '' ? input.agent : null
}
