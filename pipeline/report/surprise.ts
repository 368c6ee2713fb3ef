// The period's biggest surprise: what lies farthest outside its own usual range, how far, and where to look.
import type { ReportData } from './data.js'
import { periodNoun } from './figures.js'
import { capitalised, formatDuration, formatShare } from './format.js'
import { formatMetric, metricName } from './metrics.js'
import type { SurpriseRow } from './rows.js'
import { toolName } from './sections.js'

export interface Surprise {
  readonly text: string
  /** The parts that show it, the best first. */
  readonly parts: readonly string[]
}

/** Null where nothing stands out, or where there is too little to tell what is usual. */
export function surpriseOf(data: ReportData): Surprise | null {
  const [row] = data.rows.surprises
  if (!row) return null
  const noun = periodNoun(data)
  const form = formOf(row)
  const way = row.metric_value > row.most_value ? 'more than' : 'less than'
  return {
    text: `${subjectWords(row)}: ${form(row.metric_value)}, ${way} in any of the ${row.period_count}\u00a0${noun}s before it. Usual is ${form(row.usual_value)}; until now it lay between ${form(row.least_value)} and ${form(row.most_value)}.`,
    parts: partsOf(row),
  }
}

function formOf(row: SurpriseRow): (value: number) => string {
  if (row.subject_kind === 'tool') return formatShare
  return row.subject_kind === 'project' ? formatDuration : (value) => formatMetric(row.metric_name, value)
}

function subjectWords(row: SurpriseRow): string {
  if (row.subject_kind === 'tool') return `Calls of ${toolName(row.subject)} that failed`
  if (row.subject_kind === 'project') return `Time for ${row.subject ?? 'a project'}`
  return capitalised(metricName(row.metric_name))
}

const metricParts: Readonly<Record<string, readonly string[]>> = {
  cost_usd: ['cost-bridge', 'cost'],
  cost_per_session: ['cost-bridge', 'growth'],
  cost_per_prompt: ['cost-bridge', 'growth'],
  error_rate: ['tools'],
  unique_tools_used: ['tools'],
  delegation_ratio: ['tools'],
  corrections_per_prompt: ['friction'],
  interruptions_per_session: ['friction'],
  rejections_per_session: ['friction'],
  friction_cost_share: ['friction'],
  session_count: ['sessions'],
  prompt_count: ['hours'],
  active_seconds: ['attention'],
}

function partsOf(row: SurpriseRow): readonly string[] {
  if (row.subject_kind === 'tool') return ['tools']
  if (row.subject_kind === 'project') return ['attention', 'sessions']
  return [...(metricParts[row.metric_name] ?? []), 'growth']
}
