-- When a session was active: its events of five minutes by the clock, each lasting to the next one, at most five
-- minutes. Within a spell there is no pause. In Debrief's own extractions nobody was active (rule 17).
-- grain: session_id, local_date, spell_at
-- patched by: session_id
-- columns:
--   session_id      session
--   local_date      in the configured time zone; a spell counts for the date on which its events began
--   spell_at        start of the five minutes, UTC
--   week            2026-W07
--   started_at      first event, cut to the second, UTC
--   ended_at        when the last event's time was over, UTC
--   active_seconds  of all its events
with spells as (
    select
        session_id, local_date,
        time_bucket(interval 5 minutes, happened_at) as spell_at,
        any_value(week) as week,
        min(date_trunc('second', happened_at)) as started_at,
        max(date_trunc('second', happened_at) + to_seconds(active_seconds)) as ended_at,
        sum(active_seconds) as active_seconds
    from marts.events
    where active_seconds is not null
    group by session_id, local_date, time_bucket(interval 5 minutes, happened_at)
)
select
    session_id, local_date, spell_at, week, started_at, ended_at,
    cast(active_seconds as bigint) as active_seconds
from spells
anti join intermediate.extraction_sessions using (session_id)
