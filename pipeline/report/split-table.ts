// A table of how the sessions with facets split, beside the period before.
import type { ReportData } from './data.js'
import { periodNoun } from './figures.js'
import { formatCost, formatCount, formatDuration, formatShare } from './format.js'
import type { SplitRow } from './letter/rows.js'
import { type Table, tablesOf } from './table.js'

/** What a name has where no session did: it is told too, since the user asked for it. */
export const noSessions: SplitRow = {
  session_count: 0,
  active_seconds: 0,
  active_share: 0,
  cost_usd: 0,
  unpriced_call_count: 0,
  previous_session_count: 0,
  previous_active_seconds: 0,
  previous_active_share: 0,
}

export function splitTables<T extends SplitRow>(
  data: ReportData,
  spec: { caption: string; label: string; rows: readonly T[]; nameOf: (row: T) => string },
): Table[] {
  const isCompared = !data.isSoFar && spec.rows.some((row) => row.previous_session_count > 0)
  return tablesOf({
    caption: spec.caption,
    texts: [spec.label],
    numbers: [
      'Sessions',
      'Active',
      'Share',
      ...(isCompared ? [`The ${periodNoun(data)} before`] : []),
      'Cost',
    ],
    rows: spec.rows,
    cells: (row) => [
      spec.nameOf(row),
      formatCount(row.session_count),
      formatDuration(row.active_seconds),
      formatShare(row.active_share),
      ...(isCompared ? [formatShare(row.previous_active_share)] : []),
      row.session_count === 0 ? '–' : formatCost(row.cost_usd, row.unpriced_call_count),
    ],
  })
}

/** How many sessions the shares are of. */
export function judgedSentence(data: ReportData): string {
  const now = data.rows.friction_signals.find((row) => row.period_role === 'current')
  const [judged, all] = [now?.faceted_session_count ?? 0, now?.session_count ?? 0]
  return `Shares are of the time of the ${formatCount(judged)} of ${formatCount(all)} sessions that were judged.`
}
