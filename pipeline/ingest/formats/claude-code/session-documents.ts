// Claude Code's plans (plans/<slug>.md, the slug being in its session's lines) and todo lists, named after their session.
import { readdir } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { messageOf } from '../../../errors.js'
import type { FoundDocument, ParsedDocument, ReportProblem, SessionDocuments } from '../format.js'

export const sessionDocuments: SessionDocuments = {
  find,
  parse: (kind, text) => (kind === 'plan' ? parsePlan(text) : parseTodos(text)),
}

async function find(place: string, report: ReportProblem): Promise<FoundDocument[]> {
  if (basename(place) !== 'projects') return []
  const plans = await filesIn(join(dirname(place), 'plans'), '.md', report)
  const lists = await filesIn(join(dirname(place), 'todos'), '.json', report)
  return [
    ...plans.map((file): FoundDocument => ({ kind: 'plan', ...file, sessionIds: [] })),
    ...lists.map(
      (file): FoundDocument => ({ kind: 'todo_list', ...file, sessionIds: sessionsOf(file.name) }),
    ),
  ]
}

async function filesIn(
  folder: string,
  extension: string,
  report: ReportProblem,
): Promise<Pick<FoundDocument, 'path' | 'name'>[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true })
    return entries
      .filter((entry) => entry.isFile() && entry.name.endsWith(extension))
      .map(({ name }) => ({ path: join(folder, name), name: basename(name, extension) }))
      .sort((a, b) => (a.path < b.path ? -1 : 1))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
      report(folder, `expected a folder of *${extension} files; ${messageOf(error)}`)
    return []
  }
}

/** `<session>-agent-<agent>`, the main agent being named like the session; before 1.0.60 or so `<session>` alone. */
function sessionsOf(name: string): string[] {
  const [session, agent] = name.split('-agent-') as [string, string?]
  return agent === undefined || agent === session ? [session] : [`${session}/${agent}`, session]
}

function parsePlan(text: string): ParsedDocument {
  const heading = /^#{1,6}[ \t]+(.*?)[ \t#]*$/m.exec(text)?.[1]
  return { title: heading || null, items: null, oddCount: 0 }
}

const states = ['pending', 'in_progress', 'completed'] as const

function parseTodos(text: string): ParsedDocument {
  const items = parseList(text)
  const [pending, inProgress, completed] = states.map(
    (state) => items.filter((item) => stateOf(item) === state).length,
  ) as [number, number, number]
  return {
    title: null,
    items: { pending, inProgress, completed },
    oddCount: items.length - pending - inProgress - completed,
  }
}

/** Never the parser's own words: they quote the file. */
function parseList(text: string): unknown[] {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new Error('it is not valid JSON', { cause })
  }
  if (!Array.isArray(value)) throw new Error('it is no list')
  return value
}

function stateOf(item: unknown): unknown {
  return typeof item === 'object' && item !== null ? (item as Record<string, unknown>).status : undefined
}
