// The trust section: what was read to know all this, what could not be, and what has no price.
import type { ReportData } from './data.js'
import { periodNoun } from './figures.js'
import { countOf, formatCompact, formatCount, listed } from './format.js'
import { movedParagraph, restatementParagraphs, restatementTables } from './restatements.js'
import type { FilesReadRow } from './rows.js'
import type { Section } from './sections.js'
import { tablesOf } from './table.js'

const maxListedLines = 25

export function trustSection(data: ReportData, timezone: string): Section {
  return {
    id: 'trust',
    heading: 'What was read, and what was not',
    paragraphs: [
      filesParagraph(data),
      unpricedParagraph(data),
      ...goneParagraph(data),
      ...restatementParagraphs(data, timezone),
      ...movedParagraph(data),
    ],
    tables: [
      ...restatementTables(data),
      ...tablesOf({
        caption: 'Logs read so far, by agent',
        texts: ['Agent'],
        numbers: ['Files', 'Lines', 'Loaded', 'Blank', 'Not read'],
        rows: data.rows.files_read,
        cells: (row) => [
          row.source,
          formatCount(row.file_count),
          formatCount(row.line_count),
          formatCount(row.loaded_line_count),
          formatCount(row.blank_line_count),
          formatCount(row.rejected_line_count),
        ],
      }),
      ...tablesOf({
        caption: `Models without a price this ${periodNoun(data)}`,
        texts: ['Model'],
        numbers: ['Calls', 'Tokens'],
        rows: data.rows.unpriced_models,
        cells: (row) => [row.model, formatCount(row.call_count), formatCompact(row.total_tokens)],
      }),
      ...tablesOf({
        caption: 'Lines that could not be read',
        texts: ['Where', 'Why'],
        rows: data.rows.rejected_lines,
        cells: (row) => [`${row.path}:${row.line_number}`, row.reason],
        maxRows: maxListedLines,
      }),
    ],
  }
}

function filesParagraph(data: ReportData): string {
  const files = data.rows.files_read
  if (files.length === 0) return 'No log file has been read.'
  const sum = (key: Exclude<keyof FilesReadRow, 'source'>) =>
    files.reduce((total, row) => total + row[key], 0)
  const read = `${countOf(sum('line_count'), 'line')} in ${countOf(sum('file_count'), 'log file')}`
  const loaded = `${formatCount(sum('loaded_line_count'))} loaded, ${formatCount(sum('blank_line_count'))} blank`
  return `${read}: ${loaded}; ${unreadWords(sum('unread_file_count'), sum('rejected_line_count'), sum('partly_read_line_count'))}.`
}

/** What was missed, and that it is listed below; or that nothing was. */
function unreadWords(fileCount: number, lineCount: number, partCount: number): string {
  const missed = [
    ...(fileCount > 0 ? [`${countOf(fileCount, 'file')} could not be read at all`] : []),
    ...(lineCount > 0 ? [`${countOf(lineCount, 'line')} could not be read`] : []),
    ...(partCount > 0 ? [`of ${countOf(partCount, 'line')} a part could not be read`] : []),
  ]
  if (missed.length === 0) return 'every line could be read'
  return `${listed(missed)}${lineCount + partCount > 0 ? ', as listed here' : ''}`
}

function unpricedParagraph(data: ReportData): string {
  const models = data.rows.unpriced_models
  if (models.length === 0)
    return data.rows.cost_by_day_and_model.some((row) => row.call_count > 0)
      ? `Every call of this ${periodNoun(data)} has a price.`
      : `This ${periodNoun(data)} has no call to price.`
  const calls = models.reduce((total, row) => total + row.call_count, 0)
  return `${countOf(calls, 'call')} went to ${listed(models.slice(0, 3).map((row) => row.model))}${models.length > 3 ? ' and others' : ''}, which the price list does not have; the cost is therefore at least what is shown, and marked “≥”.`
}

function goneParagraph(data: ReportData): string[] {
  const gone = data.rows.files_read.reduce((total, row) => total + row.gone_file_count, 0)
  return gone > 0
    ? [
        `${countOf(gone, 'file')} ${gone === 1 ? 'is' : 'are'} no longer there; what ${gone === 1 ? 'it' : 'they'} said is kept.`,
      ]
    : []
}
