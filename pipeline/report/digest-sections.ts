// The digest's sections, from the report's rows: what a team reads in a channel, a few short lines of each.
import type { Config } from '../config.js'
import { weekdayDate } from '../period.js'
import type { ReportData } from './data.js'
import { currentRow, periodNoun, previousRow } from './figures.js'
import {
  capitalised,
  countOf,
  formatCost,
  formatCount,
  formatDollars,
  formatDuration,
  formatShare,
  listed,
} from './format.js'
import { shortGoal } from './letter/remarks.js'
import { slashed } from './letter/shown.js'
import { frictionWords } from './names.js'
import { resumeCommand } from './open-loops.js'
import type { FrictionSign, OpenLoopRow } from './rows.js'

export interface DigestSection {
  readonly heading: string
  readonly lines: readonly string[]
}

/** What the sections are made from; rows are already as they may be shown. */
export interface DigestSource {
  readonly data: ReportData
  readonly context: Config['context']
}

const maxLines = 3

/** In the order of the message; those with nothing to say are left out. */
export function digestSections(source: DigestSource): DigestSection[] {
  return [
    { heading: 'Priority alignment', lines: priorityLines(source) },
    { heading: 'Where the time went', lines: attentionLines(source) },
    { heading: 'Top friction', lines: frictionLines(source) },
    { heading: 'Skills gap', lines: skillLines(source) },
    { heading: 'People', lines: peopleLines(source) },
  ].filter(({ lines }) => lines.length > 0)
}

/** Whether the period may be measured against the one before. */
function isComparable({ data }: DigestSource): boolean {
  return !data.isSoFar && previousRow(data) !== null
}

/** " (7× the week before)"; empty where nothing is comparable. */
function before(source: DigestSource, was: string): string {
  return isComparable(source) ? ` (${was} the ${periodNoun(source.data)} before)` : ''
}

function priorityLines(source: DigestSource): string[] {
  const { data, context } = source
  const judged = data.rows.priority_alignment.reduce((sum, row) => sum + row.session_count, 0)
  if (context.priorities.length === 0 || judged === 0) return []
  const aligned = data.rows.priority_alignment.find((row) => row.priority_alignment === 'aligned')
  const drift = data.rows.priority_alignment.find((row) => row.priority_alignment === 'drift')
  const served = data.rows.priorities.filter((row) => row.session_count > 0)
  const nameOf = (slug: string) => context.priorities.find((one) => one.slug === slug)?.name ?? slug
  const idle = context.priorities.filter(({ slug }) => !served.some((row) => row.priority_matched === slug))
  const share = formatShare(aligned?.active_share ?? 0)
  return [
    `${share} of the time aligned${before(source, formatShare(aligned?.previous_active_share ?? 0))}`,
    ...served
      .slice(0, maxLines)
      .map(
        (row) =>
          `${nameOf(row.priority_matched)}: ${countOf(row.session_count, 'session')}, ${formatDuration(row.active_seconds)}`,
      ),
    ...(idle.length > 0 ? [`No session for ${listed(idle.map(({ name }) => name))}`] : []),
    ...(drift && drift.session_count > 0
      ? [`Drift: ${countOf(drift.session_count, 'session')}, ${formatDuration(drift.active_seconds)}`]
      : []),
  ]
}

function attentionLines({ data }: DigestSource): string[] {
  return data.rows.attention_by_project
    .filter((row) => !row.is_rest)
    .slice(0, maxLines)
    .map(
      (row) =>
        `${row.project ?? 'No project'}: ${formatDuration(row.active_seconds)} (${formatShare(row.active_share)}), ${formatCost(row.cost_usd, row.unpriced_call_count)}`,
    )
}

const signs: Readonly<Record<FrictionSign, string>> = {
  correction: 'corrections',
  tool_failure: 'failed tool calls',
  interruption: 'interruptions',
  rejection: 'refused actions',
  api_error: 'errors of the API',
}

function frictionLines(source: DigestSource): string[] {
  const { rows } = source.data
  return [
    ...rows.friction_kinds
      .slice(0, maxLines)
      .map(
        (row) =>
          `${capitalised(frictionWords(row.friction_kind))}: ${formatCount(row.friction_count)}×${before(source, `${formatCount(row.previous_friction_count)}×`)}`,
      ),
    ...frictionCostLines(source),
  ]
}

/** A call counts once, with what went wrong first, so the signs add up. */
function frictionCostLines({ data }: DigestSource): string[] {
  const rows = data.rows.friction_cost.filter((row) => (row.cost_usd ?? 0) > 0)
  const [dearest] = rows
  if (dearest === undefined) return []
  const costUsd = rows.reduce((sum, row) => sum + (row.cost_usd ?? 0), 0)
  const unpriced = rows.reduce((sum, row) => sum + row.unpriced_call_count, 0)
  const shareOfCost = rows.reduce((sum, row) => sum + (row.cost_share ?? 0), 0)
  const isWhole = unpriced === 0 && currentRow(data).unpriced_call_count === 0
  const name = signs[dearest.friction_sign]
  const most =
    rows.length === 1
      ? `for ${name}`
      : `${name} most, with ${formatDollars(dearest.cost_usd ?? 0, dearest.unpriced_call_count)}`
  const share = isWhole ? `, ${formatShare(shareOfCost)} of the ${periodNoun(data)}’s` : ''
  return [`Cost of it: ${formatDollars(costUsd, unpriced)}${share}; ${most}`]
}

function skillLines(source: DigestSource): string[] {
  const { data, context } = source
  return data.rows.skills
    .filter((row) => row.missed_count > 0)
    .sort((a, b) => b.missed_count - a.missed_count || (a.skill_name < b.skill_name ? -1 : 1))
    .slice(0, maxLines)
    .map((row) => {
      const handles = context.skills.find(({ name }) => slashed(name) === row.skill_name)?.handles
      return `${row.skill_name} missed in ${countOf(row.missed_count, 'session')}${before(source, formatCount(row.previous_missed_count))}${handles ? `: ${handles}` : ''}`
    })
}

function peopleLines({ data }: DigestSource): string[] {
  const rows = data.rows.relationship_pulse.filter((row) => row.session_count > 0)
  if (rows.length === 0) return []
  const named = rows
    .slice(0, maxLines)
    .map((row) => `${row.person} (${countOf(row.session_count, 'session')})`)
  const rest = rows.length > maxLines ? [`${formatCount(rows.length - maxLines)} more`] : []
  const actions = (type: string) =>
    data.rows.relationship_actions
      .filter((row) => row.outreach_type === type)
      .reduce((sum, row) => sum + row.action_count, 0)
  const all = actions('proactive') + actions('reactive')
  return [
    listed([...named, ...rest]),
    ...(all >= 2 ? [`${formatShare(actions('proactive') / all)} of the outreach was yours to begin`] : []),
  ]
}

export interface DigestTip {
  readonly tip_id: string
  readonly name: string
  readonly text: string
}

export function digestTips({ data }: DigestSource): DigestTip[] {
  return data.rows.tips.slice(0, maxLines).map((row) => ({
    tip_id: row.tip_id,
    name: `${row.rule}/${row.tip_period}`,
    text: `${row.observation} ${row.recommendation}`,
  }))
}

export interface DigestLoop {
  readonly text: string
  readonly command: string | null
}

/** A command names a folder and a session, so it stays away where no words may be told. */
export function digestLoops({ data }: DigestSource, content: Config['privacy']['content']): DigestLoop[] {
  return data.rows.open_loops.slice(0, maxLines).map((row) => ({
    text: `${row.underlying_goal === null ? (row.project ?? 'No project') : shortGoal(row.underlying_goal)} (${loopWords(row)}, ${weekdayDate(row.local_date)})`,
    command: content === 'none' ? null : resumeCommand(row),
  }))
}

function loopWords(row: OpenLoopRow): string {
  if (row.loop_kind === 'unanswered') return 'not answered'
  if (row.loop_kind === 'todo') return `${countOf(row.open_item_count, 'item')} left`
  return 'cut short'
}
