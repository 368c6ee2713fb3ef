// The worst moments of friction: what happened, what it cost, and the session and turn in which it did.
import { localDate, weekdayDate } from '../period.js'
import type { ReportData } from './data.js'
import { countOf, formatCost, formatCount, formatDuration, formatTime, listed, words } from './format.js'
import type { WorstMomentRow } from './section-rows.js'
import { toolName } from './sections.js'
import { sessionAddresses, sessionTitle } from './session-links.js'

export interface Moment {
  readonly cost: string
  /** "You corrected the agent. 54 calls of models …" */
  readonly story: string
  readonly session: string
  /** Of the session's page; null where it has none. */
  readonly href: string | null
  /** "turn 18, Tuesday 3 February, 00:34" */
  readonly place: string
}

export function worstMoments(data: ReportData, timezone: string): Moment[] {
  const addresses = sessionAddresses(data)
  return data.rows.worst_moments.map((row) => ({
    cost: formatCost(row.cost_usd, row.unpriced_call_count),
    story: `${beginning(row)} ${course(row)}`,
    session: sessionTitle(data, row.session_id, row.project),
    href: addresses.get(row.session_id) ?? null,
    place: placeWords(row, timezone),
  }))
}

/** What went wrong, in template words: a tool's name and the kind of error are all that it takes from the log. */
function beginning(row: WorstMomentRow): string {
  const times = row.sign_count === 1 ? '' : ` ${countOf(row.sign_count, 'time')}`
  const tool = row.tool_name === null ? null : toolName(row.tool_name)
  const kind = row.error_kind === null || row.error_kind === 'other' ? '' : ` (${words(row.error_kind)})`
  switch (row.friction_sign) {
    case 'correction':
      return row.sign_count === 1 ? 'You corrected the agent.' : `You corrected the agent${times}.`
    case 'interruption':
      return `You interrupted the agent${times}.`
    case 'rejection':
      return `You refused ${tool === null ? 'an action' : `a call of ${tool}`}${times}.`
    case 'api_error':
      return `The API failed${times}.`
    case 'tool_failure':
      return row.sign_count === 1
        ? `${tool === null ? 'A tool call' : `A call of ${tool}`} failed${kind}.`
        : `${countOf(row.sign_count, 'tool call')} failed, the first ${tool === null ? 'of a tool without a name' : `of ${tool}`}${kind}.`
  }
}

/** How long it took, by what, and whether it was mended. */
function course(row: WorstMomentRow): string {
  const failed = row.failed_call_count === 0 ? '' : ` (${formatCount(row.failed_call_count)} failed)`
  const spent = listed([
    formatDuration(row.length_seconds),
    countOf(row.llm_call_count, 'call of the model', 'calls of the model'),
    ...(row.tool_call_count === 0 ? [] : [`${formatCount(row.tool_call_count)} of tools${failed}`]),
  ])
  const agent = row.is_subagent ? ' in a sub-agent' : ''
  return row.is_recovered
    ? `It took ${spent}${agent} to set right.`
    : `After ${spent}${agent} it was still not right.`
}

function placeWords(row: WorstMomentRow, timezone: string): string {
  const date = weekdayDate(localDate(new Date(row.starts_at), timezone))
  const turn = row.turn_number === 0 ? 'before the first turn' : `turn ${row.turn_number}`
  return `${turn}, ${date}, ${formatTime(row.starts_at, timezone)}`
}
