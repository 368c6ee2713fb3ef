// From the last period's cost to this one's: what each change came to, summing exactly.
import type { ChartSpec } from './charts.js'
import type { ReportData } from './data.js'
import { periodNoun } from './figures.js'
import { formatDollars, listed } from './format.js'
import type { CostBridgeRow, CostBridgeStep } from './rows.js'
import type { Section } from './sections.js'
import { tablesOf } from './table.js'

const stepLabels: Readonly<Record<Exclude<CostBridgeStep, 'previous' | 'current'>, string>> = {
  calls: 'Number of calls',
  models: 'Mix of models',
  context_size: 'Size of the context',
  cache_share: 'Share from the cache',
  answer_length: 'Length of the answers',
  prices: 'List prices',
  extras: 'Long requests and extras',
}

/** Null where there is no cost to compare, and for a running period. */
export function costBridgeSection(data: ReportData): Section | null {
  const rows = data.rows.cost_bridge
  const first = rows[0]
  const last = rows.at(-1)
  if (data.isSoFar || !first || !last) return null
  const noun = periodNoun(data)
  return {
    id: 'cost-bridge',
    heading: 'Why the cost changed',
    paragraphs: [bridgeParagraph(rows, first, last, noun)],
    tables: tablesOf({
      caption: `From the cost of the ${noun} before to this one’s`,
      texts: ['Step'],
      numbers: ['Change', 'Cost after it'],
      rows,
      cells: (row) => [
        stepLabel(row.step, noun),
        row.change_usd === null ? '' : signedDollars(row.change_usd),
        formatDollars(row.cost_usd),
      ],
    }),
    chart: bridgeChart(rows, noun),
  }
}

/** Steps that change nothing are left to the table. */
function bridgeChart(rows: readonly CostBridgeRow[], noun: string): ChartSpec {
  const drawn = rows.filter(({ change_usd }) => change_usd === null || Math.abs(change_usd) >= 0.005)
  return {
    name: 'cost_bridge',
    rows: drawn.map(({ step, change_usd, cost_usd }) => {
      const from = change_usd === null ? 0 : cost_usd - change_usd
      return {
        step_label: stepLabel(step, noun),
        from_usd: from,
        to_usd: cost_usd,
        right_usd: Math.max(from, cost_usd),
        direction: change_usd === null ? 'total' : change_usd > 0 ? 'up' : 'down',
        bar_label: change_usd === null ? formatDollars(cost_usd) : signedDollars(change_usd),
      }
    }),
  }
}

export function stepLabel(step: CostBridgeStep, noun: string): string {
  if (step === 'previous') return `The ${noun} before`
  return step === 'current' ? `This ${noun}` : stepLabels[step]
}

/** +$3.10, −$0.40, ±$0.00 */
export function signedDollars(usd: number): string {
  const amount = formatDollars(Math.abs(usd))
  if (Math.abs(usd) < 0.005) return '±$0.00'
  return usd > 0 ? `+${amount}` : `−${amount}`
}

function bridgeParagraph(
  rows: readonly CostBridgeRow[],
  first: CostBridgeRow,
  last: CostBridgeRow,
  noun: string,
): string {
  const total = last.cost_usd - first.cost_usd
  const change =
    Math.abs(total) < 0.005
      ? `The cost is that of the ${noun} before`
      : `${formatDollars(Math.abs(total))} ${total > 0 ? 'more' : 'less'} than the ${noun} before`
  const movers = rows
    .filter(({ change_usd }) => change_usd !== null && Math.abs(change_usd) >= 0.005)
    .sort(
      (a, b) => Math.abs(b.change_usd ?? 0) - Math.abs(a.change_usd ?? 0) || a.step_number - b.step_number,
    )
    .slice(0, 3)
    .map(
      ({ step, change_usd }) => `${stepLabel(step, noun).toLowerCase()} (${signedDollars(change_usd ?? 0)})`,
    )
  const why = movers.length === 0 ? '' : `, above all by ${listed(movers)}`
  return `${change}${why}. Each step takes one more thing at today’s value and leaves the rest as it was, so the steps add up to the cent.`
}
