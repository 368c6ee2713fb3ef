// Delegation: which sub-agents were called, how long they took, and what all of them came to.
import type { ReportData } from './data.js'
import { currentRow, periodNoun } from './figures.js'
import { countOf, formatCount, formatDollars, formatMilliseconds, formatShare } from './format.js'
import type { Section } from './sections.js'
import { tablesOf } from './table.js'

/** Null where nothing was delegated. */
export function delegationSection(data: ReportData): Section | null {
  // What was called before alone is in report.json: here it would be a table of zeros.
  const rows = data.rows.delegations.filter((row) => row.call_count > 0)
  const isCompared = !data.isSoFar && rows.some((row) => row.previous_call_count > 0)
  const calls = rows.reduce((sum, row) => sum + row.call_count, 0)
  if (calls === 0 && currentRow(data).subagent_count === 0) return null
  return {
    id: 'delegation',
    heading: 'Delegation',
    paragraphs: [delegationParagraph(data, calls)],
    tables: tablesOf({
      caption: 'Work handed to sub-agents',
      texts: ['Sub-agent'],
      numbers: [
        'Times',
        ...(isCompared ? [`The ${periodNoun(data)} before`] : []),
        'Failed',
        'Half within',
        'Longest',
      ],
      rows,
      cells: (row) => [
        row.delegated_agent ?? 'not named',
        formatCount(row.call_count),
        ...(isCompared ? [formatCount(row.previous_call_count)] : []),
        formatCount(row.error_count),
        row.median_ms === null ? '–' : formatMilliseconds(row.median_ms),
        row.longest_ms === null ? '–' : formatMilliseconds(row.longest_ms),
      ],
      maxRows: 12,
    }),
  }
}

function delegationParagraph(data: ReportData, calls: number): string {
  const { subagent_count: agents, cost_usd: all, unpriced_call_count: unpriced } = currentRow(data)
  const costUsd = data.rows.session_details.reduce((sum, row) => sum + (row.subagent_cost_usd ?? 0), 0)
  const called = `${countOf(calls, 'call')} handed work to a sub-agent.`
  if (agents === 0) return `${called} No log shows what these did.`
  const share = unpriced === 0 && all > 0 ? ` or ${formatShare(costUsd / all)} of the cost` : ''
  const each = agents > 1 && costUsd > 0 ? `, ${formatDollars(costUsd / agents)} each on average` : ''
  // Where no log has usage, nothing came to $0.
  const cost = costUsd > 0 || all > 0 ? `, for ${formatDollars(costUsd, unpriced)}${share}${each}` : ''
  return `${called} The logs have ${countOf(agents, 'sub-agent')} at work this ${periodNoun(data)}${cost}. Its time is from the call to its answer; one that runs in the background answers at once.`
}
