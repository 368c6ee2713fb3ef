// What a model is given to write the letter from: the figures that the rules use, small enough to read.
import { type LetterSource, shortGoal } from './remarks.js'

const mostSessions = 25

/** JSON-ready; its keys say the units, by which the numbers of the answer are checked. */
export function letterFacts({ data, context }: LetterSource): object {
  const { rows, period } = data
  const dearest = new Set(
    [...rows.sessions]
      .sort((a, b) => (b.cost_usd ?? 0) - (a.cost_usd ?? 0) || a.session_id.localeCompare(b.session_id))
      .slice(0, mostSessions),
  )
  const troubles = new Map(rows.troubled_sessions.map((row) => [row.session_id, row]))
  return {
    period: {
      kind: period.kind,
      label: period.label,
      start_date: period.startDate,
      end_date: period.endDate,
    },
    is_so_far: data.isSoFar,
    user_named: context,
    headlines: rows.headlines,
    cost_by_day: costByDay(data.rows.cost_by_day_and_model),
    projects: rows.attention_by_project,
    project_changes: rows.project_changes,
    kinds_of_work: rows.goals,
    workflow_types: rows.workflow_types,
    businesses: rows.attention_by_business,
    priority_alignment: rows.priority_alignment,
    priorities: rows.priorities,
    outcomes: rows.outcomes,
    completion: rows.completion,
    friction_kinds: rows.friction_kinds,
    friction_signals: rows.friction_signals,
    skills: rows.skills,
    people: rows.relationship_pulse,
    relationship_actions: rows.relationship_actions,
    system_health: rows.system_health,
    failing_tools: rows.failing_tools,
    ...insightFacts(data),
    sessions: rows.sessions
      .filter((row) => dearest.has(row))
      .map(({ session_id, started_at: _started, source: _source, ...row }) => ({
        ...row,
        ...(row.underlying_goal === null ? {} : { quoted_as: shortGoal(row.underlying_goal) }),
        ...withoutId(troubles.get(session_id)),
      })),
  }
}

function insightFacts(data: LetterSource['data']): object {
  const { friction_cost, contradictions, anomalies, growth } = data.rows
  return {
    friction_cost,
    contradictions: contradictions.map(withoutId),
    anomalies,
    growth,
    tips: data.rows.tips,
  }
}

function withoutId(row: object | undefined): object {
  if (!row) return {}
  const { session_id: _id, ...rest } = row as { session_id: string }
  return rest
}

function costByDay(rows: readonly { local_date: string; cost_usd: number }[]): object[] {
  const days = new Map<string, number>()
  for (const { local_date, cost_usd } of rows) days.set(local_date, (days.get(local_date) ?? 0) + cost_usd)
  return [...days].map(([local_date, costUsd]) => ({ local_date, cost_usd: Math.round(costUsd * 1e6) / 1e6 }))
}
