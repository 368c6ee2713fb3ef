-- The timeline of every session: what happened when, in order, copies in forks and mirrors removed.
-- grain: session_id, event_number
-- patched by: session_id
-- columns:
--   session_id      the earliest session that had the event
--   event_number    from 1
--   kind            prompt, command, assistant, tool_call, tool_result, tool_error, interruption, compaction, compaction_boundary, api_error, api_retry, delegation, system, attachment or wrapper
--   happened_at     UTC
--   local_date      in the configured time zone
--   week            2026-W07
--   reference       tool call, message, prompt or command it was about
--   is_abandoned    on a branch from which the person went back
--   active_seconds  whole seconds to the next event, at most 300; null where there is none
--   file_id         file it was read from
with firsts as (
    select e.*
    from staging.events as e
    left join intermediate.event_homes as h using (event_uuid)
    where h.event_uuid is null or (h.file_id = e.file_id and h.ordinal = e.ordinal)
),
numbered as (
    select
        session_id, event_kind, happened_at, reference, is_abandoned, file_id,
        row_number() over course as event_number,
        date_diff('second', date_trunc('second', happened_at), date_trunc('second', lead(happened_at) over course))
            as gap_seconds
    from firsts
    window course as (partition by hash(session_id) order by happened_at, file_id, ordinal)
),
final as (
    select
        e.session_id, e.event_number, e.event_kind as kind, e.happened_at,
        cast(e.happened_at + q.utc_offset as date) as local_date,
        d.week, e.reference,
        coalesce(e.is_abandoned, false) as is_abandoned,
        if(e.gap_seconds > 300, 300, e.gap_seconds) as active_seconds,
        e.file_id
    from numbered as e
    join intermediate.local_quarters as q on q.quarter_at = time_bucket(interval 15 minutes, e.happened_at)
    left join intermediate.calendar as d on d.local_date = cast(e.happened_at + q.utc_offset as date)
)
select * from final
