-- What was left open in the period's main sessions: the last one first, at most one row per session, by the gravest kind.
-- grain: session_id
-- columns:
--   session_id       as logged
--   loop_kind        unanswered (nobody answered the last prompt), cut_short (interrupted, or an error ended it) or
--                    todo (items of its list are not done)
--   source           agent
--   project          project
--   directory        where to take it up again
--   local_date       when it began
--   ended_at         UTC
--   open_item_count  items of its lists that are not done
--   underlying_goal  what was wanted, where it is known
with active_sessions as (
    select distinct session_days.session_id
    from marts.session_days
    inner join period
        on session_days.local_date >= period.period_start and session_days.local_date < period.period_end
    where not session_days.is_subagent and not session_days.is_extraction
),
todos as (
    select session_id, sum(coalesce(pending_count, 0) + coalesce(in_progress_count, 0)) as open_item_count
    from marts.session_documents
    where document_kind = 'todo_list'
    group by session_id
),
last_events as (
    select session_id, kind, row_number() over (partition by session_id order by event_number desc) as place
    from marts.events
    where not is_abandoned and kind not in ('system', 'attachment', 'wrapper')
),
loops as (
    select
        sessions.session_id,
        case
            when last_events.kind = 'prompt' then 'unanswered'
            when sessions.completion_status in ('abandoned', 'error') then 'cut_short'
            when session_facets.session_cut_short then 'cut_short'
            when coalesce(todos.open_item_count, 0) > 0 then 'todo'
        end as loop_kind,
        sessions.source, sessions.project, sessions.project as directory, sessions.local_date, sessions.ended_at,
        coalesce(todos.open_item_count, 0) as open_item_count,
        session_facets.underlying_goal
    from active_sessions
    inner join marts.sessions on sessions.session_id = active_sessions.session_id
    inner join period on sessions.ended_at < period.ends_at
    left join last_events on last_events.session_id = sessions.session_id and last_events.place = 1
    left join todos on todos.session_id = sessions.session_id
    left join marts.session_facets on session_facets.session_id = sessions.session_id
),
final as (
    select * from loops where loop_kind is not null
)
select * from final
order by ended_at desc, session_id
