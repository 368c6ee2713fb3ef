-- The headline figures of the period and of the one before it.
-- grain: period_role
-- columns:
--   period_role           current or previous
--   period                label of the period
--   session_count         main sessions active in it
--   subagent_count        sub-agents active in it
--   day_count             local days with any activity
--   project_count         projects worked on
--   active_seconds        active time of main sessions, parallel ones each counted
--   active_union_seconds  wall time with at least one session active
--   cost_usd              at list price, priced calls only
--   unpriced_call_count   calls whose model has no price
--   input_tokens          tokens read afresh
--   output_tokens         tokens written
--   cache_read_tokens     tokens read from the cache
--   cache_write_tokens    tokens written to the cache
--   total_tokens          all four together, as far as logged
--   unlogged_count        sessions and sub-agents whose logs have no usage
--   prompt_count          what people asked
--   turn_count            prompts up to the next
--   tool_call_count       tools called
--   error_count           tool calls that failed
--   lines_added           lines of code added
--   lines_deleted         lines of code deleted
with spans as (
    select 'current' as period_role, period_kind, period, period_start, period_end from period
    union all
    select 'previous' as period_role, period_kind, previous_period, previous_start, previous_end from period
),
measures as (
    select
        spans.period_role,
        count(distinct case when not (days.is_subagent or days.is_extraction) then days.session_id end) as session_count,
        count(distinct case when days.is_subagent then days.session_id end) as subagent_count,
        count(distinct case when not days.is_extraction then days.local_date end) as day_count,
        count(distinct case when not days.is_extraction then days.project end) as project_count,
        sum(case when days.is_subagent then 0 else days.active_seconds end) as active_seconds,
        cast(sum(days.cost_usd) as decimal(18, 6)) as cost_usd,
        sum(days.unpriced_call_count) as unpriced_call_count,
        sum(days.input_tokens) as input_tokens,
        sum(days.output_tokens) as output_tokens,
        sum(days.cache_read_tokens) as cache_read_tokens,
        sum(days.cache_write_tokens) as cache_write_tokens,
        sum(days.total_tokens) as total_tokens,
        count(distinct case when days.cost_usd is null then days.session_id end) as unlogged_count,
        sum(days.prompt_count) as prompt_count,
        sum(days.turn_count) as turn_count,
        sum(days.tool_call_count) as tool_call_count,
        sum(days.error_count) as error_count,
        sum(days.lines_added) as lines_added,
        sum(days.lines_deleted) as lines_deleted
    from spans
    inner join marts.session_days as days
        on days.local_date >= spans.period_start and days.local_date < spans.period_end
    group by spans.period_role
),
by_the_clock as (
    select period_kind, period, sum(active_union_seconds) as active_union_seconds
    from marts.period_metrics
    group by period_kind, period
),
final as (
    select
        spans.period_role,
        spans.period,
        coalesce(measures.session_count, 0) as session_count,
        coalesce(measures.subagent_count, 0) as subagent_count,
        coalesce(measures.day_count, 0) as day_count,
        coalesce(measures.project_count, 0) as project_count,
        coalesce(measures.active_seconds, 0) as active_seconds,
        coalesce(by_the_clock.active_union_seconds, 0) as active_union_seconds,
        coalesce(measures.cost_usd, 0) as cost_usd,
        coalesce(measures.unpriced_call_count, 0) as unpriced_call_count,
        coalesce(measures.input_tokens, 0) as input_tokens,
        coalesce(measures.output_tokens, 0) as output_tokens,
        coalesce(measures.cache_read_tokens, 0) as cache_read_tokens,
        coalesce(measures.cache_write_tokens, 0) as cache_write_tokens,
        coalesce(measures.total_tokens, 0) as total_tokens,
        coalesce(measures.unlogged_count, 0) as unlogged_count,
        coalesce(measures.prompt_count, 0) as prompt_count,
        coalesce(measures.turn_count, 0) as turn_count,
        coalesce(measures.tool_call_count, 0) as tool_call_count,
        coalesce(measures.error_count, 0) as error_count,
        coalesce(measures.lines_added, 0) as lines_added,
        coalesce(measures.lines_deleted, 0) as lines_deleted
    from spans
    left join measures on measures.period_role = spans.period_role
    left join by_the_clock
        on by_the_clock.period_kind = spans.period_kind and by_the_clock.period = spans.period
)
select * from final
order by period_role
