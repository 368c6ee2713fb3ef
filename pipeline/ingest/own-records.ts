// Keeps in the ledger what agents say beside their logs: how long they keep these, their own totals, prompts and plans.
import { readFile } from 'node:fs/promises'
import type { Config } from '../config.js'
import { messageOf } from '../errors.js'
import type { StageContext } from '../events.js'
import { type Database, inTransaction, sqlText } from '../warehouse/db.js'
import { type FileState, fileState } from './file-state.js'
import type { AgentTotals, LogFormat } from './formats/format.js'
import { keepPromptHistory } from './prompt-history.js'
import { keepSessionDocuments } from './session-documents.js'

interface KnownPlace {
  readonly place: string
  readonly cleanup_days: number | null
  readonly totals_size_bytes: number | null
  readonly totals_modified_ms: number | null
}

/** Reads the settings and, where they have changed, the other files that the agent keeps beside the logs at these places. */
export async function keepOwnRecords(
  ctx: StageContext<Config>,
  db: Database,
  format: LogFormat,
  places: readonly string[],
): Promise<void> {
  if (!format.ownRecords) return
  const known = await db.rows<KnownPlace>(
    'select place, cleanup_days, totals_size_bytes, totals_modified_ms from state.agent_settings where source = ?',
    [format.source],
  )
  for (const place of places) {
    if ((await fileState(place)) === null) continue
    const before = known.find((row) => row.place === place)
    await keepSettings(ctx, db, format, place, before)
    await keepTotals(ctx, db, format, place, before)
    await keepPromptHistory(ctx, db, format, place)
    await keepSessionDocuments(ctx, db, format, place)
  }
}

/** Only at its usual places does the agent clean up: what lies elsewhere is a copy, and a demo's logs are no agent's. */
async function keepSettings(
  ctx: StageContext<Config>,
  db: Database,
  format: LogFormat,
  place: string,
  before: KnownPlace | undefined,
): Promise<void> {
  const isAgents = !ctx.config.isDemo && format.usualPlaces(ctx.config).includes(place)
  const days = isAgents ? await format.ownRecords!.readCleanupDays(place, warnOf(ctx)) : null
  if (before && before.cleanup_days === days) return
  await db.run(
    `insert into state.agent_settings (source, place, cleanup_days, read_at) values (?, ?, ?, ?::timestamp)
     on conflict do update set cleanup_days = excluded.cleanup_days, read_at = excluded.read_at`,
    [format.source, place, days, ctx.now().toISOString()],
  )
}

/** A file that cannot be read, or is gone, leaves what was read of it before; the next sync tries again. */
async function keepTotals(
  ctx: StageContext<Config>,
  db: Database,
  format: LogFormat,
  place: string,
  before: KnownPlace | undefined,
): Promise<void> {
  const file = format.ownRecords!.totalsFile(place)
  const state = file === null ? null : await fileState(file)
  if (file === null || state === null) return
  if (before?.totals_size_bytes === state.sizeBytes && before.totals_modified_ms === state.modifiedMs) return
  const warn = warnOf(ctx)
  let read: AgentTotals
  try {
    read = format.ownRecords!.parseTotals(await readFile(file, 'utf8'))
  } catch (error) {
    return warn(
      file,
      `expected the agent's own totals as JSON; ${messageOf(error)}. Its earlier ones are kept`,
    )
  }
  if (read.oddCount > 0)
    warn(
      file,
      `${read.oddCount} figures are not whole numbers with a date where one belongs; they are left out`,
    )
  await replaceTotals(db, format, place, state, read, ctx.now())
}

async function replaceTotals(
  db: Database,
  format: LogFormat,
  place: string,
  state: FileState,
  read: AgentTotals,
  readAt: Date,
): Promise<void> {
  const at = `timestamp ${sqlText(readAt.toISOString())}`
  const key = [sqlText(format.source), sqlText(place)]
  const rows = read.totals.map(({ localDate, measure, model, amount }) => {
    return `(${[...key, dateSql(localDate), sqlText(measure), model === null ? 'null' : sqlText(model), amount, at].join(', ')})`
  })
  const fill = rows.length === 0 ? '' : `insert into state.agent_totals values ${rows.join(', ')};`
  await inTransaction(db, () =>
    db.run(`delete from state.agent_totals where source = ${key[0]} and place = ${key[1]};
      ${fill}
      update state.agent_settings set totals_size_bytes = ${state.sizeBytes}, totals_modified_ms = ${state.modifiedMs},
        totals_from = ${dateSql(read.from)}, totals_until = ${dateSql(read.until)}, read_at = ${at}
        where source = ${key[0]} and place = ${key[1]}`),
  )
}

function dateSql(date: string | null): string {
  return date === null ? 'null' : `date ${sqlText(date)}`
}

function warnOf(ctx: StageContext<Config>): (path: string, message: string) => void {
  return (subject, message) => ctx.emit({ step: 'ingest', action: 'warn', subject, message })
}
