-- The timeline of every session: what happened when, in order.
-- grain: session_id, event_number
-- columns:
--   session_id     session
--   event_number   from 1
--   user_id        whose logs
--   machine_id     from which machine
--   source         agent that wrote the log
--   kind           prompt, command, assistant, tool_call, tool_result, tool_error, interruption, compaction, compaction_boundary, api_error, api_retry, delegation, system, attachment or wrapper
--   happened_at    UTC
--   local_date     in the configured time zone
--   week           2026-W07
--   month          2026-02
--   reference      tool call, message, prompt or command it was about
select
    e.session_id, e.event_number, s.user_id, s.machine_id, p.source, e.event_kind as kind, e.happened_at,
    e.local_date, d.week, d.month, e.reference
from intermediate.events_deduplicated as e
cross join staging.settings as s
left join intermediate.session_spine as p using (session_id)
left join intermediate.calendar as d on d.local_date = e.local_date
