-- Calls after a pause for which most of the context had to be written to the cache again.
-- floor: 100 calls with a price, and $1
-- fires: they cost 8 % of the week, and $0.50
-- columns:
--   rebuild_count     calls more than five minutes after the one before that found less than half of its context in the cache
--   rebuild_cost_usd  what they cost
--   rebuild_call_usd  one of them, on average
--   other_call_usd    a call of the others, on average
--   pause_minutes     median pause before them
--   session_count     sessions in which it happened
with calls as (
    select llm_calls.*, coalesce(sessions.parent_session_id, sessions.session_id) as main_session_id
    from marts.llm_calls
    inner join marts.sessions on sessions.session_id = llm_calls.session_id and not sessions.is_extraction
    inner join period
        on llm_calls.local_date >= period.period_start and llm_calls.local_date < period.period_end
),
followed as (
    select
        *,
        lag(called_at) over thread as previous_at,
        lag(context_tokens) over thread as previous_tokens
    from calls
    where cost_usd is not null
    window thread as (partition by session_id order by called_at, llm_call_id)
),
judged as (
    select
        *,
        date_diff('second', previous_at, called_at) as pause_seconds,
        coalesce(
            previous_tokens >= 20000 and date_diff('second', previous_at, called_at) > 300
            and context_tokens >= 0.7 * previous_tokens and cache_read_tokens < 0.5 * previous_tokens, false
        ) as is_rebuild
    from followed
),
by_session as (
    select
        main_session_id,
        coalesce(sum(cost_usd) filter (where is_rebuild), 0) as rebuild_cost_usd
    from judged
    group by main_session_id
),
listed as (
    select
        coalesce(
            (list(main_session_id order by rebuild_cost_usd desc, main_session_id)
                filter (where rebuild_cost_usd > 0))[1:20], []
        ) as session_ids,
        count(*) filter (where rebuild_cost_usd > 0) as session_count
    from by_session
),
totals as (
    select
        count(*) as call_count,
        sum(cost_usd) as cost_usd,
        count(*) filter (where is_rebuild) as rebuild_count,
        coalesce(sum(cost_usd) filter (where is_rebuild), 0) as rebuild_cost_usd,
        median(pause_seconds) filter (where is_rebuild) as pause_seconds
    from judged
),
final as (
    select
        'cache_rebuild_cost_share' as metric_name,
        round(cast(rebuild_cost_usd as double) / cast(cost_usd as double), 4) as metric_value,
        call_count as sample_count,
        true as is_less_better,
        rebuild_cost_usd >= 0.5 and rebuild_cost_usd >= 0.08 * cost_usd as is_firing,
        round(cast(rebuild_cost_usd as double) / cast(cost_usd as double), 4) as size_share,
        session_ids,
        rebuild_count,
        round(cast(rebuild_cost_usd as double), 4) as rebuild_cost_usd,
        round(cast(rebuild_cost_usd as double) / nullif(rebuild_count, 0), 4) as rebuild_call_usd,
        round(cast(cost_usd - rebuild_cost_usd as double) / nullif(call_count - rebuild_count, 0), 4) as other_call_usd,
        cast(round(pause_seconds / 60) as bigint) as pause_minutes,
        session_count
    from totals
    cross join listed
    where call_count >= 100 and cost_usd >= 1
)
select * from final
