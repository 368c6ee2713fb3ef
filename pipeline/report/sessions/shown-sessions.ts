// What of the sessions' own rows may be shown: files by their place in the project, and no words where none are allowed.
import { fileLabel, type NameOptions } from '../names.js'
import type { SessionRow } from '../rows.js'
import { type Evidence, readEvidence } from './judgements.js'
import type { SessionDetailRow, SessionFileRow, SessionToolRow, SessionTurnRow } from './session-rows.js'

export interface SessionTables {
  session_details: SessionDetailRow[]
  session_turns: SessionTurnRow[]
  session_tools: SessionToolRow[]
  session_files: SessionFileRow[]
}

export interface ShownOptions extends NameOptions {
  readonly hidesContent: boolean
  /** One line of visible characters. */
  readonly shownText: (text: string | null) => string | null
}

/** Names of branches that hold no words. */
const plainBranches = new Set(['main', 'master', 'HEAD'])

export function shownSessionTables(
  tables: SessionTables,
  sessions: readonly SessionRow[],
  options: ShownOptions,
): SessionTables {
  const projects = new Map(sessions.map((row) => [row.session_id, row.project]))
  return {
    session_details: tables.session_details.map((row) => shownDetail(row, options)),
    session_turns: tables.session_turns,
    session_tools: tables.session_tools.map((row) => ({
      ...row,
      tool_name: options.shownText(row.tool_name),
    })),
    session_files: options.hidesContent
      ? []
      : tables.session_files.map((row) => ({
          ...row,
          path: options.shownText(pathIn(row.path, projects.get(row.session_id) ?? null, options)) ?? '–',
        })),
  }
}

function pathIn(path: string, project: string | null, options: NameOptions): string {
  if (project !== null && path.startsWith(`${project}/`)) return path.slice(project.length + 1)
  return fileLabel(path, options)
}

function shownDetail(row: SessionDetailRow, { hidesContent, shownText }: ShownOptions): SessionDetailRow {
  const enumerated = (value: string | null) => (hidesContent && !isPlain(value) ? null : shownText(value))
  const branch = shownText(row.git_branch)
  return {
    ...row,
    git_branch: hidesContent && !plainBranches.has(branch ?? '') ? null : branch,
    agent_version: shownText(row.agent_version),
    friction_detail: hidesContent ? null : shownText(row.friction_detail),
    primary_success: enumerated(row.primary_success),
    pivot_trigger: enumerated(row.pivot_trigger),
    workflow_type: enumerated(row.workflow_type),
    priority_matched: shownText(row.priority_matched),
    skills_used: shownList(row.skills_used, shownText),
    skills_missed: shownList(row.skills_missed, shownText),
    evidence:
      row.evidence === null
        ? null
        : JSON.stringify(
            readEvidence(row.evidence).map((evidence) => shownEvidence(evidence, hidesContent, shownText)),
          ),
  }
}

function shownEvidence(
  { value, ...evidence }: Evidence,
  hidesContent: boolean,
  shownText: ShownOptions['shownText'],
): Evidence {
  const shown = hidesContent && !isPlain(value ?? null) ? null : shownText(value ?? null)
  return {
    ...evidence,
    ...(shown === null ? {} : { value: shown }),
    quote: hidesContent ? null : shownText(evidence.quote),
  }
}

function shownList(json: string | null, shownText: ShownOptions['shownText']): string | null {
  if (json === null) return null
  return JSON.stringify((JSON.parse(json) as string[]).flatMap((name) => shownText(name) ?? []))
}

/** A name of ours, such as wrong_approach: never a sentence. */
function isPlain(value: string | null): boolean {
  return value === null || /^[a-z_]{1,40}$/.test(value)
}
