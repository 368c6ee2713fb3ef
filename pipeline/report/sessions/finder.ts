// What the page's script needs to sort, filter, search and replay its sessions: one compact block of JSON, and the choices.
import type { Config } from '../../config.js'
import { words } from '../format.js'
import { agentName } from '../names.js'
import { localSeconds } from './conversation.js'
import { frictionKindsOf } from './judgements.js'
import { outcomeWords } from './session-list.js'
import type { SessionParts } from './session-page.js'
import { shortenTimeline } from './timeline.js'

/** The filters, each with what there is to choose; one with a single choice is left out. */
export interface Filter {
  readonly name: string
  readonly label: string
  readonly choices: readonly { readonly value: string; readonly label: string }[]
}

/** What each entry of a session's row in the block is. */
const columns = [
  'began',
  'prompts',
  'tools',
  'active',
  'cost',
  'problem',
  'project',
  'agent',
  'outcome',
  'friction',
  'goal',
  'summary',
  'branch',
  'model',
  'tags',
  'replay',
  'left',
] as const

const maxTimelineChars = 2_400

/** A session with a problem: friction, a poor outcome, or an end that was none. */
function hasProblem({ row, detail }: SessionParts): boolean {
  return (
    (detail !== undefined && frictionKindsOf(detail).length > 0) ||
    ['not_achieved', 'partially_achieved'].includes(row.outcome ?? '') ||
    ['abandoned', 'error'].includes(row.completion_status ?? '')
  )
}

/** JSON that may stand in a script element: nothing in it can end the element or begin a comment. */
export function finderJson(parts: readonly SessionParts[], { timezone }: Config): string {
  const rows = parts.map((part) => {
    const { row, detail } = part
    const began = part.turns[0]?.started_at ?? row.started_at
    const replay = shortenTimeline(part.turns.map(({ timeline }) => timeline).join(''), maxTimelineChars)
    return [
      began === null ? Date.parse(row.first_date) / 1000 : localSeconds(began, timezone),
      row.prompt_count,
      row.tool_call_count,
      row.active_seconds,
      row.cost_usd,
      hasProblem(part) ? 1 : 0,
      row.project ?? 'no project',
      agentName(row.source),
      outcomeWords(row),
      detail ? frictionKindsOf(detail).map(words) : [],
      row.underlying_goal ?? '',
      row.brief_summary ?? '',
      detail?.git_branch ?? '',
      row.model ?? '',
      detail?.tags ?? '',
      replay.timeline,
      replay.leftCount,
    ]
  })
  return safeJson({ columns, rows })
}

export function filtersOf(parts: readonly SessionParts[]): Filter[] {
  const frictions = parts.flatMap(({ detail }) => (detail ? frictionKindsOf(detail).map(words) : []))
  return [
    filter(
      'project',
      'Project',
      parts.map(({ row }) => row.project ?? 'no project'),
    ),
    filter(
      'agent',
      'Agent',
      parts.map(({ row }) => agentName(row.source)),
    ),
    filter(
      'outcome',
      'Outcome',
      parts.map(({ row }) => outcomeWords(row)),
    ),
    filter('friction', 'Friction', frictions),
  ].filter(
    ({ choices }) => choices.length > 1 || (choices.length === 1 && frictions.includes(choices[0]!.value)),
  )
}

function filter(name: string, label: string, values: readonly string[]): Filter {
  const unique = [...new Set(values.filter(Boolean))].sort()
  return { name, label, choices: unique.map((value) => ({ value, label: value })) }
}

export function safeJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
