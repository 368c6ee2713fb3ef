// What somebody asks to forget, and how it is remembered so that it does not come back.
import type { Config } from '../config.js'
import { UserError } from '../errors.js'
import { type Database, openDatabase, type Row } from '../warehouse/db.js'
import { canonicalProject, sha256 } from '../warehouse/withheld-rules.js'

export type Selection =
  /** As shown, with ~, or absolute. */
  | { readonly kind: 'project'; readonly project: string }
  /** With its sub-agents. */
  | { readonly kind: 'session'; readonly sessionId: string }
  /** Sessions that began on these local dates, both included. */
  | { readonly kind: 'period'; readonly from: string; readonly until: string }

/** Main sessions and sub-agents that the marts hold of the selection. */
export async function findSessions(config: Config, selection: Selection): Promise<string[]> {
  const db = await openDatabase(config.paths.warehouse, { readOnly: true })
  try {
    const [condition, values] = whereOf(selection, config)
    const rows = await db.rows<{ session_id: string }>(
      `with chosen as (select session_id from marts.sessions where ${condition})
       select session_id from marts.sessions
       where session_id in (from chosen) or parent_session_id in (from chosen) order by session_id`,
      values,
    )
    return rows.map(({ session_id }) => session_id)
  } finally {
    db.close()
  }
}

function whereOf(selection: Selection, { home }: Config): [string, string[]] {
  switch (selection.kind) {
    case 'project':
      return ['project in (?, ?)', [canonicalProject(selection.project, home), selection.project]]
    case 'session':
      return ['session_id = ?', [selection.sessionId]]
    case 'period':
      return [
        'not is_subagent and local_date between cast(? as date) and cast(? as date)',
        [selection.from, selection.until],
      ]
  }
}

/** Writes the tombstones; to be called within a transaction. */
export async function rememberForgotten(
  db: Database,
  config: Config,
  selection: Selection,
  sessionIds: readonly string[],
  now: Date,
): Promise<void> {
  const values = sessionIds.map((id): [string, string] => ['session', sha256(id)])
  if (selection.kind === 'session') values.push(['session', sha256(selection.sessionId)])
  if (selection.kind === 'project')
    values.push(['project', sha256(canonicalProject(selection.project, config.home))])
  if (selection.kind === 'period') values.push(['period', await instantsOf(db, config, selection)])
  for (const [kind, value] of values)
    await db.run('insert or replace into state.forgotten values (?, ?, ?::timestamp)', [
      kind,
      value,
      now.toISOString(),
    ])
}

/** Whether this was asked before: then asking again only looks for traces that are left. */
export async function isRemembered(db: Database, config: Config, selection: Selection): Promise<boolean> {
  const value =
    selection.kind === 'session'
      ? sha256(selection.sessionId)
      : selection.kind === 'project'
        ? sha256(canonicalProject(selection.project, config.home))
        : await instantsOf(db, config, selection)
  const rows = await db.rows('select 1 from state.forgotten where forgotten_kind = ? and value = ?', [
    selection.kind,
    value,
  ])
  return rows.length > 0
}

/** From the first midnight to the one after the last date, in UTC. */
async function instantsOf(
  db: Database,
  { timezone }: Config,
  { from, until }: Extract<Selection, { kind: 'period' }>,
): Promise<string> {
  const midnight = `timezone('UTC', timezone($3, cast(cast($N as date) + $D as timestamp)))`
  const [row] = await db.rows<Row & { instants: string }>(
    `select ${midnight.replace('$N', '$1').replace('$D', '0')} || '/' ||
      ${midnight.replace('$N', '$2').replace('$D', '1')} as instants`,
    [from, until, timezone],
  )
  return row!.instants
}

export function nothingFound(selection: Selection): UserError {
  switch (selection.kind) {
    case 'project':
      return new UserError(
        `no loaded session belongs to the project ${selection.project}`,
        'Name it as debrief query "select distinct project from sessions" shows it.',
      )
    case 'session':
      return new UserError(
        `no session ${selection.sessionId} is loaded`,
        'Name it as debrief query "select session_id, project, started_at from sessions" shows it.',
      )
    case 'period':
      return new UserError(
        `no loaded session began from ${selection.from} to ${selection.until}`,
        'See debrief query "select local_date, count(*) from sessions group by all".',
      )
  }
}
