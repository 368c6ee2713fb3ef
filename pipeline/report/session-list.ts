// The period's sessions as a printed log: by day, one line each, the smallest left out where there are many.
import type { Config } from '../config.js'
import { localDate, weekdayDate } from '../period.js'
import type { ReportData } from './data.js'
import { periodNoun } from './figures.js'
import {
  countOf,
  formatCost,
  formatCount,
  formatDollars,
  formatDuration,
  formatTime,
  words,
} from './format.js'
import type { SessionRow } from './rows.js'

export interface SessionLine {
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
  readonly more: string | null
}

const maxSessions = 100

export function sessionList(data: ReportData, config: Config): SessionList {
  const { shown, left } = dearestSessions(data.rows.sessions)
  const noun = periodNoun(data)
  const hasSubagents = data.rows.sessions.some((row) => row.subagent_count > 0)
  return {
    id: 'sessions',
    heading: `The ${noun}’s sessions`,
    paragraph:
      shown.length === 0
        ? `There were no sessions this ${noun}.`
        : `Prompts, tools, time and cost are those of this ${noun}${hasSubagents ? '; the tools and the cost of sub-agents count with the session that started them' : ''}.`,
    days: byDay(shown, config.timezone),
    more: moreSentence(left),
  }
}

/** Where there are too many, those that cost least (then: took least time) are left out. */
function dearestSessions(rows: readonly SessionRow[]): { shown: SessionRow[]; left: SessionRow[] } {
  const ranked = [...rows].sort(
    (a, b) =>
      (b.cost_usd ?? 0) - (a.cost_usd ?? 0) ||
      b.active_seconds - a.active_seconds ||
      a.session_id.localeCompare(b.session_id),
  )
  const kept = new Set(ranked.slice(0, maxSessions))
  return { shown: rows.filter((row) => kept.has(row)), left: rows.filter((row) => !kept.has(row)) }
}

function byDay(rows: readonly SessionRow[], timezone: string): SessionDay[] {
  const dates = [...new Set(rows.map((row) => row.first_date))]
  return dates.map((date) => ({
    heading: weekdayDate(date),
    sessions: rows.filter((row) => row.first_date === date).map((row) => sessionLine(row, timezone)),
  }))
}

function sessionLine(row: SessionRow, timezone: string): SessionLine {
  const category = row.primary_task_category
  return {
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
function outcomeWords(row: SessionRow): string {
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

function moreSentence(left: readonly SessionRow[]): string | null {
  if (left.length === 0) return null
  const costUsd = left.reduce((total, row) => total + (row.cost_usd ?? 0), 0)
  const unpriced = left.reduce((total, row) => total + row.unpriced_call_count, 0)
  return `And ${countOf(left.length, 'smaller session')}, together ${formatDollars(costUsd, unpriced)}; report.json lists them all.`
}
