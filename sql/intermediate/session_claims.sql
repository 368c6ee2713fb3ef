-- One row per session: since when it has had events of its own. What a fork or resume repeats keeps its time and id, so
-- of the sessions that hold a copied event the one with the earliest claim had it first. One of which others repeat
-- everything claims since the first event that fewest of them repeat: that is where it went on from what it had repeated
-- itself (rule 5).
-- grain: session_id
-- columns:
--   session_id  session
--   claimed_at  first of the events that fewest other sessions have, UTC; the year 1 where it has none at all
with held as (
    select session_id, event_uuid, min(happened_at) as happened_at
    from staging.events
    semi join intermediate.repeated_events using (event_uuid)
    group by session_id, event_uuid
),
copied as (
    select event_uuid, count(*) as holder_count
    from held
    group by event_uuid
),
own as (
    select session_id, min(happened_at) as happened_at
    from staging.events
    anti join intermediate.repeated_events using (event_uuid)
    where event_uuid is not null
    group by session_id
),
beginnings as (
    select session_id, 1 as holder_count, happened_at
    from own
    union all
    select h.session_id, c.holder_count, h.happened_at
    from held as h
    join copied as c using (event_uuid)
),
firsts as (
    select session_id, min(struct_pack(holder_count := holder_count, happened_at := happened_at)) as beginning
    from beginnings
    group by session_id
),
sessions as (
    select session_id from staging.events
    union
    select session_id from staging.calls
    union
    select session_id from staging.tool_uses
    union
    select session_id from staging.prompts
)
select s.session_id, coalesce(f.beginning.happened_at, timestamp '0001-01-01 00:00:00') as claimed_at
from sessions as s
left join firsts as f using (session_id)
