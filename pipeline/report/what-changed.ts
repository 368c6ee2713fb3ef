// What changed in how one works, with the sessions before and after it: told as a comparison, never as a cause.

import { shortWeekdayDate } from '../period.js'
import type { ReportData } from './data.js'
import { periodNoun } from './figures.js'
import { formatCount, formatDollars, formatShare } from './format.js'
import { agentName } from './names.js'
import type { ChangeRow } from './rows.js'
import type { Section } from './sections.js'
import { tablesOf } from './table.js'

/** Below so many sessions on either side a difference says little. */
const fewSessions = 5
const maxChanges = 15

/** Null where nothing changed. */
export function whatChangedSection(data: ReportData): Section | null {
  const rows = data.rows.what_changed
  if (rows.length === 0) return null
  return {
    id: 'what-changed',
    heading: 'What changed',
    paragraphs: [
      `New versions, models and instructions that the logs of this ${periodNoun(data)} show, with the sessions of the fourteen days before and after: those of the project, the agent, or all. Whatever else changed is in there too; below ${fewSessions} sessions on either side the figures are marked as few.`,
    ],
    tables: tablesOf({
      caption: 'Changes, and the sessions before → after them',
      texts: ['Day', 'Change'],
      numbers: ['Sessions', 'Tools failed', 'Corrections', 'Cost each'],
      rows,
      cells: (row) => [
        shortWeekdayDate(row.local_date),
        changeWords(row),
        `${formatCount(row.before_session_count)} → ${formatCount(row.after_session_count)}${isFew(row) ? ' (few)' : ''}`,
        arrow(row.before_error_rate, row.after_error_rate, formatShare),
        arrow(row.before_correction_rate, row.after_correction_rate, formatShare),
        arrow(row.before_session_usd, row.after_session_usd, formatDollars),
      ],
      maxRows: maxChanges,
    }),
  }
}

function changeWords(row: ChangeRow): string {
  if (row.change_kind === 'agent_version')
    return `${agentName(row.source ?? '')} ${row.previous_subject ?? ''} → ${row.subject}`
  if (row.change_kind === 'model') return `first calls of ${row.subject}`
  const times = row.edit_count !== null && row.edit_count > 1 ? ` (${row.edit_count} edits)` : ''
  return `${row.subject} edited${times}`
}

function isFew(row: ChangeRow): boolean {
  return Math.min(row.before_session_count, row.after_session_count) < fewSessions
}

function arrow(before: number | null, after: number | null, format: (value: number) => string): string {
  if (before === null && after === null) return '–'
  return `${before === null ? '–' : format(before)} → ${after === null ? '–' : format(after)}`
}
