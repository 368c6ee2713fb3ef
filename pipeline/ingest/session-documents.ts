// Keeps in the ledger what agents write beside the logs of a session: plans, and lists of things to do with their states.
import { readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { clearSecrets, shortenHomePaths } from '../clear.js'
import type { Config } from '../config.js'
import { messageOf } from '../errors.js'
import type { StageContext } from '../events.js'
import { type Database, sqlText } from '../warehouse/db.js'
import { digestUuid } from './digest-uuid.js'
import { type FileState, fileState } from './file-state.js'
import type { FoundDocument, LogFormat, ParsedDocument } from './formats/format.js'
import { keptPath } from './kept-names.js'

/** A list of nothing is written for every session, and says nothing. */
const emptyListBytes = 2
const mostTitleChars = 120

interface KnownDocument {
  readonly document_id: string
  readonly session_id: string
  readonly size_bytes: number | null
  readonly modified_ms: number
}

/** A document that is to be read, and the session that it belongs to. */
interface OwnDocument {
  readonly document: FoundDocument
  readonly documentId: string
  readonly sessionId: string
  readonly state: FileState
}

/**
 * Reads the documents of this place that have changed. Only those of sessions that are in the ledger: what is kept out
 * of it, or forgotten, takes its documents along.
 */
export async function keepSessionDocuments(
  ctx: StageContext<Config>,
  db: Database,
  { source, sessionDocuments }: LogFormat,
  place: string,
): Promise<void> {
  if (sessionDocuments === undefined) return
  const warn = (subject: string, message: string): void =>
    ctx.emit({ step: 'ingest', action: 'warn', subject, message })
  const found = await sessionDocuments.find(place, warn)
  if (found.length === 0) return
  for (const own of await changedDocuments(db, source, place, found)) {
    const { kind, path } = own.document
    try {
      const parsed = sessionDocuments.parse(kind, await readFile(path, 'utf8'))
      if (parsed.oddCount > 0) warn(path, `${parsed.oddCount} items have no known state; they are left out`)
      await replaceDocument(db, ctx.config, source, place, own, parsed)
    } catch (error) {
      const isNamed = mayBeNamed(own.document, ctx.config)
      const reason = isNamed ? messageOf(error) : 'it could not be read'
      warn(
        isNamed ? path : dirname(path),
        `expected ${words[kind]}; ${reason}. What was read of it before is kept`,
      )
    }
  }
}

const words: Readonly<Record<FoundDocument['kind'], string>> = {
  plan: 'a plan in Markdown',
  todo_list: 'a list of items with a status in JSON',
}

async function changedDocuments(
  db: Database,
  source: string,
  place: string,
  found: readonly FoundDocument[],
): Promise<OwnDocument[]> {
  const rows = await db.rows<KnownDocument & object>(
    `select document_id, session_id, size_bytes, modified_ms from state.session_documents
     where source = ? and place = ?`,
    [source, place],
  )
  const known = new Map(rows.map((row) => [row.document_id, row]))
  const sessionOf = await readTies(db, found)
  const changed: OwnDocument[] = []
  for (const document of found) {
    const documentId = digestUuid(document.name)
    const before = known.get(documentId)
    const state = await fileState(document.path)
    const sessionId = sessionOf(document)
    if (state === null || sessionId === undefined) continue
    if (document.kind === 'todo_list' && state.sizeBytes <= emptyListBytes && before === undefined) continue
    const isRead =
      before?.size_bytes === state.sizeBytes &&
      before.modified_ms === state.modifiedMs &&
      before.session_id === sessionId
    if (!isRead) changed.push({ document, documentId, sessionId, state })
  }
  return changed
}

/** To which session a document belongs, of those that the ledger knows: a plan to the first whose lines name it. */
async function readTies(
  db: Database,
  found: readonly FoundDocument[],
): Promise<(document: FoundDocument) => string | undefined> {
  const named = found.flatMap(({ sessionIds }) => sessionIds)
  const sessions = new Set(
    (
      await db.rows<{ session_id: string }>(
        `select distinct session_id from raw.contexts where session_id in (${['null', ...named.map(sqlText)].join(', ')})`,
      )
    ).map(({ session_id }) => session_id),
  )
  const plans = found.filter(({ kind }) => kind === 'plan').map(({ name }) => sqlText(digestUuid(name)))
  const planned = await db.rows<{ plan_id: string; session_id: string }>(`
    select plan_id, arg_min(coalesce(parent_session_id, session_id), (first_at, session_id)) as session_id
    from raw.contexts where plan_id in (${['null', ...plans].join(', ')}) group by plan_id`)
  const sessionByPlan = new Map(planned.map(({ plan_id, session_id }) => [plan_id, session_id]))
  return ({ kind, name, sessionIds }) =>
    kind === 'plan' ? sessionByPlan.get(digestUuid(name)) : sessionIds.find((id) => sessions.has(id))
}

async function replaceDocument(
  db: Database,
  config: Config,
  source: string,
  place: string,
  { document, documentId, sessionId, state }: OwnDocument,
  { title, items }: ParsedDocument,
): Promise<void> {
  const isWordless = config.privacy.content === 'none'
  await db.run(
    `insert or replace into state.session_documents (source, place, document_id, document_kind, session_id, path, title,
       pending_count, in_progress_count, completed_count, size_bytes, modified_ms)
     values (?, ?, cast(? as uuid), ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      source,
      place,
      documentId,
      document.kind,
      sessionId,
      mayBeNamed(document, config) ? keptPath(document.path) : null,
      isWordless || title === null ? null : clearedTitle(title, config),
      items?.pending ?? null,
      items?.inProgress ?? null,
      items?.completed ?? null,
      state.sizeBytes,
      state.modifiedMs,
    ],
  )
}

/** A plan's name may be made of the prompt's words. */
function mayBeNamed({ kind }: FoundDocument, { privacy }: Config): boolean {
  return kind !== 'plan' || privacy.content !== 'none'
}

function clearedTitle(title: string, { home, privacy, secrets }: Config): string {
  const safe = clearSecrets(title, Object.values(secrets))
  const shown = privacy.redact_paths ? shortenHomePaths(safe, home) : safe
  return shown.length > mostTitleChars ? `${shown.slice(0, mostTitleChars - 1).trimEnd()}…` : shown
}

/** Where other words may be kept than before: titles go, and of files that are still there they are read again. */
export async function limitKeptDocuments(db: Database, config: Config): Promise<void> {
  await db.run('update state.session_documents set title = null, size_bytes = null')
  if (config.privacy.content === 'none')
    await db.run(`update state.session_documents set path = null where document_kind = 'plan'`)
}
