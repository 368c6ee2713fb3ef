// The report page: every word and chart of a period, put into templates/pages/<kind>.hbs.
import type { Config } from '../config.js'
import { addDays, localDate, longDate, periodDates, periodTitle, weekdayDate } from '../period.js'
import { type Chart, type ChartName, type DrawSvg, drawChart } from './charts.js'
import type { ReportData } from './data.js'
import { type Headline, headlinesOf } from './figures.js'
import { formatCost, formatCount, formatDuration, formatShare, formatTime } from './format.js'
import { frictionSection } from './friction.js'
import { modelColors } from './model-colors.js'
import type { ToolRow } from './rows.js'
import {
  agentsSection,
  attentionSection,
  costSection,
  hoursSection,
  legendLabels,
  projectLabel,
  type Section,
  toolLabel,
  toolsSection,
  weekdayLabel,
} from './sections.js'
import { type SessionList, sessionList } from './session-list.js'
import { type TrustSection, trustSection } from './trust.js'

export interface ReportText {
  readonly title: string
  readonly kind: string
  readonly dates: string
  readonly asOf: string
  readonly isSoFar: boolean
  /** Whose work it is, or that it is nobody's. */
  readonly owner: string
  readonly isDemo: boolean
  readonly content: Config['privacy']['content']
  readonly timezone: string
  readonly headlines: readonly Headline[]
  readonly cost: Section
  readonly attention: Section
  /** Null where there is no more than one agent. */
  readonly agents: Section | null
  readonly tools: Section
  readonly hours: Section
  readonly sessions: SessionList
  readonly friction: Section
  readonly trust: TrustSection
}

export type ReportCharts = Readonly<Record<'cost' | 'attention' | 'tools' | 'hours', Chart | null>>

/** Everything the report says, in words: the page and the Markdown both show this. */
export function reportText(data: ReportData, config: Config): ReportText {
  return {
    title: periodTitle(data.period),
    kind: data.period.kind,
    dates: periodDates(data.period),
    asOf: asOfWords(data, config.timezone),
    isSoFar: data.isSoFar,
    owner: ownerWords(config),
    isDemo: config.isDemo,
    content: config.privacy.content,
    timezone: config.timezone,
    headlines: headlinesOf(data, config.timezone),
    cost: costSection(data),
    attention: attentionSection(data),
    agents: agentsSection(data),
    tools: toolsSection(data),
    hours: hoursSection(data),
    sessions: sessionList(data, config),
    friction: frictionSection(data),
    trust: trustSection(data, config.timezone),
  }
}

/** "sam on laptop"; the demo says that nobody did what it tells. */
export function ownerWords(config: Config): string {
  return config.isDemo ? 'Demo: made-up sessions' : `${config.user} on ${config.machine}`
}

/** A chart for each section that has something to draw. */
export async function drawCharts(
  data: ReportData,
  text: ReportText,
  drawSvg: DrawSvg,
): Promise<ReportCharts> {
  const { rows } = data
  const calls = rows.cost_by_day_and_model.filter((row) => row.call_count > 0)
  const costs = legendLabels(calls)
  const largestHour = Math.max(0, ...rows.when_you_worked.map((row) => row.prompt_count))
  const draw = async (
    name: ChartName,
    section: Section,
    isWorthIt: boolean,
    chartRows: object[],
    colors?: readonly string[],
  ) => {
    const switches = { isMonth: data.period.kind === 'monthly' }
    const label = `${section.heading}. ${section.paragraphs[0] ?? ''}`
    return isWorthIt ? drawChart(name, label, chartRows, switches, drawSvg, colors) : null
  }
  return {
    cost: await draw(
      'cost_by_day_and_model',
      text.cost,
      rows.cost_by_day_and_model.some((row) => row.cost_usd > 0),
      rows.cost_by_day_and_model.map((row) => ({ ...row, model_label: costs.get(row) ?? null })),
      modelColors(calls),
    ),
    attention: await draw(
      'attention_by_project',
      text.attention,
      rows.attention_by_project.length > 0,
      rows.attention_by_project.map((row) => ({
        ...row,
        cost_share: row.cost_share ?? 0,
        project_label: projectLabel(row),
        active_label: formatDuration(row.active_seconds),
        cost_label: formatCost(row.cost_usd, row.unpriced_call_count),
      })),
    ),
    tools: await draw(
      'tools',
      text.tools,
      rows.tools.length > 0,
      rows.tools.map((row) => ({ ...row, tool_label: toolLabel(row), ...callLabels(row) })),
    ),
    hours: await draw(
      'when_you_worked',
      text.hours,
      largestHour > 0,
      rows.when_you_worked.map((row) => ({
        ...row,
        weekday_label: weekdayLabel(row).slice(0, 3),
        heat_level: heatLevel(row.prompt_count, largestHour),
      })),
    ),
  }
}

function callLabels(row: ToolRow): { bar_label: string; short_bar_label: string } {
  const calls = formatCount(row.call_count)
  if (row.error_count === 0) return { bar_label: calls, short_bar_label: calls }
  const short = `${calls} · ${formatShare(row.error_share)}`
  return { bar_label: `${short} failed`, short_bar_label: short }
}

/** 0 for none, else the quarter of the largest that the number lies in. */
function heatLevel(count: number, largest: number): number {
  return count === 0 ? 0 : Math.ceil((4 * count) / largest)
}

function asOfWords(data: ReportData, timezone: string): string {
  if (!data.isSoFar) return `complete, as of the end of ${weekdayDate(addDays(data.period.endDate, -1))}`
  const date = localDate(new Date(data.asOf), timezone)
  return `so far, as of ${longDate(date)}, ${formatTime(data.asOf, timezone)}`
}
