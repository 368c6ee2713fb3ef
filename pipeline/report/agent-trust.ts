// What agents do with their logs and count themselves: logs about to be deleted, their totals beside ours, days without logs.

import { localDate, longDate } from '../period.js'
import type { ReportData } from './data.js'
import { periodNoun } from './figures.js'
import { countOf, formatCompact, formatCount, formatShare, listed, words } from './format.js'
import { agentName } from './names.js'
import type { AgentTotalRow, ExpiringLogsRow, UnloggedDaysRow } from './rows.js'
import { type Table, tablesOf } from './table.js'
import type { TrustParts } from './trust.js'

/** Who sets more than ten years means never. */
const neverDays = 3650

export function agentParts(data: ReportData, timezone: string): TrustParts {
  const { expiring_logs, agent_totals, unlogged_days } = data.rows
  return {
    points: [
      ...expiring_logs.map((row) => ({ label: 'Soon gone', text: expiringText(row, data, timezone) })),
      ...sourcesOf(agent_totals).map((source) => ({
        label: 'Compared',
        text: comparedText(source, agent_totals, data),
      })),
      ...unlogged_days.map((row) => ({ label: 'Without logs', text: unloggedText(row, data) })),
    ],
    tables: sourcesOf(agent_totals).flatMap((source) => [
      ...comparedTable(source, 'period', `this ${periodNoun(data)}`, agent_totals),
      ...comparedTable(source, 'all', 'in all', agent_totals),
    ]),
  }
}

function comparedTable(
  source: string,
  span: AgentTotalRow['span'],
  spanWords: string,
  rows: readonly AgentTotalRow[],
): Table[] {
  return tablesOf({
    caption: `${agentName(source)}’s own count and ours, ${spanWords}`,
    texts: ['Measure'],
    numbers: ['Its own', 'Ours', 'Difference', 'Repeated lines', 'Left over'],
    rows: rows
      .filter((row) => row.source === source && row.span === span && row.last_date >= row.first_date)
      .sort((a, b) => orderOf(a) - orderOf(b)),
    cells: (row) => {
      const difference = row.their_amount - row.our_amount
      const repeated = row.repeated_amount
      return [
        measureLabels[row.measure] ?? words(row.measure),
        amount(row, row.their_amount),
        amount(row, row.our_amount),
        signed(row, difference),
        repeated === null ? '–' : amount(row, repeated),
        repeated === null ? '–' : signed(row, difference - repeated),
      ]
    },
  })
}

const measureLabels: Readonly<Record<string, string>> = {
  session_count: 'Sessions begun',
  tool_call_count: 'Tool calls',
  input_output_tokens: 'Input and output tokens',
  input_tokens: 'Input tokens',
  output_tokens: 'Output tokens',
  cache_read_tokens: 'Cache reads',
  cache_write_tokens: 'Cache writes',
}

function expiringText(row: ExpiringLogsRow, data: ReportData, timezone: string): string {
  const agent = agentName(row.source)
  if (row.kept_days >= neverDays)
    return `${agent} is set to keep its logs for ${countOf(row.kept_days, 'day')}; none goes soon.`
  const day = (instant: string) => longDate(localDate(new Date(instant), timezone))
  const rule = `${agent} deletes a log ${countOf(row.kept_days, 'day')} after its last change.`
  const when = data.isSoFar
    ? 'Within the next seven days'
    : `Within seven days of this ${periodNoun(data)}’s end`
  const due = dueWords(row)
  const next = row.next_deletes_at === null ? '' : `; the next one goes on ${day(row.next_deletes_at)}`
  const soon = due === '' ? `${when} none goes${next}.` : `${when}, ${due} will go.`
  const overdue =
    row.overdue_count === 0
      ? ''
      : ` ${countOf(row.overdue_count, 'log')} ${row.overdue_count === 1 ? 'is' : 'are'} past that already and will go when it next starts.`
  if (due === '' && overdue === '') return `${rule} ${soon}`
  const oldest = row.oldest_modified_at === null ? '' : ` The oldest is from ${day(row.oldest_modified_at)}.`
  return `${rule} ${soon}${overdue}${oldest} Every figure loaded from them stays; only their text, for replay and evidence, goes.`
}

function dueWords({ due_main_count: main, due_subagent_count: subagents }: ExpiringLogsRow): string {
  return listed([
    ...(main > 0 ? [countOf(main, 'session log')] : []),
    ...(subagents > 0 ? [countOf(subagents, 'sub-agent log')] : []),
  ])
}

function comparedText(source: string, rows: readonly AgentTotalRow[], data: ReportData): string {
  const agent = agentName(source)
  const own = rows.filter((row) => row.source === source)
  const [first] = own.filter((row) => row.span === 'all')
  const until = first && first.last_date < '9999' ? ` up to ${longDate(first.last_date)}` : ''
  const [inPeriod] = own.filter((row) => row.span === 'period')
  const isBefore = inPeriod !== undefined && inPeriod.last_date < inPeriod.first_date
  return [
    `${agent} keeps totals of its own${until}${isBefore ? `, before this ${periodNoun(data)}` : ''}.`,
    tokensWords(own),
    'Known reasons for differences: it counts every line of a reply, puts a whole session on the day it began, and sees only logs that it still has. This report counts a call once, on its own day, and keeps what was loaded.',
  ]
    .filter(Boolean)
    .join(' ')
}

/** What repeated lines explain of the tokens in all, and what remains. */
function tokensWords(own: readonly AgentTotalRow[]): string {
  const rows = own.filter((row) => row.span === 'all' && row.repeated_amount !== null)
  if (rows.length === 0) return ''
  const sum = (of: (row: AgentTotalRow) => number) => rows.reduce((total, row) => total + of(row), 0)
  const [theirs, ours, repeated] = [
    sum((row) => row.their_amount),
    sum((row) => row.our_amount),
    sum((row) => row.repeated_amount ?? 0),
  ]
  const rest = theirs - ours - repeated
  const share = theirs === 0 ? '' : ` (${formatShare(Math.abs(rest) / theirs)})`
  const left =
    rest === 0
      ? 'That explains the difference to the token.'
      : `That leaves ${formatCompact(Math.abs(rest))}${share} more in ${rest > 0 ? 'its count' : 'ours'}.`
  return `They come to ${formatCompact(theirs)} tokens, ours for the same days to ${formatCompact(ours)}; lines that repeat hold ${formatCompact(repeated)}. ${left}`
}

/** Days of which only the agent's own history of prompts tells. */
function unloggedText(row: UnloggedDaysRow, data: ReportData): string {
  const span =
    row.day_count === 1
      ? longDate(row.first_date)
      : `from ${longDate(row.first_date)} to ${longDate(row.last_date)}`
  const known = `${agentName(row.source)}’s own history of prompts knows of ${countOf(row.day_count, 'day')} without logs (${span}), with at least ${countOf(row.prompt_count, 'prompt')}.`
  const inPeriod =
    row.period_day_count === 0
      ? ''
      : ` In this ${periodNoun(data)}: ${countOf(row.period_day_count, 'day')}, at least ${countOf(row.period_prompt_count, 'prompt')}.`
  return `${known}${inPeriod} No other figure here has them.`
}

function sourcesOf(rows: readonly AgentTotalRow[]): string[] {
  return [...new Set(rows.map((row) => row.source))]
}

function orderOf(row: AgentTotalRow): number {
  const place = Object.keys(measureLabels).indexOf(row.measure)
  return place === -1 ? Infinity : place
}

function amount(row: AgentTotalRow, value: number): string {
  return row.measure.endsWith('_tokens') ? formatCompact(value) : formatCount(value)
}

function signed(row: AgentTotalRow, difference: number): string {
  if (difference === 0) return '0'
  return `${difference > 0 ? '+' : '−'}${amount(row, Math.abs(difference))}`
}
