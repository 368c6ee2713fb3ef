// The tools section: which tools were called and failed, what they were called for, and how wide the mix was.
import type { ChartSpec } from './charts.js'
import type { ReportData } from './data.js'
import { currentRow, periodNoun } from './figures.js'
import { capitalised, countOf, formatCount, formatShare, words } from './format.js'
import { formatMetric } from './metrics.js'
import type { GrowthRow, ToolRow } from './rows.js'
import { type Section, toolLabel } from './sections.js'
import { type Table, tablesOf } from './table.js'

const kindWords: Readonly<Record<string, string>> = {
  edit: 'Edit files',
  write: 'Write files',
  read: 'Read files',
  search: 'Search',
  shell: 'Run commands',
  web: 'Use the web',
  delegate: 'Delegate',
  mcp: 'MCP servers',
}

export function toolsSection(data: ReportData): Section {
  const { tool_call_count: calls, error_count: errors } = currentRow(data)
  return {
    id: 'tools',
    heading: 'Tools',
    paragraphs: [
      calls === 0
        ? `No tool was called this ${periodNoun(data)}.`
        : `${countOf(calls, 'call')}, of which ${errors === 0 ? 'none' : `${formatCount(errors)} (${formatShare(errors / calls)})`} failed. A failed call is one that the tool answered with an error.`,
      ...diversitySentence(data),
    ],
    tables: [...callTables(data), ...mixTables(data)],
    chart: data.rows.tools.length === 0 ? null : toolsChart(data.rows.tools),
  }
}

/** How varied the tools are: of the metrics of growth, which a period of days lacks. */
function diversitySentence(data: ReportData): string[] {
  const told = (metric: string) => data.rows.growth.find(({ metric_name }) => metric_name === metric)
  const [different, diversity] = [told('unique_tools_used'), told('tool_diversity')]
  if (!different || !diversity || currentRow(data).tool_call_count === 0) return []
  const before = (row: GrowthRow) =>
    data.isSoFar || row.previous_value === null
      ? ''
      : `, after ${formatMetric(row.metric_name, row.previous_value)} the ${periodNoun(data)} before`
  return [
    `${countOf(different.metric_value, 'different tool')} ${different.metric_value === 1 ? 'was' : 'were'} used${before(different)}. A session’s mix has a diversity of ${formatMetric('tool_diversity', diversity.metric_value)} on average${before(diversity)}: 0 is a single tool, and more is a wider mix.`,
  ]
}

function callTables(data: ReportData): Table[] {
  return tablesOf({
    caption: 'Calls and failures of each tool',
    texts: ['Tool'],
    numbers: ['Calls', 'Failed', 'Share'],
    rows: data.rows.tools,
    cells: (row) => [
      toolLabel(row),
      formatCount(row.call_count),
      formatCount(row.error_count),
      formatShare(row.error_share),
    ],
  })
}

/** What the calls were for, beside the period before. */
function mixTables(data: ReportData): Table[] {
  const isCompared = !data.isSoFar && data.rows.tool_mix.some((row) => row.previous_call_count > 0)
  return tablesOf({
    caption: 'What the calls were for',
    texts: ['Kind'],
    numbers: ['Calls', 'Share', ...(isCompared ? [`The ${periodNoun(data)} before`] : []), 'Failed', 'Share'],
    rows: data.rows.tool_mix.filter((row) => row.call_count > 0 || isCompared),
    cells: (row) => [
      kindWords[row.tool_kind] ?? capitalised(words(row.tool_kind)),
      formatCount(row.call_count),
      formatShare(row.call_share),
      ...(isCompared ? [formatShare(row.previous_call_share)] : []),
      formatCount(row.error_count),
      formatShare(row.error_share),
    ],
  })
}

function toolsChart(rows: readonly ToolRow[]): ChartSpec {
  return {
    name: 'tools',
    rows: rows.map((row) => ({ ...row, tool_label: toolLabel(row), ...callLabels(row) })),
  }
}

function callLabels(row: ToolRow): { bar_label: string; short_bar_label: string } {
  const calls = formatCount(row.call_count)
  if (row.error_count === 0) return { bar_label: calls, short_bar_label: calls }
  const short = `${calls} · ${formatShare(row.error_share)}`
  return { bar_label: `${short} failed`, short_bar_label: short }
}
