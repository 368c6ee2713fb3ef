// The friction section: what got in the way, by kind, the signs of it that the logs themselves hold, and what it cost.
import type { ReportData } from './data.js'
import { periodNoun } from './figures.js'
import { capitalised, countOf, formatCount, formatShare, words } from './format.js'
import { frictionCostSentence, frictionTables } from './friction-tables.js'
import type { FrictionSignalsRow } from './rows.js'
import type { Section } from './sections.js'
import { type Table, tablesOf } from './table.js'
import { type Moment, worstMoments } from './worst-moments.js'

export interface FrictionSection extends Section {
  readonly moments: readonly Moment[]
  readonly momentsHeading: string
  /** Narrow enough to stand beside each other; these and the others are its tables. */
  readonly signTables: readonly Table[]
  readonly otherTables: readonly Table[]
}

export function frictionSection(data: ReportData, timezone: string): FrictionSection {
  const moments = worstMoments(data, timezone)
  const now = signalsOf(data, 'current')
  const before = data.isSoFar ? null : signalsOf(data, 'previous')
  const kinds = data.rows.friction_kinds
  const seen = `Summaries cover ${formatCount(now?.faceted_session_count ?? 0)} of ${countOf(now?.session_count ?? 0, 'session')}.`
  const whole = `A session that was active this ${periodNoun(data)} counts whole, also with what went wrong in it on other days.`
  const paragraph =
    kinds.length > 0
      ? `What got in the way, as the sessions’ summaries tell it, and the signs that the logs themselves hold. ${whole} ${seen}`
      : `No friction was found in the sessions’ summaries. ${seen}`
  const cost = frictionCostSentence(data)
  const signTables = [...kindTables(data), ...(now ? [signalsTable(now, before, periodNoun(data))] : [])]
  const otherTables = frictionTables(data, timezone)
  return {
    id: 'friction',
    heading: 'Friction',
    paragraphs: [paragraph, ...(cost === null ? [] : [cost])],
    moments,
    momentsHeading:
      moments.length === 1
        ? 'The worst moment'
        : `The ${moments.length === 2 ? 'two' : 'three'} worst moments`,
    signTables,
    otherTables,
    tables: [...signTables, ...otherTables],
  }
}

function kindTables(data: ReportData): Table[] {
  return tablesOf({
    caption: 'By kind',
    texts: ['Kind'],
    numbers: ['Seen', 'Sessions'],
    rows: data.rows.friction_kinds,
    cells: (row) => [
      capitalised(words(row.friction_kind)),
      formatCount(row.friction_count),
      formatCount(row.session_count),
    ],
  })
}

function signalsOf(data: ReportData, role: 'current' | 'previous'): FrictionSignalsRow | null {
  const row = data.rows.friction_signals.find((candidate) => candidate.period_role === role)
  return row && row.session_count > 0 ? row : null
}

function signalsTable(now: FrictionSignalsRow, before: FrictionSignalsRow | null, noun: string): Table {
  const signals: [string, (row: FrictionSignalsRow) => string][] = [
    ['Prompts that correct', (row) => withShare(row.correction_count, row.prompt_count)],
    ['Interruptions', (row) => formatCount(row.interruption_count)],
    ['Actions refused', (row) => formatCount(row.rejected_action_count)],
    ['Tool errors', (row) => withShare(row.tool_error_count, row.tool_call_count)],
  ]
  return {
    caption: 'Signs in the logs',
    columns: [
      { label: 'Sign', isNumber: false },
      { label: `This ${noun}`, isNumber: true },
      ...(before ? [{ label: 'Before', isNumber: true }] : []),
    ],
    rows: signals.map(([label, value]) => [label, value(now), ...(before ? [value(before)] : [])]),
    more: null,
  }
}

function withShare(count: number, of: number): string {
  return of === 0 || count === 0 ? formatCount(count) : `${formatCount(count)} (${formatShare(count / of)})`
}
