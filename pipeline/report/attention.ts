// Attention beyond projects and agents: by business and priority, where the user named some, and by model.
import type { Config } from '../config.js'
import type { ReportData } from './data.js'
import { currentRow, periodNoun } from './figures.js'
import { formatCompact, formatCost, formatCount, formatDuration, formatShare, listed } from './format.js'
import { modelLabels } from './names.js'
import type { Section } from './sections.js'
import { judgedSentence, noSessions, splitTables } from './split-table.js'
import { type Table, tablesOf } from './table.js'

/** Null where the user named no business. */
export function businessesSection(data: ReportData, { context }: Config): Section | null {
  if (context.businesses.length === 0) return null
  const found = data.rows.attention_by_business
  const names = new Map(context.businesses.map(({ slug, name }) => [slug, name]))
  const idle = context.businesses.filter(({ slug }) => !found.some((row) => row.business === slug))
  const rows = [...found, ...idle.map(({ slug }) => ({ ...noSessions, business: slug }))]
  const hasWork = rows.some((row) => row.session_count > 0)
  return {
    id: 'businesses',
    heading: 'Attention by business',
    paragraphs: [
      hasWork
        ? `Whose work it was, as the sessions’ summaries tell it; a session for two counts for both. ${judgedSentence(data)}`
        : `No session that was judged this ${periodNoun(data)} was for one of your businesses.`,
    ],
    tables: splitTables(data, {
      caption: 'Time and cost of each business',
      label: 'Business',
      rows,
      nameOf: (row) => names.get(row.business) ?? row.business,
    }),
  }
}

const alignments: Readonly<Record<string, string>> = {
  aligned: 'Served a priority',
  supportive: 'For a business, no priority',
  neutral: 'Neither',
  drift: 'Pulled away from them',
}

/** Null where the user named no priority. */
export function prioritiesSection(data: ReportData, { context }: Config): Section | null {
  if (context.priorities.length === 0) return null
  return {
    id: 'priorities',
    heading: 'Priorities',
    paragraphs: [prioritiesParagraph(data, context.priorities)],
    tables: [...priorityTables(data, context.priorities), ...alignmentTables(data)],
  }
}

type Priorities = Config['context']['priorities']

function prioritiesParagraph(data: ReportData, priorities: Priorities): string {
  const noun = periodNoun(data)
  const judged = data.rows.priority_alignment.reduce((sum, row) => sum + row.session_count, 0)
  if (judged === 0) return `No session of this ${noun} was held against your priorities.`
  const aligned = data.rows.priority_alignment.find((row) => row.priority_alignment === 'aligned')
  const served = new Set(
    data.rows.priorities.flatMap((row) => (row.session_count > 0 ? row.priority_matched : [])),
  )
  const idle = priorities.filter(({ slug }) => !served.has(slug)).map(({ name }) => name)
  const without = idle.length === 0 || served.size === 0 ? '' : ` Nothing was done for ${listed(idle)}.`
  const share =
    served.size === 0
      ? `No session of this ${noun} served one of your priorities.`
      : `${formatShare(aligned?.active_share ?? 0)} of the time served one of your priorities.`
  return `${share}${without} ${judgedSentence(data)}`
}

function priorityTables(data: ReportData, priorities: Priorities): Table[] {
  const found = data.rows.priorities
  const names = new Map(priorities.map(({ slug, name }) => [slug, name]))
  const idle = priorities.filter(({ slug }) => !found.some((row) => row.priority_matched === slug))
  return splitTables(data, {
    caption: 'What each priority got',
    label: 'Priority',
    rows: [...found, ...idle.map(({ slug }) => ({ ...noSessions, priority_matched: slug }))],
    nameOf: (row) => names.get(row.priority_matched) ?? row.priority_matched,
  })
}

/** From what served them to what did not. */
function alignmentTables(data: ReportData): Table[] {
  return splitTables(data, {
    caption: 'How the time stood to them',
    label: 'Alignment',
    rows: Object.keys(alignments).flatMap(
      (name) => data.rows.priority_alignment.find((row) => row.priority_alignment === name) ?? [],
    ),
    nameOf: (row) => alignments[row.priority_alignment] ?? row.priority_alignment,
  })
}

/** Null where a single model did all: then it says nothing that the figures at a glance do not. */
export function modelsSection(data: ReportData): Section | null {
  const rows = data.rows.attention_by_model
  if (rows.length < 2) return null
  const names = modelLabels(rows.flatMap((row) => row.model ?? []))
  const isWhole = currentRow(data).unpriced_call_count === 0
  return {
    id: 'models',
    heading: 'Attention by model',
    paragraphs: [
      'Time is that of the sessions in which the model wrote most, so that it adds up; calls, tokens and cost are its own, also in sub-agents.',
    ],
    tables: tablesOf({
      caption: 'Time, calls and cost of each model',
      texts: ['Model'],
      numbers: ['Active', 'Share', 'Cost', ...(isWhole ? ['Share'] : []), 'Calls', 'Tokens', 'Written'],
      rows,
      cells: (row) => [
        row.model === null ? 'not logged' : (names.get(row.model) ?? row.model),
        formatDuration(row.active_seconds),
        formatShare(row.active_share),
        row.call_count === 0 ? '–' : formatCost(row.cost_usd, row.unpriced_call_count),
        ...(isWhole ? [row.cost_share === null ? '–' : formatShare(row.cost_share)] : []),
        formatCount(row.call_count),
        formatCompact(row.total_tokens),
        formatCompact(row.output_tokens),
      ],
      maxRows: 12,
    }),
  }
}
