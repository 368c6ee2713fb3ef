-- One row per session: since when it has had events of its own. What a fork or resume repeats keeps its time and id, so
-- of the sessions that hold a copied event the one with the earliest claim had it first; one without any event of its
-- own was copied whole, and claims from the beginning (rule 5).
-- grain: session_id
-- columns:
--   session_id  session
--   claimed_at  first event that no other session has, UTC; the year 1 where there is none
with held as (
    select session_id, event_uuid, min(happened_at) as happened_at
    from staging.events
    where event_uuid is not null
    group by session_id, event_uuid
),
copied as (
    select event_uuid
    from held
    group by event_uuid
    having count(*) > 1
),
own as (
    select h.session_id, min(h.happened_at) as claimed_at
    from held as h
    anti join copied using (event_uuid)
    group by h.session_id
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
select s.session_id, coalesce(o.claimed_at, timestamp '0001-01-01 00:00:00') as claimed_at
from sessions as s
left join own as o using (session_id)
