// Alerts between reports: what is found now and was not told yet is written into the ledger, and handed on to be sent.
import type { Config } from '../config.js'
import type { StageContext } from '../events.js'
import { addDays, localDate } from '../period.js'
import { type Database, inTransaction } from '../warehouse/db.js'
import { type Alert, alertKinds, type Finding } from './alert.js'
import { sentenceOf } from './words.js'

/** Writes down what is new among the findings; the same cause is told again only after its kind's silence. */
export async function raiseAlerts(
  { config, now, emit }: StageContext<Config>,
  ledger: Database,
  findings: readonly Finding[],
): Promise<Alert[]> {
  const today = localDate(now(), config.timezone)
  const raised: Alert[] = []
  await inTransaction(ledger, async () => {
    for (const finding of findings) {
      if (await wasTold(ledger, finding, today)) continue
      const alert = alertOf(finding, today)
      await insertAlert(ledger, alert, now())
      raised.push(alert)
    }
  })
  for (const { kind, message } of raised) emit({ step: 'alerts', action: 'note', subject: kind, message })
  return raised
}

/** Today's alerts, whichever run raised them: what was not sent then is sent now; older ones say nothing any more. */
export async function todaysAlerts(ledger: Database, today: string): Promise<Alert[]> {
  return ledger.rows<Alert & object>(
    `select alert_id as "alertId", kind, cause, cast(local_date as varchar) as "localDate",
       session_id as "sessionId", message, place
     from state.alerts where local_date = $1::date order by raised_at, alert_id`,
    [today],
  )
}

function alertOf(finding: Finding, today: string): Alert {
  const { kind, cause, sessionId } = finding
  return {
    alertId: `${kind}/${cause}/${today}`,
    kind,
    cause,
    localDate: today,
    sessionId,
    message: sentenceOf(finding),
    place: alertKinds[kind].place,
  }
}

async function wasTold(ledger: Database, { kind, cause }: Finding, today: string): Promise<boolean> {
  const { silentDays } = alertKinds[kind]
  const since = silentDays === null ? '0001-01-01' : addDays(today, 1 - silentDays)
  const rows = await ledger.rows(
    'select 1 from state.alerts where kind = $1 and cause = $2 and local_date >= $3::date limit 1',
    [kind, cause, since],
  )
  return rows.length > 0
}

async function insertAlert(ledger: Database, alert: Alert, raisedAt: Date): Promise<void> {
  await ledger.run(
    `insert into state.alerts (alert_id, kind, cause, local_date, session_id, message, place, raised_at)
     values ($1, $2, $3, $4::date, $5, $6, $7, $8::timestamp)`,
    [
      alert.alertId,
      alert.kind,
      alert.cause,
      alert.localDate,
      alert.sessionId,
      alert.message,
      alert.place,
      raisedAt.toISOString().replace('Z', ''),
    ],
  )
}
