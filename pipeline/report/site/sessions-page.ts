// site/sessions/: every session in one table that scripts sort, filter and search, with plans and tips searched alongside.

import type { Config } from '../../config.js'
import { formatCost, formatCount, formatDuration, formatTime, words } from '../format.js'
import { agentName, modelLabels } from '../names.js'
import { sessionAnchor } from '../sessions/anchor.js'
import { type ShownSql, type SiteRows, shownSiteSql } from './data.js'
import { upFrom } from './menu.js'
import type { SiteSessionRow } from './rows.js'
import { type TipView, tipView } from './tips-page.js'

export interface SessionLine {
  readonly date: string
  readonly time: string
  readonly startedAt: string
  readonly project: string
  readonly agent: string
  readonly model: string
  readonly goal: string | null
  readonly summary: string | null
  readonly kind: string
  readonly outcome: string
  readonly friction: string
  readonly tools: string
  readonly toolsNoun: string
  readonly active: string
  readonly activeSeconds: number
  readonly cost: string
  readonly costUsd: number
  readonly href: string | null
}

export interface SessionsView {
  readonly title: string
  readonly brand: string
  readonly paragraph: string
  readonly sessions: readonly SessionLine[]
  readonly plans: readonly { readonly title: string; readonly project: string; readonly date: string }[]
  readonly tips: readonly (TipView & { readonly href: string })[]
  readonly more: string | null
  readonly queries: readonly ShownSql[]
}

export const sessionsPlace = 'sessions/'
/** More would make a page of several megabytes. */
const maxSessions = 5000

export function sessionsView(rows: SiteRows, config: Config, rendered: ReadonlySet<string>): SessionsView {
  const sessions = rows.sessions.filter((row) => !row.is_extraction)
  const shown = sessions.slice(0, maxSessions)
  const models = modelLabels(shown.flatMap((row) => row.model ?? []))
  const left = sessions.length - shown.length
  const up = upFrom(sessionsPlace)
  return {
    title: 'Sessions',
    brand: 'Debrief',
    paragraph:
      sessions.length === 0
        ? 'No session is loaded yet.'
        : `${formatCount(sessions.length)} sessions, the latest first; tools and cost are with those of their sub-agents.`,
    sessions: shown.map((row) => sessionLine(row, config, models, rendered)),
    plans: rows.plans.map((row) => ({
      title: row.title ?? '',
      project: row.project ?? 'no project',
      date: row.modified_at.slice(0, 10),
    })),
    tips: rows.tips.map((row) => {
      const tip = tipView(row)
      return { ...tip, href: `${up}tips/index.html#${tip.id}` }
    }),
    more: left > 0 ? `And ${formatCount(left)} older ones; api/v1/sessions.json lists them all.` : null,
    queries: shownSiteSql(['sessions', 'plans', 'tips']),
  }
}

function sessionLine(
  row: SiteSessionRow,
  { timezone }: Config,
  models: ReadonlyMap<string, string>,
  rendered: ReadonlySet<string>,
): SessionLine {
  return {
    date: row.first_date,
    time: row.started_at === null ? '' : formatTime(row.started_at, timezone),
    startedAt: row.started_at ?? row.first_date,
    project: row.project ?? 'no project',
    agent: agentName(row.source),
    model: row.model === null ? '' : (models.get(row.model) ?? row.model),
    goal: row.underlying_goal,
    summary: row.brief_summary,
    kind: row.primary_task_category === null ? '' : words(row.primary_task_category),
    outcome: row.outcome === null ? 'not judged' : words(row.outcome).replace(' from transcript', ''),
    friction: row.friction_count === null ? '' : formatCount(row.friction_count),
    tools: formatCount(row.tool_call_count),
    toolsNoun: row.tool_call_count === 1 ? 'tool' : 'tools',
    active: formatDuration(row.active_seconds),
    activeSeconds: row.active_seconds,
    cost: formatCost(row.cost_usd, row.unpriced_call_count),
    costUsd: row.cost_usd ?? -1,
    href: rendered.has(row.week) ? weekHref(row) : null,
  }
}

function weekHref(row: SiteSessionRow): string {
  return `${upFrom(sessionsPlace)}weekly/${row.week}/index.html#${sessionAnchor(row.session_id)}`
}
