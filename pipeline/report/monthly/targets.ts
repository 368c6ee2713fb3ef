// Coaching: what became of the targets that the month before set, and what this month sets for the next.
import { monthTitle, parsePeriod } from '../../period.js'
import type { ReportData } from '../data.js'
import { formatCount, listed } from '../format.js'
import { sectionBlocks } from '../markdown.js'
import { formatMetric, metricName } from '../metrics.js'
import { escapeMarkdown } from '../narrative.js'
import type { Section } from '../sections.js'
import { type Table, tablesOf } from '../table.js'
import type { TargetRow } from './rows.js'

export interface ShownTarget {
  readonly title: string
  /** "from 6.1 % to 4.6 %" */
  readonly note: string
  /** Where the target comes from. */
  readonly reason: string
  readonly advice: string
}

export interface TargetsSection extends Section {
  /** What is set for the month after. */
  readonly ahead: string
  readonly targets: readonly ShownTarget[]
}

/** What moves a metric; a habit, never a name from the logs. */
const advices: Readonly<Record<string, string>> = {
  friction_cost_share:
    'Stop a session that goes wrong sooner: after the second failed attempt say what you see, or begin anew with what you learnt.',
  error_rate:
    'Take the calls that fail most (see Tools) and write what they need into the instructions that the agent reads: paths, commands, versions.',
  corrections_per_prompt:
    'Say in the first prompt what done means and what must not be touched; ask for a plan where the task is larger than one file.',
  interruptions_per_session:
    'Ask for a plan before long work, so that there is less to stop; what you stop for twice belongs in the instructions.',
  rejections_per_session:
    'Allow what you always allow and forbid what you always refuse in the agent’s settings, so that it asks less.',
  completion_share:
    'End sessions on a check that passes: smaller tasks, one a session, and a last prompt that asks for the proof.',
}

/** Null where the month is over and neither was nor is there anything to aim at. */
export function targetsSection(data: ReportData): TargetsSection | null {
  const checked = data.rows.targets.filter(({ target_role }) => target_role === 'checked')
  const set = data.rows.targets.filter(({ target_role }) => target_role === 'set')
  if (checked.length + set.length === 0 && !data.isSoFar) return null
  return {
    id: 'targets',
    heading: 'Targets',
    paragraphs: checked.length === 0 ? [] : [checkedParagraph(data, checked)],
    ahead: setParagraph(data, set),
    targets: set.map(shownTarget),
    tables: checkedTable(data, checked),
  }
}

export function targetBlocks(section: TargetsSection): string[] {
  const targets = section.targets.map(
    ({ title, note, reason, advice }) =>
      `- **${escapeMarkdown(title)}** (${escapeMarkdown(note)}): ${escapeMarkdown(reason)} ${escapeMarkdown(advice)}`,
  )
  return [
    ...sectionBlocks(section),
    escapeMarkdown(section.ahead),
    ...(targets.length === 0 ? [] : [targets.join('\n')]),
  ]
}

function checkedParagraph({ period, isSoFar }: ReportData, rows: readonly TargetRow[]): string {
  const setter = monthTitle(period.previous.startDate)
  if (isSoFar)
    return `${setter} set ${targetCount(rows.length)} for this month; how it stands so far is below.`
  const counts: [number, string][] = [
    [rows.filter(({ is_met }) => is_met === true).length, 'met'],
    [rows.filter(({ is_met }) => is_met === false).length, 'missed'],
    [rows.filter(({ is_met }) => is_met === null).length, 'not measurable'],
  ]
  const parts = counts.flatMap(([count, word]) => (count === 0 ? [] : [`${formatCount(count)} ${word}`]))
  return `Of the ${targetCount(rows.length)} that ${setter} set for this month: ${listed(parts)}.`
}

function targetCount(count: number): string {
  return count === 1 ? 'one target' : `${formatCount(count)} targets`
}

function setParagraph({ period, isSoFar }: ReportData, rows: readonly TargetRow[]): string {
  if (isSoFar) return 'Targets for the month after are set when this one is over.'
  if (rows.length === 0)
    return 'Nothing in this month lies far enough from its best to set a target for the next.'
  const next = monthTitle(period.endDate)
  return `For ${next}: where this month was behind the best of the five before it, halfway there; where there is no better one, a tenth better. They stay as they are, and next month’s report checks them.`
}

function shownTarget(row: TargetRow): ShownTarget {
  const format = (value: number) => formatMetric(row.metric_name, value)
  return {
    title: metricName(row.metric_name),
    note: `from ${format(row.baseline_value)} to ${format(row.target_value)}`,
    reason: reasonOf(row),
    advice: advices[row.metric_name] ?? '',
  }
}

function reasonOf({ metric_name, reference_value: best, reference_period: month }: TargetRow): string {
  if (best === null || month === null)
    return 'No better month among the five before; a tenth better than this one.'
  const { startDate } = parsePeriod('monthly', month, 'monday')
  return `Halfway to the ${formatMetric(metric_name, best)} of ${monthTitle(startDate)}.`
}

function checkedTable(data: ReportData, rows: readonly TargetRow[]): Table[] {
  return tablesOf({
    caption: `Targets for ${monthTitle(data.period.startDate)}`,
    texts: ['Metric', data.isSoFar ? 'So far' : 'Result'],
    numbers: ['Before', 'Target', data.isSoFar ? 'This month so far' : 'This month'],
    rows,
    cells: (row) => {
      const format = (value: number) => formatMetric(row.metric_name, value)
      return [
        metricName(row.metric_name),
        resultWords(row, data.isSoFar),
        format(row.baseline_value),
        `${row.is_less_better ? 'at most' : 'at least'} ${format(row.target_value)}`,
        row.reached_value === null ? '–' : format(row.reached_value),
      ]
    },
  })
}

/** "missed by 1.2 %" says by how much, in the metric's own unit. */
function resultWords(row: TargetRow, isSoFar: boolean): string {
  if (row.is_met === null || row.reached_value === null) return 'not measurable: too little to tell'
  const distance = Math.abs(row.reached_value - row.target_value)
  const by = formatDistance(row.metric_name, distance)
  const word = row.is_met ? (isSoFar ? 'within' : 'met') : isSoFar ? 'not yet' : 'missed'
  return by === null ? word : `${word}, by ${by}`
}

/** Shares differ by points; null where nothing would show. */
function formatDistance(metric: string, distance: number): string | null {
  const isShare = formatMetric(metric, 0.5).endsWith('%')
  const shown = isShare ? `${(distance * 100).toFixed(1)} points` : formatMetric(metric, distance)
  return /^0(\.0+)?( |$)/.test(shown) ? null : shown
}
