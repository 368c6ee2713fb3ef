// What a log format must say of itself. Everything downstream of raw.* knows no formats.
import type { Config } from '../../config.js'
import type { Transcript } from '../../transcript.js'
import type { EmitEntry, EntryReader, Fields, LogObject } from './entries.js'

/** Agents whose logs can be read; the registry in formats/registry.ts must name a format for each. */
export const sources = [
  'claude-code',
  'amplifier',
  'amp',
  'codex',
  'copilot',
  'gemini',
  'opencode',
  'pi',
] as const
export type Source = (typeof sources)[number]

/** A log: one file, or several that make one together. */
export interface FoundFile {
  readonly path: string
  readonly kind: 'main' | 'subagent'
  /** Of all its files. */
  readonly sizeBytes: number
  /** Of the one written last, milliseconds since 1970. */
  readonly modifiedMs: number
  /** All its files in the order in which they are read, where they are more than `path`. */
  readonly members?: readonly string[]
  /** Paths by which the log was known if more of these files were there. */
  readonly fullerPaths?: readonly string[]
}

export interface OpenedLog {
  readonly path: string
  readonly kind: FoundFile['kind']
  /** Its files in the order in which their objects come; `path` alone where it is one. */
  readonly members: readonly string[]
}

/** Told of a file or folder that could not be looked at. */
export type ReportProblem = (path: string, message: string) => void

/** Read by its own SQL, where logs are many and large, or object by object into entries, which is less to write. */
export type LogFormat = SqlFormat | EntryFormat

interface AnyFormat {
  readonly source: Source
  /** Raise it when the parser learns more: surviving files are then read again. */
  readonly parserVersion: number
  /** The folders looked into, for messages to people. */
  usualPlaces(config: Config): readonly string[]
  findFiles(places: readonly string[], report: ReportProblem): Promise<readonly FoundFile[]>
  /** Tells a line's own object from one nested in a line that was cut off. */
  isRecord(object: Fields): boolean
  /** What the agent keeps beside its logs, where it does. */
  readonly ownRecords?: OwnRecords
  readonly promptHistory?: PromptHistory
  readonly sessionDocuments?: SessionDocuments
}

export interface EntryFormat extends AnyFormat {
  readonly reading: 'entries'
  /** Whether a file is one object a line, or one object as a whole. */
  layoutOf(path: string): 'lines' | 'document'
  /** The type of an object, for the count of what the logs hold; `sql/seeds/line_types.csv` says which are known. */
  lineTypeOf(object: LogObject): string
  /** All files that make a log, in the order in which they are read, where they are more than the one at `path`. */
  membersOf?(path: string): Promise<readonly string[]>
  /** What is said in one log, told to `emit` in the log's order. */
  openLog(log: OpenedLog, emit: EmitEntry): EntryReader
}

export interface SqlFormat extends AnyFormat {
  readonly reading: 'sql'
  /** SELECT expressions over a line's text, offered to the format's SQL as temporary macros. */
  readonly macros: readonly string[]
  /** Folder under sql/ingest: lines.sql types a line, names.sql lists what it names, the steps prepare, and a raw table's namesake fills it. */
  readonly sqlFolder: string
  /** Temporary views over the lines, in order. */
  readonly views: readonly string[]
  /** Temporary tables to build between the lines and the raw tables, in order. */
  readonly steps: readonly string[]
  readTranscript(paths: readonly string[], sessionId: string): Promise<Transcript>
}

/** How to read, for one of the places where logs lie, what the agent says of itself. */
export interface OwnRecords {
  /** Days from its last change that the agent keeps a log; null where it does not say. */
  readCleanupDays(place: string, report: ReportProblem): Promise<number | null>
  /** The file with the agent's own totals, there or not; null where the place has none. */
  totalsFile(place: string): string | null
  /** Throws where the text is not that file's format. */
  parseTotals(text: string): AgentTotals
}

/** An agent's history of what it was asked, which outlives its logs. */
export interface PromptHistory {
  /** The file, there or not; null where the place has none. */
  fileOf(place: string): string | null
  /** Throws where the line is none of that file's; null where nothing was asked: a command, say. */
  readLine(line: string): HistoryPrompt | null
}

export interface HistoryPrompt {
  readonly askedAt: Date
  /** Folder that the agent was started in, as logged. */
  readonly project: string | null
  readonly sessionId: string | null
}

/** What an agent keeps of a session in files of their own. */
export interface SessionDocuments {
  find(place: string, report: ReportProblem): Promise<readonly FoundDocument[]>
  /** Throws where the text is no such document. */
  parse(kind: FoundDocument['kind'], text: string): ParsedDocument
}

export interface FoundDocument {
  readonly kind: 'plan' | 'todo_list'
  readonly path: string
  /** Its file's name without the extension; of a plan what logs name it by. */
  readonly name: string
  /** Sessions that the name says it may be of, the likeliest first; none where logs must tell. */
  readonly sessionIds: readonly string[]
}

export interface ParsedDocument {
  /** In one line, as written. */
  readonly title: string | null
  /** Items by their state; null for a plan. */
  readonly items: { readonly pending: number; readonly inProgress: number; readonly completed: number } | null
  /** Items left out because they are none. */
  readonly oddCount: number
}

export interface AgentTotals {
  /** First and last day that they cover, YYYY-MM-DD; null where the agent does not say. */
  readonly from: string | null
  readonly until: string | null
  readonly totals: readonly AgentTotal[]
  /** Figures left out because they are none. */
  readonly oddCount: number
}

export interface AgentTotal {
  /** The day, as the agent tells days apart; null for all time. */
  readonly localDate: string | null
  readonly measure:
    | 'session_count'
    | 'message_count'
    | 'tool_call_count'
    | 'web_search_count'
    | 'input_output_tokens'
    | 'input_tokens'
    | 'output_tokens'
    | 'cache_read_tokens'
    | 'cache_write_tokens'
  readonly model: string | null
  readonly amount: number
}

/** The tables of the ledger that a format fills; each needs `<sqlFolder>/<table>.sql`. */
export const rawTables = [
  'events',
  'contexts',
  'calls',
  'tool_uses',
  'tool_results',
  'prompts',
  'line_types',
] as const
