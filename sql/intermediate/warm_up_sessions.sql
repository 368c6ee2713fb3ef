-- One row per session in which an agent only warmed itself up: all that it was asked is "Warmup", by no person.
-- grain: session_id
-- columns:
--   session_id  session
select session_id
from staging.events
where event_kind in ('prompt', 'delegation') and not is_mirror
group by session_id
having bool_and(coalesce(reference = 'warm-up', false))
