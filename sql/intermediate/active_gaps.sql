-- One row per event that has a next one: the active time between them, at most five minutes, in whole seconds. In
-- Debrief's own extractions nobody was active (rule 17).
-- grain: session_id, event_number
-- columns:
--   session_id      session
--   event_number    of the earlier event
--   started_at      of the earlier event, cut to the second, UTC
--   local_date      of the earlier event; the gap counts for that date
--   active_seconds  to the next event, at most 300
--   is_cut          the gap was longer than that
with gaps as (
    select
        session_id, event_number, local_date,
        date_trunc('second', happened_at) as started_at,
        date_diff(
            'second', date_trunc('second', happened_at),
            date_trunc('second', lead(happened_at) over (partition by session_id order by event_number))
        ) as gap_seconds
    from intermediate.events_deduplicated
    anti join intermediate.extraction_sessions using (session_id)
)
select
    session_id, event_number, started_at, local_date,
    least(gap_seconds, 300) as active_seconds,
    gap_seconds > 300 as is_cut
from gaps
where gap_seconds is not null
