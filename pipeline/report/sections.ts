// The report's sections as words and tables; page, Markdown and digest all show these, so that they agree.

import { shortWeekdayDate, weekdayName } from '../period.js'
import type { ChartSpec } from './charts.js'
import type { ReportData } from './data.js'
import { currentRow, periodNoun } from './figures.js'
import {
  countOf,
  formatCompact,
  formatCost,
  formatCount,
  formatDollars,
  formatDuration,
  formatShare,
  listed,
  unlogged,
} from './format.js'
import { modelColors } from './model-colors.js'
import { agentName, modelLabels } from './names.js'
import type { AgentRow, CostRow, HourRow, ProjectRow, ToolRow } from './rows.js'
import { type Table, tablesOf } from './table.js'

export interface Section {
  readonly id: string
  readonly heading: string
  readonly paragraphs: readonly string[]
  readonly tables: readonly Table[]
  /** Drawn above its tables, which then fold away; null where there is nothing to draw. */
  readonly chart?: ChartSpec | null
}

export function costSection(data: ReportData): Section {
  const rows = data.rows.cost_by_day_and_model.filter((row) => row.call_count > 0)
  const labels = costLabels(rows)
  return {
    id: 'cost',
    heading: 'Cost by day and model',
    paragraphs: [costParagraph(data, rows)],
    tables: tablesOf({
      caption: 'What each model cost on each day',
      texts: ['Day', 'Model'],
      numbers: ['Calls', 'Tokens', 'Cost'],
      rows,
      cells: (row) => [
        shortWeekdayDate(row.local_date),
        labels.get(row) ?? '',
        formatCount(row.call_count),
        formatCompact(row.total_tokens),
        formatCost(row.cost_usd, row.unpriced_call_count),
      ],
    }),
    chart: costChart(data, rows),
  }
}

function costChart(data: ReportData, called: readonly CostRow[]): ChartSpec | null {
  const rows = data.rows.cost_by_day_and_model
  if (!rows.some((row) => row.cost_usd > 0)) return null
  const labels = legendLabels(called)
  return {
    name: 'cost_by_day_and_model',
    rows: rows.map((row) => ({ ...row, model_label: labels.get(row) ?? null })),
    colors: modelColors(called),
  }
}

/** What each row's model is called: its name, or how many others it stands for. */
export function costLabels(rows: readonly CostRow[]): Map<CostRow, string> {
  const names = modelLabels(rows.flatMap((row) => row.model ?? []))
  return new Map(
    rows.map((row) => [row, row.model === null ? 'other models' : (names.get(row.model) ?? row.model)]),
  )
}

/** The same for a legend, which must also say why a model has no bar. */
export function legendLabels(rows: readonly CostRow[]): Map<CostRow, string> {
  const labels = costLabels(rows)
  const hasPrice = new Set(
    rows.flatMap((row) => (row.unpriced_call_count < row.call_count ? row.model_rank : [])),
  )
  return new Map(
    [...labels].map(([row, label]) => [row, hasPrice.has(row.model_rank) ? label : `${label} (no price)`]),
  )
}

export function attentionSection(data: ReportData): Section {
  const rows = data.rows.attention_by_project
  return {
    id: 'attention',
    heading: 'Attention by project',
    paragraphs: [
      rows.length === 0
        ? `Nothing was worked on this ${periodNoun(data)}.`
        : 'Each project’s share of the active time and of the cost. A project that takes more of the cost than of the time is dear for what it is.',
    ],
    tables: tablesOf({
      caption: 'Time and cost of each project',
      texts: ['Project'],
      numbers: ['Sessions', 'Prompts', 'Active', 'Share', 'Cost', 'Share'],
      rows,
      cells: (row) => [
        projectLabel(row),
        formatCount(row.session_count),
        formatCount(row.prompt_count),
        formatDuration(row.active_seconds),
        formatShare(row.active_share),
        formatCost(row.cost_usd, row.unpriced_call_count),
        row.cost_share === null ? '–' : formatShare(row.cost_share),
      ],
    }),
    chart: rows.length === 0 ? null : attentionChart(rows),
  }
}

function attentionChart(rows: readonly ProjectRow[]): ChartSpec {
  return {
    name: 'attention_by_project',
    rows: rows.map((row) => ({
      ...row,
      cost_share: row.cost_share ?? 0,
      project_label: projectLabel(row),
      active_label: formatDuration(row.active_seconds),
      cost_label: formatCost(row.cost_usd, row.unpriced_call_count),
    })),
  }
}

/** Null where a single agent was at work: then it says nothing that the figures at a glance do not. */
export function agentsSection(data: ReportData): Section | null {
  const rows = data.rows.attention_by_agent
  if (rows.length < 2) return null
  return {
    id: 'agents',
    heading: 'Attention by agent',
    paragraphs: [agentsParagraph(rows)],
    tables: tablesOf({
      caption: 'Time, work and cost of each agent',
      texts: ['Agent'],
      numbers: ['Active', 'Share', 'Cost', 'Tokens', 'Sessions', 'Prompts', 'Tool calls'],
      rows,
      cells: (row) => [
        agentName(row.source),
        formatDuration(row.active_seconds),
        formatShare(row.active_share),
        formatCost(row.cost_usd, row.unpriced_call_count),
        row.total_tokens === null ? unlogged : formatCompact(row.total_tokens),
        formatCount(row.session_count),
        formatCount(row.prompt_count),
        formatCount(row.tool_call_count),
      ],
    }),
  }
}

function agentsParagraph(rows: readonly AgentRow[]): string {
  const silent = rows.filter((row) => row.unlogged_count > 0).map((row) => agentName(row.source))
  const told = 'Time is that of main sessions; tool calls, tokens and cost include those of sub-agents.'
  return silent.length === 0
    ? told
    : `${told} Not every log of ${listed(silent)} says what was used; what is not logged is in no sum.`
}

export function projectLabel(row: Pick<ProjectRow, 'project' | 'is_rest' | 'project_count'>): string {
  if (row.is_rest) return countOf(row.project_count, 'other project')
  return row.project ?? 'no project'
}

export function toolLabel(row: ToolRow): string {
  return row.is_rest ? countOf(row.tool_count, 'other tool') : toolName(row.tool_name)
}

/** mcp__calendar__list_events → calendar: list_events */
export function toolName(logged: string | null): string {
  const name = logged ?? 'unnamed'
  const mcp = /^mcp__(.+?)__(.+)$/.exec(name)
  return mcp ? `${mcp[1]}: ${mcp[2]}` : name
}

export function hoursSection(data: ReportData): Section {
  const busy = data.rows.when_you_worked.filter((row) => row.prompt_count > 0)
  return {
    id: 'hours',
    heading: 'When you worked',
    paragraphs: [hoursParagraph(data, busy)],
    tables: tablesOf({
      caption: 'Prompts in each hour',
      texts: ['Day', 'Hour'],
      numbers: ['Prompts'],
      rows: busy,
      cells: (row) => [weekdayLabel(row), hourLabel(row), formatCount(row.prompt_count)],
    }),
    chart: busy.length === 0 ? null : hoursChart(data.rows.when_you_worked),
  }
}

function hoursChart(rows: readonly HourRow[]): ChartSpec {
  const largest = Math.max(...rows.map((row) => row.prompt_count))
  return {
    name: 'when_you_worked',
    rows: rows.map((row) => ({
      ...row,
      weekday_label: weekdayLabel(row).slice(0, 3),
      heat_level: heatLevel(row.prompt_count, largest),
    })),
  }
}

/** 0 for none, else the quarter of the largest that the number lies in. */
export function heatLevel(count: number, largest: number): number {
  return count === 0 ? 0 : Math.ceil((4 * count) / largest)
}

/** 1 is Monday: 5 January 1970 was one. */
export function weekdayLabel(row: HourRow): string {
  return weekdayName(`1970-01-${String(4 + row.local_weekday).padStart(2, '0')}`)
}

function costParagraph(data: ReportData, rows: readonly CostRow[]): string {
  const noun = periodNoun(data)
  const { cost_usd: costUsd, unpriced_call_count: unpriced, unlogged_count: silent } = currentRow(data)
  if (rows.length === 0 && silent > 0)
    return `No log of this ${noun} says which model was called, or what it cost.`
  if (rows.length === 0) return `No model was called this ${noun}.`
  if (costUsd === 0) return `None of this ${noun}’s calls has a price, so there is no cost to draw.`
  const dearestRows = rows.filter((row) => row.model_rank === 1)
  const dearestUsd = dearestRows.reduce((sum, row) => sum + row.cost_usd, 0)
  const dearest = dearestRows[0]
  const name = dearest ? costLabels(rows).get(dearest) : null
  const total = `${formatDollars(costUsd, unpriced)} at list price`
  if (!name) return `${total}.`
  // With calls that have no price nobody knows the whole, and so no share of it.
  return unpriced > 0
    ? `${total}; of what has a price, ${formatDollars(dearestUsd)} went to ${name}.`
    : `${total}, ${formatShare(dearestUsd / costUsd)} of it for ${name}.`
}

function hoursParagraph(data: ReportData, busy: readonly HourRow[]): string {
  const [busiest] = [...busy].sort((a, b) => b.prompt_count - a.prompt_count)
  if (!busiest) return `Nobody asked anything this ${periodNoun(data)}.`
  const total = busy.reduce((sum, row) => sum + row.prompt_count, 0)
  const days = data.period.kind === 'weekly' ? weekdayLabel(busiest) : `${weekdayLabel(busiest)}s`
  return `${countOf(total, 'prompt')} by hour and weekday; the stronger the colour, the more. The busiest hour was ${days} at ${hourLabel(busiest)}, with ${formatCount(busiest.prompt_count)}.`
}

function hourLabel(row: HourRow): string {
  return `${String(row.local_hour).padStart(2, '0')}:00`
}
