// What was left out so that each call counts once: by rule, and what a plain sum over all lines would have said.
import type { ReportData } from './data.js'
import { periodNoun } from './figures.js'
import { capitalised, countOf, formatCompact, formatCount } from './format.js'
import type { DuplicateRow } from './rows.js'
import { tablesOf } from './table.js'
import type { TrustParts } from './trust.js'

/** In the order of the table. */
const reasons: Readonly<Record<string, string>> = {
  streamed: 'More lines of the same reply',
  mirrored: 'Sub-agents’ replies in their parents’ logs',
  copied: 'Copies in forks and resumed sessions',
  replayed: 'Replays in side questions (/btw)',
  synthetic: 'Errors and synthetic replies, not billed',
}

export function duplicateParts(data: ReportData): TrustParts {
  const { duplicates } = data.rows
  const counted = duplicates.find((row) => row.duplicate_rule === 'counted')
  if (!counted) return { points: [], tables: [] }
  const left = leftOut(duplicates)
  const sums: [string, DuplicateRow][] = [
    ['All that is left out', sumOf(left)],
    ['Counted, each call once', counted],
    ['A plain sum of all lines', sumOf([...left, counted])],
  ]
  return {
    points: [{ label: 'Counted once', text: onceText(data, counted, left) }],
    tables: tablesOf({
      caption: 'Lines of usage that are left out, and what a plain sum would say',
      texts: ['Lines'],
      numbers: [`This ${periodNoun(data)}`, 'Output', 'Tokens', 'In all', 'Output', 'Tokens'],
      rows: [...left.map((row) => [reasonOf(row), row] as const), ...sums],
      cells: ([label, row]) => [
        label,
        formatCount(row.period_line_count),
        formatCompact(row.period_output_tokens),
        formatCompact(row.period_total_tokens),
        formatCount(row.line_count),
        formatCompact(row.output_tokens),
        formatCompact(row.total_tokens),
      ],
    }),
  }
}

function onceText(data: ReportData, counted: DuplicateRow, left: readonly DuplicateRow[]): string {
  const noun = periodNoun(data)
  const calls = counted.period_line_count
  if (calls === 0) return `No call was logged this ${noun}.`
  const all = sumOf([...left, counted])
  if (all.period_line_count === calls)
    return `Each of this ${noun}’s ${countOf(calls, 'call')} is logged in one line; none had to be left out.`
  const plain = `A plain sum over all of them would say ${formatCompact(all.period_total_tokens)} tokens, ${formatCompact(all.period_output_tokens)} of them output.`
  const ours = `Counted once each, they are ${formatCompact(counted.period_total_tokens)} and ${formatCompact(counted.period_output_tokens)}.`
  return `This ${noun}’s ${countOf(calls, 'call')} ${calls === 1 ? 'fills' : 'fill'} ${countOf(all.period_line_count, 'line')} of log. ${plain} ${ours}`
}

/** A row for every rule, also where it had nothing to do: that is worth knowing too. */
function leftOut(rows: readonly DuplicateRow[]): DuplicateRow[] {
  const known = Object.keys(reasons).map(
    (rule) => rows.find((row) => row.duplicate_rule === rule) ?? { ...nothing, duplicate_rule: rule },
  )
  const others = rows.filter(
    ({ duplicate_rule }) => duplicate_rule !== 'counted' && !(duplicate_rule in reasons),
  )
  return [...known, ...others]
}

function reasonOf({ duplicate_rule }: DuplicateRow): string {
  return reasons[duplicate_rule] ?? capitalised(duplicate_rule)
}

const nothing = {
  period_line_count: 0,
  period_input_tokens: 0,
  period_output_tokens: 0,
  period_cache_read_tokens: 0,
  period_cache_write_tokens: 0,
  period_total_tokens: 0,
  line_count: 0,
  input_tokens: 0,
  output_tokens: 0,
  cache_read_tokens: 0,
  cache_write_tokens: 0,
  total_tokens: 0,
}

function sumOf(rows: readonly DuplicateRow[]): DuplicateRow {
  const keys = Object.keys(nothing) as (keyof typeof nothing)[]
  const sums = keys.map((key) => [key, rows.reduce((total, row) => total + row[key], 0)])
  return { ...nothing, ...Object.fromEntries(sums), duplicate_rule: '' }
}
