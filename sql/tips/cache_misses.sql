-- What was sent and not read from the cache.
-- floor: 100 calls whose model caches, and 1,000,000 tokens
-- fires: less than three quarters came from the cache
-- columns:
--   sent_tokens      tokens sent
--   uncached_tokens  of these not read from the cache
--   session_count    sessions in which it happened
with calls as (
    select llm_calls.*, coalesce(sessions.parent_session_id, sessions.session_id) as main_session_id
    from marts.llm_calls
    inner join marts.sessions on sessions.session_id = llm_calls.session_id and not sessions.is_extraction
    inner join period
        on llm_calls.local_date >= period.period_start and llm_calls.local_date < period.period_end
),
caching as (
    select model from calls group by model having sum(cache_read_tokens) > 0
),
by_session as (
    select
        main_session_id,
        count(*) as call_count,
        sum(context_tokens) as sent_tokens,
        sum(cache_read_tokens) as cached_tokens,
        sum(context_tokens - cache_read_tokens) as uncached_tokens
    from calls
    inner join caching on caching.model = calls.model
    where context_tokens is not null
    group by main_session_id
),
final as (
    select
        'cache_read_share' as metric_name,
        round(cast(sum(cached_tokens) as double) / sum(sent_tokens), 4) as metric_value,
        cast(sum(call_count) as bigint) as sample_count,
        false as is_less_better,
        sum(cached_tokens) < 0.75 * sum(sent_tokens) as is_firing,
        round(1 - cast(sum(cached_tokens) as double) / sum(sent_tokens), 4) as size_share,
        coalesce(
            (list(main_session_id order by uncached_tokens desc, main_session_id) filter (where uncached_tokens > 0))[1:20],
            []
        ) as session_ids,
        cast(sum(sent_tokens) as bigint) as sent_tokens,
        cast(sum(uncached_tokens) as bigint) as uncached_tokens,
        count(*) filter (where uncached_tokens > 0) as session_count
    from by_session
    having sum(call_count) >= 100 and sum(sent_tokens) >= 1000000
)
select * from final
