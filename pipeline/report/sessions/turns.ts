// The replay as a table, one row a turn: when, how long, what was called, what failed, and the pause before it.
import { localDate, weekdayDate } from '../../period.js'
import { countOf, formatCount, formatDuration, formatTime, listed } from '../format.js'
import type { SessionTurnRow } from './session-rows.js'

export interface TurnLine {
  readonly number: string
  readonly began: string
  readonly length: string
  /** Empty for a pause of less than a minute. */
  readonly pause: string
  readonly tools: string
  readonly failed: string
}

export interface TurnTable {
  readonly turns: readonly TurnLine[]
  readonly more: string | null
}

const maxTurns = 60

export function turnTable(rows: readonly SessionTurnRow[], timezone: string): TurnTable {
  const shown = rows.slice(0, maxTurns)
  const left = rows.length - shown.length
  const dates = shown.map((row) => localDate(new Date(row.started_at), timezone))
  return {
    turns: shown.map((row, i) =>
      turnLine(row, i > 0 && dates[i] !== dates[i - 1] ? dates[i] : null, timezone),
    ),
    more: left > 0 ? `And ${countOf(left, 'more turn', 'more turns')}; report.json lists them all.` : null,
  }
}

/** With the day where it is not that of the turn before. */
function turnLine(row: SessionTurnRow, newDate: string | null | undefined, timezone: string): TurnLine {
  const day = newDate ? `${weekdayDate(newDate).slice(0, 3)} ` : ''
  const pause = row.pause_seconds ?? 0
  return {
    number: row.turn_number === 0 ? 'before' : formatCount(row.turn_number),
    began: `${day}${formatTime(row.started_at, timezone)}`,
    length: formatDuration(secondsBetween(row.started_at, row.ended_at)),
    pause: pause < 60 ? '' : formatDuration(pause),
    tools: toolWords(row),
    failed: row.error_count === 0 ? '' : formatCount(row.error_count),
  }
}

/** "12 shell, 3 read; interrupted" */
function toolWords(row: SessionTurnRow): string {
  const kinds: [name: string, count: number][] = [
    ['read', row.read_count],
    ['edit', row.edit_count],
    ['search', row.search_count],
    ['shell', row.shell_count],
    ['web', row.web_count],
    ['delegate', row.delegate_count],
    ['MCP', row.mcp_count],
    ['other', row.other_count],
  ]
  const called = kinds
    .filter(([, count]) => count > 0)
    .sort(([, a], [, b]) => b - a)
    .map(([name, count]) => `${formatCount(count)} ${name}`)
    .join(', ')
  const asides = [
    row.subagent_call_count > 0 ? `${formatCount(row.subagent_call_count)} by sub-agents` : '',
    row.interruption_count > 0 ? 'interrupted' : '',
  ].filter(Boolean)
  return [called || 'no tool', listed(asides)].filter(Boolean).join('; ')
}

function secondsBetween(from: string, to: string): number {
  return Math.max(0, (Date.parse(to) - Date.parse(from)) / 1000)
}
