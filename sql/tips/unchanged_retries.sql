-- Calls made again unchanged right after they failed, with nothing done in between.
-- floor: 15 failed calls
-- fires: 10 % as many, and 4, were the same call made again at once
-- columns:
--   unchanged_retry_count  calls made again unchanged, the next thing after they failed
--   failure_count          failed calls
--   session_count          sessions in which it happened
with calls as (
    select tool_calls.*, coalesce(sessions.parent_session_id, sessions.session_id) as main_session_id
    from marts.tool_calls
    inner join marts.sessions on sessions.session_id = tool_calls.session_id and not sessions.is_extraction
    inner join period
        on tool_calls.local_date >= period.period_start and tool_calls.local_date < period.period_end
),
followed as (
    select
        *,
        coalesce(is_retry and lag(is_error) over thread and lag(tool_name) over thread = tool_name, false) as is_at_once
    from calls
    window thread as (partition by session_id order by called_at, tool_call_id)
),
by_session as (
    select
        main_session_id,
        count(*) filter (where is_error) as failure_count,
        count(*) filter (where is_at_once) as unchanged_retry_count
    from followed
    group by main_session_id
),
final as (
    select
        'unchanged_retry_share' as metric_name,
        round(cast(sum(unchanged_retry_count) as double) / sum(failure_count), 4) as metric_value,
        cast(sum(failure_count) as bigint) as sample_count,
        true as is_less_better,
        sum(unchanged_retry_count) >= 4
            and sum(unchanged_retry_count) >= 0.1 * sum(failure_count) as is_firing,
        round(
            cast(sum(unchanged_retry_count) as double) / sum(failure_count), 4
        ) as size_share,
        coalesce(
            (list(main_session_id order by unchanged_retry_count desc, main_session_id) filter (where unchanged_retry_count > 0))[1:20], []
        ) as session_ids,
        cast(sum(unchanged_retry_count) as bigint) as unchanged_retry_count,
        cast(sum(failure_count) as bigint) as failure_count,
        count(*) filter (where unchanged_retry_count > 0) as session_count
    from by_session
    having sum(failure_count) >= 15
)
select * from final
