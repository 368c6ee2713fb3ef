// What was left open, each with the command that takes it up again.

import { shortWeekdayDate } from '../period.js'
import type { ReportData } from './data.js'
import { periodNoun } from './figures.js'
import { capitalised, countOf } from './format.js'
import type { OpenLoopRow } from './rows.js'
import type { Section } from './sections.js'
import { sessionAddresses } from './session-links.js'
import { type Table, tablesOf } from './table.js'

/** One session that was left open: the page has room for its command, which a column has not. */
export interface OpenLoop {
  readonly what: string
  /** Of the session's page; null where it has none. */
  readonly href: string | null
  readonly state: string
  /** Null where the agent has no command for it. */
  readonly command: string | null
}

export interface OpenLoopsSection extends Section {
  readonly loops: readonly OpenLoop[]
  readonly more: string | null
}

/** How each agent resumes a session by its id; an agent that cannot is not here. */
const resumeCommands: Readonly<Record<string, (sessionId: string) => string>> = {
  amplifier: (id) => `amplifier resume ${id}`,
  'claude-code': (id) => `claude --resume ${id}`,
  codex: (id) => `codex resume ${id}`,
  copilot: (id) => `copilot --resume ${id}`,
  gemini: (id) => `gemini --resume ${id}`,
  opencode: (id) => `opencode --session ${id}`,
  pi: (id) => `pi --session ${id}`,
}

const maxLoops = 12

/** Null where everything was brought to an end. */
export function openLoopsSection(data: ReportData): OpenLoopsSection | null {
  const rows = data.rows.open_loops
  if (rows.length === 0) return null
  const tables = loopTables(data)
  return {
    id: 'open-loops',
    heading: 'Open loops',
    paragraphs: [
      `${countOf(rows.length, 'session')} of this ${periodNoun(data)} stopped before ${rows.length === 1 ? 'its' : 'their'} end, as far as the logs tell. The command takes one up again where it stopped.`,
    ],
    tables,
    loops: loopsOf(data),
    more: tables[0]?.more ?? null,
  }
}

function loopTables(data: ReportData): Table[] {
  return tablesOf({
    caption: 'What was left open',
    texts: ['Day', 'What', 'How it stands', 'Take it up again'],
    rows: data.rows.open_loops,
    cells: (row) => [
      shortWeekdayDate(row.local_date),
      whatWords(row),
      loopWords(row),
      resumeCommand(row) ?? '–',
    ],
    maxRows: maxLoops,
  })
}

function loopsOf(data: ReportData): OpenLoop[] {
  const addresses = sessionAddresses(data)
  return data.rows.open_loops.slice(0, maxLoops).map((row) => ({
    what: whatWords(row),
    href: addresses.get(row.session_id) ?? null,
    state: `${capitalised(loopWords(row))}, ${shortWeekdayDate(row.local_date)}.`,
    command: resumeCommand(row),
  }))
}

function whatWords(row: OpenLoopRow): string {
  return row.underlying_goal ?? row.project ?? 'no project'
}

function loopWords(row: OpenLoopRow): string {
  if (row.loop_kind === 'unanswered') return 'the last prompt was not answered'
  if (row.loop_kind === 'todo') return `${countOf(row.open_item_count, 'item')} of its list not done`
  return 'cut short'
}

/** `cd ~/work/harbour && claude --resume …`; null where the agent has no such command. */
export function resumeCommand({ source, session_id, directory }: OpenLoopRow): string | null {
  const command = Object.hasOwn(resumeCommands, source)
    ? resumeCommands[source]?.(quoted(session_id))
    : undefined
  if (command === undefined) return null
  return directory === null ? command : `cd ${quotedPath(directory)} && ${command}`
}

/** A name from a log is never a part of a command that a shell would run. */
function quoted(text: string): string {
  return /^[\w.:/@-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`
}

function quotedPath(path: string): string {
  if (path === '~') return path
  return path.startsWith('~/') ? `~/${quoted(path.slice(2))}` : quoted(path)
}
