// Leads from a figure to the session behind it: the address of the session's page within the report.
import type { ReportData } from './data.js'
import { sessionAnchor } from './sessions/anchor.js'
import type { Cell } from './table.js'

/** The address of each session's page, by its id. */
export function sessionAddresses(data: ReportData): Map<string, string> {
  return new Map(data.rows.sessions.map(({ session_id }) => [session_id, `#${sessionAnchor(session_id)}`]))
}

/** What the session was asked, else its project. */
export function sessionTitle(data: ReportData, sessionId: string, project: string | null): string {
  const row = data.rows.sessions.find(({ session_id }) => session_id === sessionId)
  return row?.underlying_goal ?? project ?? 'no project'
}

/** Words that lead to the session's page, where it has one. */
export function sessionCell(text: string, href: string | undefined): Cell {
  return href === undefined ? text : { text, href }
}
