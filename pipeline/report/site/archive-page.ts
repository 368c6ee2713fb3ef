// site/index.html: the calendar of all weeks, what they came to, and the list of every report there is.
import type { Config } from '../../config.js'
import { archiveGroups, listRenderedPeriods } from '../archive.js'
import { formatCompact, formatCount, formatDollars, formatDuration } from '../format.js'
import { calendarYears } from './calendar.js'
import type { SiteRows } from './data.js'
import type { TotalsRow } from './rows.js'

export function archiveView(rows: SiteRows, config: Config): object {
  const { site } = config.paths
  const rendered = listRenderedPeriods(site).filter(({ kind }) => kind === 'weekly')
  const groups = archiveGroups(site, activePeriods(rows))
  return {
    title: 'Debrief',
    brand: 'The archive',
    groups,
    isEmpty: groups.length === 0,
    years: calendarYears(rows.weeks, config.week_starts_on, new Set(rendered.map(({ label }) => label))),
    totals: totalFigures(rows.totals[0]),
  }
}

/** The labels of the weeks and months in which a session or a sub-agent was active. */
function activePeriods({ weeks, months }: SiteRows): Set<string> {
  const isActive = (row: { session_count: number; subagent_count: number }) =>
    row.session_count + row.subagent_count > 0
  return new Set([
    ...weeks.filter(isActive).map(({ week }) => week),
    ...months.filter(isActive).map(({ month }) => month),
  ])
}

function totalFigures(row: TotalsRow | undefined): { label: string; value: string; note: string }[] {
  if (!row || row.first_date === null) return []
  return [
    {
      label: 'Sessions',
      value: formatCount(row.session_count),
      note: `on ${formatCount(row.day_count)} days, in ${formatCount(row.project_count)} projects`,
    },
    {
      label: 'Active time',
      value: formatDuration(row.active_seconds),
      note: `${formatCount(row.prompt_count)} prompts`,
    },
    {
      label: 'Cost',
      value: formatDollars(row.cost_usd, row.unpriced_call_count),
      note: 'at list price',
    },
    {
      label: 'Tokens',
      value: formatCompact(row.total_tokens),
      note: `${formatCount(row.tool_call_count)} tool calls`,
    },
  ]
}
