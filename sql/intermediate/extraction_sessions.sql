-- One row per session that a headless extraction of Debrief's own made: its text opens with the tag, and nobody
-- prompted (rule 17). Its calls were billed, but nobody worked in it.
-- grain: session_id
-- columns:
--   session_id  session
with tagged as (
    select distinct session_id
    from staging.events
    where event_kind = 'wrapper' and reference = 'debrief-extraction'
),
prompted as (
    select distinct e.session_id
    from staging.events as e
    semi join tagged using (session_id)
    where e.event_kind = 'prompt'
)
select t.session_id
from tagged as t
anti join prompted using (session_id)
