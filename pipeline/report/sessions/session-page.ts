// A session's own page within the report: its facts, what was judged and on what ground, its tools, files and turns.
import type { Config } from '../../config.js'
import { localDate, weekdayDate } from '../../period.js'
import type { ReportData } from '../data.js'
import {
  capitalised,
  countOf,
  formatCompact,
  formatCost,
  formatCount,
  formatDuration,
  formatTime,
  unlogged,
} from '../format.js'
import { agentName, modelLabels } from '../names.js'
import type { SessionRow } from '../rows.js'
import { toolName } from '../sections.js'
import { sessionAnchor } from './anchor.js'
import type { Conversation } from './conversation.js'
import { type Judgement, judgementsOf } from './judgements.js'
import { outcomeWords, type SessionLine, sessionLine } from './session-list.js'
import type { SessionDetailRow, SessionFileRow, SessionToolRow, SessionTurnRow } from './session-rows.js'
import { readMarks } from './timeline.js'
import { type TurnTable, turnTable } from './turns.js'

export interface Fact {
  readonly label: string
  readonly value: string
}

export interface SessionPage {
  readonly anchor: string
  /** Anchors of its neighbours in the list. */
  readonly previous: string | null
  readonly next: string | null
  /** "Tuesday 10 February, 14:05 to 15:10" */
  readonly when: string
  readonly title: string
  readonly summary: string
  readonly facts: readonly Fact[]
  readonly judgedBy: string
  readonly judgements: readonly Judgement[]
  readonly turns: TurnTable
  readonly tools: readonly { readonly tool: string; readonly calls: string; readonly failed: string }[]
  readonly moreTools: string | null
  readonly files: readonly { readonly file: string; readonly edits: string; readonly lines: string }[]
  readonly moreFiles: string | null
  /** Null where the settings keep no text; says so itself where the log is gone. */
  readonly conversation: Conversation | null
}

/** What the queries hold of one session. */
export interface SessionParts {
  readonly row: SessionRow
  readonly detail: SessionDetailRow | undefined
  readonly turns: readonly SessionTurnRow[]
  readonly tools: readonly SessionToolRow[]
  readonly files: readonly SessionFileRow[]
}

const maxTools = 8
const maxFiles = 6

/** In the order of the list; the parts of each session found once, not once a session. */
export function sessionParts({ rows }: ReportData): SessionParts[] {
  const turns = groupBySession(rows.session_turns)
  const tools = groupBySession(rows.session_tools)
  const files = groupBySession(rows.session_files)
  const details = new Map(rows.session_details.map((row) => [row.session_id, row]))
  return rows.sessions.map((row) => ({
    row,
    detail: details.get(row.session_id),
    turns: turns.get(row.session_id) ?? [],
    tools: tools.get(row.session_id) ?? [],
    files: files.get(row.session_id) ?? [],
  }))
}

function groupBySession<T extends { session_id: string }>(rows: readonly T[]): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const row of rows) {
    const group = groups.get(row.session_id)
    if (group) group.push(row)
    else groups.set(row.session_id, [row])
  }
  return groups
}

export function sessionPages(
  parts: readonly SessionParts[],
  { timezone }: Config,
  conversations: ReadonlyMap<string, Conversation>,
): SessionPage[] {
  const models = modelLabels(parts.flatMap(({ row }) => row.model ?? []))
  return parts.map((part, i) => {
    const { row, detail, tools, files } = part
    const line = sessionLine(row, i + 1, timezone)
    return {
      anchor: line.anchor,
      previous: anchorOf(parts[i - 1]),
      next: anchorOf(parts[i + 1]),
      when: whenWords(part, timezone),
      title: line.goal ?? capitalised(row.brief_summary === null && line.what ? line.what : line.project),
      summary: row.brief_summary ?? '',
      facts: factsOf(part, line, models),
      judgedBy: judgedBy(detail),
      judgements: detail ? judgementsOf(outcomeWords(row), detail) : [],
      turns: turnTable(part.turns, timezone),
      tools: tools.slice(0, maxTools).map((tool) => ({
        tool: toolName(tool.tool_name),
        calls: formatCount(tool.call_count),
        failed: tool.error_count === 0 ? '' : formatCount(tool.error_count),
      })),
      moreTools: tools.length > maxTools ? `and ${countOf(tools.length - maxTools, 'other tool')}` : null,
      files: files.slice(0, maxFiles).map((file) => ({
        file: file.path,
        edits: formatCount(file.edit_count),
        lines: `+${formatCount(file.lines_added)} −${formatCount(file.lines_deleted)}`,
      })),
      moreFiles: moreFiles(part),
      conversation: conversations.get(row.session_id) ?? null,
    }
  })
}

function anchorOf(part: SessionParts | undefined): string | null {
  return part === undefined ? null : sessionAnchor(part.row.session_id)
}

function factsOf(
  { row, detail, turns }: SessionParts,
  line: SessionLine,
  models: ReadonlyMap<string, string>,
): Fact[] {
  const told: [label: string, value: string | null | undefined][] = [
    ['Project', line.project],
    ['Branch', detail?.git_branch],
    ['Agent', [agentName(row.source), detail?.agent_version].filter(Boolean).join(' ')],
    ['Model', row.model && (models.get(row.model) ?? row.model)],
    ['Active', line.active],
    ['Asked', askedWords(row, detail)],
    ['Tools', toolsWords(row, detail)],
    ['Tokens', detail && tokenWords(detail)],
    ['Cost', costWords(row, detail)],
    ['Changed', detail && changeWords(detail)],
    ['Ended', endedWords(row)],
    ['Tags', detail?.tags?.replaceAll(',', ', ')],
    ['Longest pause', pauseWords(turns)],
  ]
  return told.flatMap(([label, value]) => (value ? [{ label, value }] : []))
}

function askedWords(row: SessionRow, detail: SessionDetailRow | undefined): string {
  const interrupted = detail?.interruption_count ?? 0
  const turns = detail ? `, ${countOf(detail.turn_count, 'turn')}` : ''
  return `${countOf(row.prompt_count, 'prompt')}${turns}${interrupted > 0 ? `, ${countOf(interrupted, 'interruption')}` : ''}`
}

function toolsWords(row: SessionRow, detail: SessionDetailRow | undefined): string {
  const failed = row.error_count > 0 ? `, ${formatCount(row.error_count)} failed` : ''
  const rejected = detail?.rejection_count ? `, ${formatCount(detail.rejection_count)} rejected` : ''
  const agents = row.subagent_count > 0 ? `, with ${countOf(row.subagent_count, 'sub-agent')}` : ''
  return `${countOf(row.tool_call_count, 'call')}${failed}${rejected}${agents}`
}

function tokenWords(detail: SessionDetailRow): string {
  if (detail.total_tokens === null) return unlogged
  const parts = [
    `${formatCompact(detail.input_tokens ?? 0)} in`,
    `${formatCompact(detail.output_tokens ?? 0)} out`,
    `${formatCompact((detail.cache_read_tokens ?? 0) + (detail.cache_write_tokens ?? 0))} cache`,
  ]
  return `${formatCompact(detail.total_tokens)} (${parts.join(', ')})`
}

function costWords(row: SessionRow, detail: SessionDetailRow | undefined): string {
  const cost = formatCost(row.cost_usd, row.unpriced_call_count)
  const agents = detail?.subagent_cost_usd
  return agents ? `${cost}, of it ${formatCost(agents, 0)} by sub-agents` : cost
}

function changeWords(detail: SessionDetailRow): string | null {
  if (detail.file_count === 0) return null
  const lines = `+${formatCount(detail.lines_added ?? 0)} −${formatCount(detail.lines_deleted ?? 0)} lines`
  return `${countOf(detail.file_count, 'file')}, ${lines}`
}

function endedWords({ completion_status }: SessionRow): string | undefined {
  const endings: Record<string, string> = {
    completed: 'as usual',
    abandoned: 'abandoned',
    error: 'in an error',
    active: 'not yet: still active',
  }
  return endings[completion_status ?? '']
}

/** Between any two marks, also within a turn; the first mark has no pause that belongs to the period. */
function pauseWords(turns: readonly SessionTurnRow[]): string | null {
  const gaps = turns.flatMap(({ timeline }) => readMarks(timeline).map(({ gapSeconds }) => gapSeconds))
  const longest = Math.max(0, ...gaps.slice(1))
  return longest < 300 ? null : formatDuration(longest)
}

function moreFiles({ detail, files }: SessionParts): string | null {
  const left = (detail?.file_count ?? 0) - Math.min(files.length, maxFiles)
  if (files.length === 0 || left <= 0) return null
  return `and ${countOf(left, 'other file')}`
}

/** From the first to the last thing in the period; a session that began before it says so. */
function whenWords({ row, turns }: SessionParts, timezone: string): string {
  const from = turns[0]?.started_at ?? row.started_at
  if (from === null) return weekdayDate(row.first_date)
  const to = turns.at(-1)?.ended_at ?? from
  const date = localDate(new Date(from), timezone)
  const lastDate = localDate(new Date(to), timezone)
  const last = `${lastDate === date ? '' : `${weekdayDate(lastDate)}, `}${formatTime(to, timezone)}`
  const isOlder = row.started_at !== null && localDate(new Date(row.started_at), timezone) < row.first_date
  const begun = isOlder ? '; begun earlier' : ''
  return `${weekdayDate(date)}, ${formatTime(from, timezone)} to ${last}${begun}`
}

const looked = 'Each message and quote was looked up in the log; what was not found there says so.'

function judgedBy(detail: SessionDetailRow | undefined): string {
  if (!detail?.extractor) return 'Nobody judged this session.'
  if (detail.extractor === 'rules') return `Judged by rules, without a model. ${looked}`
  return `Judged by ${detail.extraction_model ?? detail.extractor}. ${looked}`
}
