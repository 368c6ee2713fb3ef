// What the month's time and money brought back, by the facets' estimates; every assumption stands beside it.
import type { Config } from '../../config.js'
import { manualMinutes, mostMinutesByModel, mostMinutesByRules } from '../../manual-minutes.js'
import type { ReportData } from '../data.js'
import {
  countOf,
  formatCost,
  formatCount,
  formatDollars,
  formatDuration,
  listed,
  unlogged,
} from '../format.js'
import type { Section } from '../sections.js'
import { type Table, tablesOf } from '../table.js'
import type { TimeSavedRow } from './rows.js'

interface Sums {
  readonly sessions: number
  readonly savedSeconds: number
  readonly activeSeconds: number
  /** Null where no log has usage. */
  readonly costUsd: number | null
  readonly unpricedCount: number
  readonly sharedCount: number
}

/** Null where nobody estimated anything: no number is better than a made-up one. */
export function timeSavedSection(data: ReportData, { context }: Config): Section | null {
  const rows = data.rows.time_saved
  const estimated = rows.filter(({ estimated_by }) => estimated_by !== null)
  if (estimated.length === 0) return null
  const sums = sumsOf(estimated)
  return {
    id: 'time-saved',
    heading: 'Return on time',
    paragraphs: [hoursParagraph(sums, sumsOf(rows)), moneyParagraph(sums, context.hourly_rate_usd)],
    tables: [...estimatesTable(rows), ...assumptionsTable(estimated, sumsOf(rows), context.hourly_rate_usd)],
  }
}

function sumsOf(rows: readonly TimeSavedRow[]): Sums {
  const sum = (value: (row: TimeSavedRow) => number | null) =>
    rows.reduce((total, row) => total + (value(row) ?? 0), 0)
  return {
    sessions: sum((row) => row.session_count),
    savedSeconds: 60 * sum((row) => row.saved_minutes),
    activeSeconds: sum((row) => row.active_seconds),
    costUsd: rows.some((row) => row.cost_usd !== null) ? sum((row) => row.cost_usd) : null,
    unpricedCount: sum((row) => row.unpriced_call_count),
    sharedCount: sum((row) => row.shared_count),
  }
}

function hoursParagraph(estimated: Sums, all: Sums): string {
  const { savedSeconds, activeSeconds, sessions } = estimated
  const which = `${countOf(sessions, 'session')} of ${formatCount(all.sessions)}`
  const saved = `An estimate, and no measurement: without an agent, what ${which} brought would have taken ${formatDuration(savedSeconds)} more than the ${formatDuration(activeSeconds)} in which they were active.`
  if (activeSeconds === 0 || savedSeconds === 0) return saved
  return `${saved} That is ${formatDuration((savedSeconds / activeSeconds) * 3600)} saved for each hour of active time.`
}

function moneyParagraph({ savedSeconds, costUsd, unpricedCount }: Sums, rateUsd: number | null): string {
  if (costUsd === null) return `What these sessions cost is ${unlogged}.`
  const cost = `These sessions cost ${formatCost(costUsd, unpricedCount)} at list price`
  const hours = savedSeconds / 3600
  if (hours === 0) return `${cost}.`
  // A cost of which some is unknown makes no rate.
  const each = unpricedCount > 0 ? cost : `${cost}, ${formatDollars(costUsd / hours)} for each hour saved`
  if (rateUsd === null)
    return `${each}. What an hour is worth is not set (hourly_rate_usd under context), so hours stay hours.`
  const worthUsd = hours * rateUsd
  const worth = `${each}. At ${formatDollars(rateUsd)} an hour, as configured, what was saved is worth ${formatDollars(worthUsd)}`
  if (unpricedCount > 0 || costUsd === 0) return `${worth}.`
  const net = worthUsd - costUsd
  return net >= 0
    ? `${worth}, ${formatDollars(net)} more than it cost.`
    : `${worth}, ${formatDollars(-net)} less than it cost.`
}

function estimatesTable(rows: readonly TimeSavedRow[]): Table[] {
  return tablesOf({
    caption: 'Estimated time saved, by who estimated it',
    texts: ['Estimated by'],
    numbers: ['Sessions', 'Saved', 'Active', 'Cost'],
    rows,
    cells: (row) => [
      row.estimated_by === null ? 'nobody: no estimate' : estimator(row),
      formatCount(row.session_count),
      row.saved_minutes === null ? '–' : formatDuration(row.saved_minutes * 60),
      formatDuration(row.active_seconds),
      formatCost(row.cost_usd, row.unpriced_call_count),
    ],
  })
}

function estimator({ estimated_by, extraction_model }: TimeSavedRow): string {
  return extraction_model === null ? `${estimated_by}` : `${estimated_by}, ${extraction_model}`
}

function assumptionsTable(estimated: readonly TimeSavedRow[], all: Sums, rateUsd: number | null): Table[] {
  const { sessions, sharedCount } = sumsOf(estimated)
  const without = all.sessions - sessions
  const byModels = estimated.filter(({ extraction_model }) => extraction_model !== null)
  const assumptions: [string, string][] = []
  if (estimated.length > byModels.length) assumptions.push(['How rules estimate', rulesWords])
  if (byModels.length > 0)
    assumptions.push([
      'How a model estimates',
      `${listed(byModels.map((row) => estimator(row)))}: asked how much longer a skilled person would have needed for the part that was achieved, less the time spent, and rather too low; more than ${formatDuration(mostMinutesByModel * 60)} of one session is not believed.`,
    ])
  assumptions.push([
    'Sessions without an estimate',
    without === 0
      ? 'None: every session of the month has one.'
      : `${countOf(without, 'session')} that brought nothing to estimate by, or that were too short to judge: their time and cost are in no figure of the text above.`,
  ])
  if (sharedCount > 0)
    assumptions.push([
      'Sessions that reach into another month',
      `${countOf(sharedCount, 'session')}: this month has the part of the estimate that it has of the active time.`,
    ])
  assumptions.push(
    [
      'Whose time',
      'Active time is taken for yours. An agent that works while you do something else saves more than this says.',
    ],
    [
      'What an hour is worth',
      rateUsd === null
        ? 'Not set, so no dollars are put on it.'
        : `${formatDollars(rateUsd)}, as configured.`,
    ],
    [
      'What it is not',
      'That the work was worth doing, or would have been done without an agent, is not asked.',
    ],
  )
  return tablesOf({
    caption: 'What this rests on',
    texts: ['Assumption', 'Here'],
    rows: assumptions,
    cells: (row) => [...row],
  })
}

const rulesWords = `By hand, ${manualMinutes.perLine} minutes for a line changed, ${manualMinutes.perFile} for a file, ${manualMinutes.perCommand} for a command and ${manualMinutes.perLookup} for a lookup, each on the low side, less the minutes of the session; never below 0 nor above ${mostMinutesByRules}.`
