// Takes sessions out of the tips that rest on them; a tip without any is no tip any more.
import type { Database } from './db.js'

/** To be called where the temporary table `withheld` names the sessions that go. */
export async function removeWithheldTips(db: Database): Promise<void> {
  await db.run(`
    create or replace temp table kept_tip_sessions as
      with listed as (
        select tip_id, unnest(cast(session_ids as varchar[])) as session_id,
          generate_subscripts(cast(session_ids as varchar[]), 1) as position
        from state.tips
      )
      select tip_id, to_json(list(session_id order by position)) as session_ids
      from listed anti join withheld using (session_id)
      group by tip_id;
    delete from state.tips where tip_id not in (select tip_id from kept_tip_sessions);
    update state.tips as t set session_ids = k.session_ids
      from kept_tip_sessions as k
      where k.tip_id = t.tip_id and k.session_ids::varchar <> t.session_ids::varchar;
    delete from state.tip_effects where tip_id not in (select tip_id from state.tips);
    drop table kept_tip_sessions`)
}
