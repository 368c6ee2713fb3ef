-- The timeline of every session: what happened when, in order.
-- grain: session_id, event_number
-- columns:
--   session_id     session
--   event_number   from 1
--   kind           prompt, command, assistant, tool_call, tool_result, tool_error, interruption, compaction, compaction_boundary, api_error, api_retry, delegation, system, attachment or wrapper
--   happened_at    UTC
--   local_date     in the configured time zone
--   week           2026-W07
--   reference      tool call, message, prompt or command it was about
--   is_abandoned   on a branch from which the person went back
select
    e.session_id, e.event_number, e.event_kind as kind, e.happened_at, e.local_date, d.week, e.reference,
    e.is_abandoned
from intermediate.events_deduplicated as e
left join intermediate.calendar as d on d.local_date = e.local_date
