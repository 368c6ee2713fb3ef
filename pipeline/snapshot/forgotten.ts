// An older snapshot must not bring back what was forgotten since: the memory of that is carried over.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type Database, sqlText } from '../warehouse/db.js'

/** From the ledger that is replaced, where there is one, and from the newest snapshot in out/. */
export async function carryForgotten(
  ledger: Database,
  former: string | null,
  parquet: string,
): Promise<void> {
  if (former !== null) {
    await ledger.run(`attach ${sqlText(former)} as former (read_only)`)
    await addForgotten(ledger, 'former.state.forgotten', 'former.state.withheld_events')
    await ledger.run('detach former')
  }
  const files = ['forgotten', 'withheld_events'].map((name) =>
    join(parquet, '_ledger', `state.${name}.parquet`),
  )
  if (!files.every((file) => existsSync(file))) return
  const [forgotten, events] = files.map((file) => `read_parquet(${sqlText(file)})`)
  await addForgotten(ledger, forgotten!, events!)
}

async function addForgotten(ledger: Database, forgotten: string, events: string): Promise<void> {
  await ledger.run(`
    insert or ignore into state.forgotten by name select * from ${forgotten};
    insert into state.withheld_events by name
      select * from ${events} as e where rules is null
        and event_uuid not in (select event_uuid from state.withheld_events)`)
}
