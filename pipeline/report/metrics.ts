// What the metrics of growth and anomalies are called, and how their values are written.
import { formatCount, formatDollars, formatDuration, formatShare, words } from './format.js'

type Form = 'share' | 'dollars' | 'duration' | 'count' | 'decimal'

/** Under the names of sql/seeds/growth_metrics.csv and of the mart anomalies. */
const metrics: Readonly<Record<string, readonly [name: string, form: Form]>> = {
  effectiveness: ['Effectiveness', 'share'],
  error_rate: ['Tool calls that failed', 'share'],
  corrections_per_prompt: ['Prompts that correct', 'share'],
  interruptions_per_session: ['Interruptions a session', 'decimal'],
  rejections_per_session: ['Refused actions a session', 'decimal'],
  completion_share: ['Sessions completed', 'share'],
  time_per_turn_seconds: ['Time a turn', 'duration'],
  tool_calls_per_turn: ['Tool calls a turn', 'decimal'],
  tool_diversity: ['Tool diversity', 'decimal'],
  unique_tools_used: ['Different tools', 'count'],
  delegation_ratio: ['Tool calls that delegate', 'share'],
  cost_per_session: ['Cost a session', 'dollars'],
  cost_per_prompt: ['Cost a prompt', 'dollars'],
  friction_cost_share: ['Cost spent on friction', 'share'],
  session_count: ['Sessions', 'count'],
  prompt_count: ['Prompts', 'count'],
  active_seconds: ['Active time', 'duration'],
  active_day_count: ['Active days', 'count'],
  commit_count: ['Commits', 'count'],
  lines_changed: ['Lines changed', 'count'],
  friction_count: ['Signs of friction', 'decimal'],
  friction_cost_usd: ['Cost of friction', 'dollars'],
  cost_usd: ['Cost', 'dollars'],
  error_count: ['Failed tool calls', 'decimal'],
}

export const metricNames: readonly string[] = Object.keys(metrics)

export function metricName(metric: string): string {
  return metrics[metric]?.[0] ?? words(metric)
}

export function formatMetric(metric: string, value: number): string {
  switch (metrics[metric]?.[1]) {
    case 'share':
      return formatShare(value)
    case 'dollars':
      return formatDollars(value)
    case 'duration':
      return formatDuration(value)
    case 'count':
      return formatCount(value)
    default:
      return formatDecimal(value)
  }
}

/** 13.61 → 13.6, 0.2308 → 0.23, 8.5 → 8.5 */
function formatDecimal(value: number): string {
  const digits = value >= 10 ? 1 : 2
  return Number.isInteger(value) ? formatCount(value) : String(Number(value.toFixed(digits)))
}
