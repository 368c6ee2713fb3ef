// Keeps in the ledger how much was asked when, as an agent's own history of prompts says: it knows days whose logs are gone.
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import type { Config } from '../config.js'
import { messageOf } from '../errors.js'
import type { StageContext } from '../events.js'
import { tokensIn } from '../secret-shapes.js'
import { type Database, inTransaction, sqlText } from '../warehouse/db.js'
import { rulesDigest } from '../warehouse/withheld-rules.js'
import { removeWithheldHistory } from '../warehouse/withhold-history.js'
import { type FileState, fileState } from './file-state.js'
import type { LogFormat, PromptHistory } from './formats/format.js'

const quarterMs = 15 * 60 * 1000
const rowsPerInsert = 2000

interface Known {
  readonly history_size_bytes: number | null
  readonly history_modified_ms: number | null
  readonly history_rules: string | null
}

interface HistoryRow {
  readonly quarterAt: string
  readonly project: string | null
  readonly sessionId: string | null
  promptCount: number
}

/** Reads the history of this place where its file, or what is to be kept out, has changed. */
export async function keepPromptHistory(
  ctx: StageContext<Config>,
  db: Database,
  { source, promptHistory }: LogFormat,
  place: string,
): Promise<void> {
  const file = promptHistory?.fileOf(place) ?? null
  const state = file === null ? null : await fileState(file)
  if (promptHistory === undefined || file === null || state === null) return
  const [known] = await db.rows<Known & object>(
    `select history_size_bytes, history_modified_ms, history_rules from state.agent_settings
     where source = ? and place = ?`,
    [source, place],
  )
  const rules = rulesDigest(ctx.config)
  const isRead =
    known?.history_size_bytes === state.sizeBytes && known.history_modified_ms === state.modifiedMs
  if (isRead && known.history_rules === rules) return
  const warn = (message: string): void => ctx.emit({ step: 'ingest', action: 'warn', subject: file, message })
  try {
    const { rows, oddLines } = await readHistory(file, promptHistory)
    if (oddLines.length > 0) warn(oddWords(oddLines))
    await addHistory(ctx, db, { source, place, rules, state, rows })
  } catch (error) {
    warn(`expected the agent's history of prompts; ${messageOf(error)}. What was read of it before is kept`)
  }
}

async function readHistory(
  file: string,
  { readLine }: PromptHistory,
): Promise<{ rows: readonly HistoryRow[]; oddLines: readonly number[] }> {
  const rows = new Map<string, HistoryRow>()
  const oddLines: number[] = []
  let lineNumber = 0
  for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
    lineNumber += 1
    if (line.trim() === '') continue
    try {
      const prompt = readLine(line.replace(/^\uFEFF/, ''))
      if (prompt === null) continue
      const quarterAt = new Date(Math.floor(prompt.askedAt.getTime() / quarterMs) * quarterMs).toISOString()
      const project = withoutSecret(prompt.project)
      const sessionId = withoutSecret(prompt.sessionId)
      const key = JSON.stringify([quarterAt, project, sessionId])
      const row = rows.get(key) ?? { quarterAt, project, sessionId, promptCount: 0 }
      row.promptCount += 1
      rows.set(key, row)
    } catch {
      oddLines.push(lineNumber)
    }
  }
  return { rows: [...rows.values()], oddLines }
}

function withoutSecret(name: string | null): string | null {
  return name === null || tokensIn(name).length > 0 ? null : name
}

function oddWords(lines: readonly number[]): string {
  const count = lines.length === 1 ? '1 line is' : `${lines.length} lines are`
  return `expected objects with display, timestamp (milliseconds), project and sessionId; ${count} none, the first of them line ${lines[0]}, and left out`
}

interface ReadHistory {
  readonly source: string
  readonly place: string
  readonly rules: string
  readonly state: FileState
  readonly rows: readonly HistoryRow[]
}

/** Of what was known and what is read now the greater count stays: an agent may shorten its history. */
async function addHistory(
  { config, now }: StageContext<Config>,
  db: Database,
  { source, place, rules, state, rows }: ReadHistory,
): Promise<void> {
  const own = `source = ${sqlText(source)} and place = ${sqlText(place)}`
  await inTransaction(db, async () => {
    await db.run('create or replace temp table read_history as from state.prompt_history limit 0')
    for (let start = 0; start < rows.length; start += rowsPerInsert)
      await db.run(
        `insert into read_history values ${rows
          .slice(start, start + rowsPerInsert)
          .map((row) => valuesOf(source, place, row))
          .join(', ')}`,
      )
    // Before it reaches the ledger's file, where even what is deleted at once would leave a trace.
    await removeWithheldHistory(db, config, now(), 'read_history')
    await db.run(`
      insert into read_history from state.prompt_history where ${own};
      delete from state.prompt_history where ${own};
      insert into state.prompt_history by name
        select * exclude prompt_count, max(prompt_count) as prompt_count from read_history group by all;
      drop table read_history;
      update state.agent_settings set history_size_bytes = ${state.sizeBytes},
        history_modified_ms = ${state.modifiedMs}, history_rules = ${sqlText(rules)} where ${own}`)
  })
}

function valuesOf(source: string, place: string, row: HistoryRow): string {
  const text = (value: string | null) => (value === null ? 'null' : sqlText(value))
  return `(${sqlText(source)}, ${sqlText(place)}, timestamp ${sqlText(row.quarterAt)}, ${text(row.project)},
    ${text(row.sessionId)}, ${row.promptCount})`
}
