-- All that was ever loaded, in one row.
-- grain: first_date
-- columns:
--   first_date           first local date of activity; null, as the next two, where there is none
--   last_date            last local date of activity
--   last_event_at        when the last session ended, UTC
--   session_count        main sessions
--   subagent_count       sub-agents
--   day_count            local dates with activity
--   project_count        projects worked on
--   active_seconds       active time of main sessions
--   cost_usd             at list price, priced calls only
--   unpriced_call_count  calls whose model has no price
--   total_tokens         input, output and both kinds of cache
--   prompt_count         what people asked
--   tool_call_count      tools called
--   error_count          tool calls that failed
with ends as (
    select max(ended_at) as last_event_at from marts.sessions
),
final as (
    select
        min(days.local_date) as first_date,
        max(days.local_date) as last_date,
        max(ends.last_event_at) as last_event_at,
        count(distinct case when not (days.is_subagent or days.is_extraction) then days.session_id end) as session_count,
        count(distinct case when days.is_subagent then days.session_id end) as subagent_count,
        count(distinct days.local_date) as day_count,
        count(distinct days.project) as project_count,
        coalesce(sum(case when days.is_subagent then 0 else days.active_seconds end), 0) as active_seconds,
        cast(coalesce(sum(days.cost_usd), 0) as decimal(18, 6)) as cost_usd,
        coalesce(sum(days.unpriced_call_count), 0) as unpriced_call_count,
        coalesce(sum(days.total_tokens), 0) as total_tokens,
        coalesce(sum(days.prompt_count), 0) as prompt_count,
        coalesce(sum(days.tool_call_count), 0) as tool_call_count,
        coalesce(sum(days.error_count), 0) as error_count
    from marts.session_days as days
    cross join ends
)
select * from final
order by first_date
