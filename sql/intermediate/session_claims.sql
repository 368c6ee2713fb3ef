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
    where event_uuid is not null
    group by session_id, event_uuid
),
copied as (
    select event_uuid, count(*) as holder_count
    from held
    group by event_uuid
    having count(*) > 1
),
own as (
    select
        h.session_id,
        min(struct_pack(holder_count := coalesce(c.holder_count, 1), happened_at := h.happened_at)) as beginning
    from held as h
    left join copied as c using (event_uuid)
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
select s.session_id, coalesce(o.beginning.happened_at, timestamp '0001-01-01 00:00:00') as claimed_at
from sessions as s
left join own as o using (session_id)
