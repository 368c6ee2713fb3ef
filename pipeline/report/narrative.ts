// Three sentences that tell the period, by rules alone: they need no model and say the same every time.

import { weekdayDate, weekdayName } from '../period.js'
import type { ReportData } from './data.js'
import { currentRow, figuresOf, isEmpty, periodNoun, previousRow } from './figures.js'
import { changeFrom, countOf, formatCount, formatDollars, formatDuration, formatShare } from './format.js'
import type { Told } from './letter/remarks.js'
import { frictionWords } from './names.js'
import type { CostRow } from './rows.js'

/** Plain text, without markup: volume, where it went, what went wrong. */
export function narrativeSentences(data: ReportData): Told[] {
  if (isEmpty(figuresOf(data))) return emptySentences(data).map((text) => ({ text, claims: [] }))
  return [volumeSentence(data), attentionSentence(data), frictionSentence(data)]
}

/** One sentence a line, which Markdown joins into a paragraph; names in it cannot become markup. */
export function narrativeMarkdown(sentences: readonly string[]): string {
  return sentences.map(escapeMarkdown).join('\n')
}

/** The sentences of a frozen narrative, as plain text. */
export function sentencesOf(markdown: string): string[] {
  return markdown
    .split('\n')
    .map((line) => line.replace(/\\([\\`*_{}[\]()#+\-.!|<>~&:@])/g, '$1'))
    .filter((line) => line.trim() !== '')
}

export function escapeMarkdown(text: string): string {
  return (
    text
      .replace(/[ \t\r\n]+/g, ' ')
      .replace(/([\\`*_[\]<>|~&])/g, '\\$1')
      // Addresses of pages and people, of which readers of Markdown make links by themselves.
      .replace(/:(?=\/\/)|(?<=\w)@(?=\w)|(?<=\bwww)\./gi, '\\$&')
      .replace(/^([#+-])(\s)/, '\\$1$2')
      .replace(/^(\d+)([.)])(\s)/, '$1\\$2$3')
  )
}

function emptySentences(data: ReportData): string[] {
  const before = previousRow(data)
  const noun = periodNoun(data)
  const quiet = `${data.isSoFar ? `This ${noun} has no sessions so far` : `This ${noun} had no sessions`}.`
  return before ? [quiet, `The ${noun} before had ${countOf(before.session_count, 'session')}.`] : [quiet]
}

function volumeSentence(data: ReportData): Told {
  const { session_count: count, active_seconds: seconds } = currentRow(data)
  return {
    text: volumeText(data),
    claims: [
      { parts: ['sessions'], phrase: countOf(count, 'session') },
      { parts: ['attention'], phrase: formatDuration(seconds) },
    ],
  }
}

function volumeText(data: ReportData): string {
  const current = currentRow(data)
  const previous = previousRow(data)
  const noun = periodNoun(data)
  const start = data.isSoFar ? `So far this ${noun}, you had` : 'You had'
  const volume = `${start} ${countOf(current.session_count, 'session')} on ${countOf(current.day_count, 'day')}, with ${formatDuration(current.active_seconds)} of active time`
  if (!previous || data.isSoFar) return `${volume}.`
  const change = changeFrom(previous.active_seconds, current.active_seconds)
  if (!change) return `${volume}.`
  if (change.direction === 'flat') return `${volume}, as much as the ${noun} before.`
  const ratio = current.active_seconds / previous.active_seconds
  if (ratio >= 1.995) return `${volume}, ${timesAsMuch(ratio)} as much as the ${noun} before.`
  const amount = `${change.text.slice(1)} ${change.direction === 'up' ? 'more' : 'less'}`
  return `${volume}, ${amount} than the ${noun} before.`
}

/** "twice", "4.4 times", "12 times" */
function timesAsMuch(ratio: number): string {
  if (ratio < 2.05) return 'twice'
  return `${ratio < 9.95 ? ratio.toFixed(1).replace('.0', '') : formatCount(ratio)} times`
}

function attentionSentence(data: ReportData): Told {
  const top = data.rows.attention_by_project.find((row) => !row.is_rest)
  const current = currentRow(data)
  const project = top?.project ?? 'work outside any project'
  const where =
    top && top.active_share > 0
      ? current.project_count <= 1 && top.active_share > 0.9995
        ? `All of it went into ${project}`
        : `${top.active_share >= 0.5 ? 'Most' : 'The largest part'} of it went into ${project} (${formatShare(top.active_share)})`
      : 'No active time was measured'
  const dearest = dearestDay(data)
  const claims = top && top.active_share > 0 ? [{ parts: ['attention'], phrase: project }] : []
  if (!dearest) return { text: `${where}.`, claims }
  const day = data.period.kind === 'weekly' ? weekdayName(dearest.date) : weekdayDate(dearest.date)
  const share =
    dearest.unpriced === 0 ? ` or ${formatShare(dearest.costUsd / current.cost_usd)} of the cost` : ''
  const costs = formatDollars(dearest.costUsd, dearest.unpriced)
  return {
    text: `${where}; ${day} was the dearest day, with ${costs}${share}.`,
    claims: [...claims, { parts: ['cost'], phrase: costs }],
  }
}

function frictionSentence(data: ReportData): Told {
  const current = currentRow(data)
  const previous = previousRow(data)
  if (current.tool_call_count === 0) return { text: 'No tool was called.', claims: [] }
  const share = current.error_count / current.tool_call_count
  const before =
    previous && previous.tool_call_count > 0 ? previous.error_count / previous.tool_call_count : null
  const change =
    before === null || data.isSoFar || formatShare(before) === formatShare(share)
      ? ''
      : `, ${share > before ? 'up' : 'down'} from ${formatShare(before)}`
  const errors = `${current.error_count === 0 ? 'None' : formatShare(share)} of ${countOf(current.tool_call_count, 'tool call')} failed${change}`
  const [kind] = data.rows.friction_kinds
  const failed = { parts: ['tools'] }
  if (!kind) return { text: `${errors}.`, claims: [failed] }
  const name = frictionWords(kind.friction_kind)
  const seen = kind.friction_count === 1 ? 'once' : countOf(kind.friction_count, 'time')
  return {
    text: `${errors}; the commonest friction was ${name}, seen ${seen}.`,
    claims: [failed, { parts: ['friction'], phrase: name }],
  }
}

/** Only worth telling where there is more than one day with a cost, and known where only its own calls lack a price. */
function dearestDay(data: ReportData): { date: string; costUsd: number; unpriced: number } | null {
  const byDate = new Map<string, number>()
  for (const row of data.rows.cost_by_day_and_model) {
    if (row.cost_usd > 0) byDate.set(row.local_date, (byDate.get(row.local_date) ?? 0) + row.cost_usd)
  }
  const [dearest] = [...byDate].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0]))
  if (!dearest || byDate.size < 2) return null
  const [date, costUsd] = dearest
  const unpriced = unpricedCalls(data, (row) => row.local_date === date)
  return unpriced === unpricedCalls(data, () => true) ? { date, costUsd, unpriced } : null
}

function unpricedCalls(data: ReportData, isMeant: (row: CostRow) => boolean): number {
  return data.rows.cost_by_day_and_model
    .filter(isMeant)
    .reduce((sum, row) => sum + row.unpriced_call_count, 0)
}
