// The period's sessions as a printed log: by day, one line each, which leads to the session's own page.
import type { Config } from '../../config.js'
import { localDate, weekdayDate } from '../../period.js'
import type { ReportData } from '../data.js'
import { periodNoun } from '../figures.js'
import { countOf, formatCost, formatCount, formatDuration, formatTime, words } from '../format.js'
import type { SessionRow } from '../rows.js'
import { sessionAnchor } from './anchor.js'

export interface SessionLine {
  /** From 1, in the order of the list. */
  readonly number: number
  /** Of its page. */
  readonly anchor: string
  readonly time: string
  readonly project: string
  /** What was asked for, in a line; null where nobody judged the session or nothing may be told. */
  readonly goal: string | null
  /** What came of it, or else the kind of work, or that nobody judged it; may be empty. */
  readonly what: string
  readonly prompts: string
  readonly promptsNoun: string
  readonly tools: string
  readonly toolsNoun: string
  readonly active: string
  readonly cost: string
  readonly outcome: string
}

export interface SessionDay {
  readonly heading: string
  readonly sessions: readonly SessionLine[]
}

export interface SessionList {
  readonly id: string
  readonly heading: string
  readonly paragraph: string
  readonly days: readonly SessionDay[]
}

export function sessionList(data: ReportData, config: Config): SessionList {
  const rows = data.rows.sessions
  const noun = periodNoun(data)
  const hasSubagents = rows.some((row) => row.subagent_count > 0)
  return {
    id: 'sessions',
    heading: `The ${noun}’s sessions`,
    paragraph:
      rows.length === 0
        ? `There were no sessions this ${noun}.`
        : `Prompts, tools, time and cost are those of this ${noun}${hasSubagents ? '; the tools and the cost of sub-agents count with the session that started them' : ''}.`,
    days: byDay(rows, config.timezone),
  }
}

function byDay(rows: readonly SessionRow[], timezone: string): SessionDay[] {
  const lines = rows.map((row, i) => sessionLine(row, i + 1, timezone))
  const dates = [...new Set(rows.map((row) => row.first_date))]
  return dates.map((date) => ({
    heading: weekdayDate(date),
    sessions: lines.filter((_, i) => rows[i]?.first_date === date),
  }))
}

/** The line of the session that is the list’s <number>th. */
export function sessionLine(row: SessionRow, number: number, timezone: string): SessionLine {
  const category = row.primary_task_category
  return {
    number,
    anchor: sessionAnchor(row.session_id),
    time: startTime(row, timezone),
    project: row.project ?? 'no project',
    goal: row.underlying_goal,
    what: row.brief_summary ?? (category === null || category === 'other' ? unjudged(row) : words(category)),
    prompts: formatCount(row.prompt_count),
    promptsNoun: row.prompt_count === 1 ? 'prompt' : 'prompts',
    tools: formatCount(row.tool_call_count),
    toolsNoun: row.tool_call_count === 1 ? 'tool call' : 'tool calls',
    active: formatDuration(row.active_seconds),
    cost: formatCost(row.cost_usd, row.unpriced_call_count),
    outcome: outcomeWords(row),
  }
}

/** Why there is nothing to tell; a running session may still be judged. */
function unjudged(row: SessionRow): string {
  if (row.is_judged || row.completion_status === 'active') return ''
  return `${row.prompt_count === 1 ? 'one prompt' : countOf(row.prompt_count, 'prompt')}, not judged`
}

/** How far it came, as its facets tell; without facets only how its log ends. */
export function outcomeWords(row: SessionRow): string {
  if (row.outcome !== null) return words(row.outcome).replace(' from transcript', '')
  const endings: Record<string, string> = {
    completed: 'ended',
    abandoned: 'abandoned',
    error: 'ended in an error',
    active: 'still active',
  }
  return endings[row.completion_status ?? ''] ?? ''
}

/** The hour it began, or that it began before the period. */
function startTime(row: SessionRow, timezone: string): string {
  if (row.started_at === null) return ''
  const startDate = localDate(new Date(row.started_at), timezone)
  return startDate === row.first_date ? formatTime(row.started_at, timezone) : 'earlier'
}
