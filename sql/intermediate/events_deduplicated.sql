-- One row per event of a session's course, copies in forks and mirrors removed, in time and place order.
-- grain: session_id, event_number
-- columns:
--   session_id         the earliest session that had the event
--   event_number       from 1
--   event_kind         as in raw.events
--   happened_at        UTC
--   local_date         in the configured time zone
--   reference          what it was about, by kind
--   is_abandoned       on a branch that was left
--   file_id            file it was read from
with kept as (
    select
        e.event_uuid,
        min(struct_pack(
            is_mirror := e.is_mirror, claimed_at := c.claimed_at, session_id := e.session_id,
            file_id := e.file_id, ordinal := e.ordinal
        )) as place
    from staging.events as e
    semi join intermediate.repeated_events using (event_uuid)
    left join intermediate.session_claims as c on c.session_id = e.session_id
    group by e.event_uuid
),
firsts as (
    select e.*
    from staging.events as e
    left join kept as k using (event_uuid)
    where k.event_uuid is null or (k.place.file_id = e.file_id and k.place.ordinal = e.ordinal)
),
final as (
    select
        e.session_id,
        row_number() over (partition by e.session_id order by e.happened_at, e.file_id, e.ordinal) as event_number,
        e.event_kind, e.happened_at,
        cast(e.happened_at + q.utc_offset as date) as local_date,
        e.reference, coalesce(e.is_abandoned, false) as is_abandoned, e.file_id
    from firsts as e
    join intermediate.local_quarters as q on q.quarter_at = time_bucket(interval 15 minutes, e.happened_at)
)
select * from final
