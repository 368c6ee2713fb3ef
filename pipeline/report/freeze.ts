// A period freezes at its first report after its end: its figures stay as they were first told.
import type { Database } from '../warehouse/db.js'
import { isEmpty } from './figures.js'
import type { RenderedReport } from './render.js'

/** Records figures and narrative of a complete period that has sessions, once; later calls change nothing. */
export async function freezePeriod(ledger: Database, report: RenderedReport, now: Date): Promise<void> {
  if (isEmpty(report.figures)) return
  const { kind, label } = report.period
  await ledger.run(
    `insert or ignore into state.periods (period_kind, period, frozen_at, figures, narrative)
     values (?, ?, ?::timestamp, ?, ?)`,
    [kind, label, now.toISOString(), JSON.stringify(report.figures), report.narrative],
  )
}
