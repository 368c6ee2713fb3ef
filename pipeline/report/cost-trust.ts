// What the cost and the tokens lack: models without a price, and what the logs are known to leave out.
import type { ReportData } from './data.js'
import { periodNoun } from './figures.js'
import { countOf, formatCompact, formatCount, listed } from './format.js'
import { agentName } from './names.js'
import type { MissingUsageRow, UndercountRow } from './rows.js'
import { tablesOf } from './table.js'
import type { TrustParts } from './trust.js'

export function costParts(data: ReportData): TrustParts {
  return {
    points: [
      { label: 'Priced', text: pricedText(data) },
      ...(data.rows.missing_usage.length > 0 ? [{ label: 'Not logged', text: notLoggedText(data) }] : []),
      ...(data.rows.files_read.length > 0 ? [{ label: 'Too low', text: tooLowText(data) }] : []),
    ],
    tables: tablesOf({
      caption: `Models without a price this ${periodNoun(data)}`,
      texts: ['Model'],
      numbers: ['Calls', 'Tokens'],
      rows: data.rows.unpriced_models,
      cells: (row) => [row.model, formatCount(row.call_count), formatCompact(row.total_tokens)],
    }),
  }
}

function pricedText(data: ReportData): string {
  const models = data.rows.unpriced_models
  if (models.length === 0)
    return callCount(data) > 0
      ? `Every call of this ${periodNoun(data)} has a price.`
      : `This ${periodNoun(data)} has no call to price.`
  const calls = models.reduce((total, row) => total + row.call_count, 0)
  const names = `${listed(models.slice(0, 3).map((row) => row.model))}${models.length > 3 ? ' and others' : ''}`
  return `${countOf(calls, 'call')} went to ${names}, which the price list does not have; the cost is therefore at least what is shown, and marked “≥”.`
}

/** Whose sessions used tokens that no log tells of. */
function notLoggedText(data: ReportData): string {
  const agents = data.rows.missing_usage.map((row) => missingWords(row, periodNoun(data)))
  return `${agents.join(' ')} Their tokens and cost are not known, and in no sum.`
}

function missingWords(row: MissingUsageRow, noun: string): string {
  const included = row.unlogged_subagent_count > 0 ? ', sub-agents included,' : ''
  const inPeriod =
    row.period_session_count === 0
      ? ''
      : `${formatCount(row.period_unlogged_count)} of its ${countOf(row.period_session_count, 'session')}${included} this ${noun}, and of `
  return `${agentName(row.source)}: no usable usage in the logs of ${inPeriod}${formatCount(row.unlogged_count)} of ${formatCount(row.session_count)} in all.`
}

function tooLowText(data: ReportData): string {
  const known = data.rows.undercounts.map((row) => undercountWords(row, data))
  if (known.length === 0) return `Nothing in this ${periodNoun(data)}’s logs is known to be too low.`
  return known.join(' ')
}

function undercountWords(row: UndercountRow, data: ReportData): string {
  const agent = agentName(row.source)
  switch (row.undercount_kind) {
    case 'output_at_stream_start': {
      const all = callCount(data)
      const share = row.affected_count === all ? 'All of' : `${formatCount(row.affected_count)} of`
      const logged = `${share} this ${periodNoun(data)}’s ${countOf(all, 'call')} ${all === 1 ? 'was' : 'were'} logged by ${agent}`
      return `${logged} ${row.first_version} to ${row.last_version}, which noted a reply’s output when it began, not when it ended. Their ${formatCompact(row.output_tokens)} output tokens are a lower bound, and so is their cost.`
    }
    case 'search_side_calls':
      return `${countOf(row.affected_count, 'web search', 'web searches')} by ${agent} asked a model whose tokens are in no log.`
    default:
      return `${agent}: ${row.undercount_kind} (${formatCount(row.affected_count)}).`
  }
}

function callCount(data: ReportData): number {
  return data.rows.cost_by_day_and_model.reduce((total, row) => total + row.call_count, 0)
}
