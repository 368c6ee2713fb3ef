// What was read: files, lines, and the lines that were not understood.
import type { ReportData } from './data.js'
import { countOf, formatCount, listed } from './format.js'
import { agentName } from './names.js'
import type { FilesReadRow, LineTypeRow } from './rows.js'
import { tablesOf } from './table.js'
import type { TrustParts } from './trust.js'

const maxListedLines = 25

export function readingParts(data: ReportData): TrustParts {
  const { files_read, line_types, rejected_lines } = data.rows
  return {
    points: [
      { label: 'Read', text: filesText(files_read) },
      ...(line_types.length > 0 ? [{ label: 'Understood', text: typesText(line_types) }] : []),
    ],
    tables: [
      ...tablesOf({
        caption: 'Logs read so far, by agent',
        texts: ['Agent'],
        numbers: ['Files', 'Lines', 'Loaded', 'Blank', 'Not read'],
        rows: files_read,
        cells: (row) => [
          agentName(row.source),
          formatCount(row.file_count),
          formatCount(row.line_count),
          formatCount(row.loaded_line_count),
          formatCount(row.blank_line_count),
          formatCount(row.rejected_line_count),
        ],
      }),
      ...tablesOf({
        caption: 'Lines that could not be read',
        texts: ['Where', 'Why'],
        rows: rejected_lines,
        cells: (row) => [`${row.path}:${row.line_number}`, row.reason],
        maxRows: maxListedLines,
      }),
      ...tablesOf({
        caption: 'Unknown types of lines: kept count of, not read',
        texts: ['Agent', 'Type'],
        numbers: ['Lines', 'Files'],
        rows: ofUse(line_types, 'unknown'),
        cells: (row) => [
          agentName(row.source),
          row.line_type,
          formatCount(row.line_count),
          formatCount(row.file_count),
        ],
        maxRows: maxListedLines,
      }),
    ],
  }
}

function filesText(files: readonly FilesReadRow[]): string {
  if (files.length === 0) return 'No log file has been read.'
  const sum = (key: Exclude<keyof FilesReadRow, 'source'>) =>
    files.reduce((total, row) => total + row[key], 0)
  const read = `${countOf(sum('line_count'), 'line')} in ${countOf(sum('file_count'), 'log file')}`
  const loaded = `${formatCount(sum('loaded_line_count'))} loaded, ${formatCount(sum('blank_line_count'))} blank`
  const unread = unreadWords(
    sum('unread_file_count'),
    sum('rejected_line_count'),
    sum('partly_read_line_count'),
  )
  return `${read}: ${loaded}; ${unread}.${gluedWords(sum('glued_object_count'))}${goneWords(sum('gone_file_count'))}`
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

function gluedWords(count: number): string {
  if (count === 0) return ''
  return ` ${countOf(count, 'entry', 'entries')} glued to the end of another’s line ${count === 1 ? 'was' : 'were'} recovered.`
}

function goneWords(count: number): string {
  if (count === 0) return ''
  return ` ${countOf(count, 'file')} ${count === 1 ? 'is' : 'are'} no longer there; what ${count === 1 ? 'it' : 'they'} said is kept.`
}

function typesText(types: readonly LineTypeRow[]): string {
  const sum = (rows: readonly LineTypeRow[]) => rows.reduce((total, row) => total + row.line_count, 0)
  const passed = ofUse(types, 'passed over')
  const unknown = ofUse(types, 'unknown')
  const known = `${countOf(sum(ofUse(types, 'read')), 'entry', 'entries')} are of types that hold what is counted here, ${formatCount(sum(passed))} of types that do not, such as ${passedExample(passed)}`
  const read = passed.length > 0 ? known : known.replace(/, 0 of.*/, '')
  if (unknown.length === 0) return `${read}. None is of an unknown type.`
  const types_ = countOf(unknown.length, 'type')
  return `${read}. ${countOf(sum(unknown), 'entry', 'entries')} of ${types_} not known yet ${sum(unknown) === 1 ? 'was' : 'were'} counted, not read.`
}

function passedExample(passed: readonly LineTypeRow[]): string {
  const [most] = [...passed].sort((a, b) => b.line_count - a.line_count)
  return most?.line_type ?? ''
}

function ofUse(types: readonly LineTypeRow[], use: string): LineTypeRow[] {
  return types.filter((row) => row.line_use === use)
}
