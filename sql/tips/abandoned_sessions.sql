-- Sessions that broke off without an answer to your last prompt, or with an error.
-- floor: 8 sessions
-- fires: a quarter of them, and 3
-- columns:
--   abandoned_count  sessions that broke off
--   session_count    sessions
--   abandoned_usd    what they had cost, with their sub-agents
with mains as (
    select sessions.*
    from marts.sessions
    inner join period
        on sessions.local_date >= period.period_start and sessions.local_date < period.period_end
    where not sessions.is_subagent and not sessions.is_extraction and sessions.prompt_count > 0
),
by_session as (
    select
        session_id as main_session_id,
        ending in ('abandoned', 'error') as is_abandoned,
        coalesce(cost_with_subagents_usd, 0) as spent_usd
    from mains
    where completion_status <> 'active'
),
final as (
    select
        'abandoned_session_share' as metric_name,
        round(cast(count(*) filter (where is_abandoned) as double) / count(*), 4) as metric_value,
        count(*) as sample_count,
        true as is_less_better,
        count(*) filter (where is_abandoned) >= 3 and 4 * count(*) filter (where is_abandoned) >= count(*) as is_firing,
        round(0.5 * count(*) filter (where is_abandoned) / count(*), 4) as size_share,
        coalesce(
            (list(main_session_id order by spent_usd desc, main_session_id) filter (where is_abandoned))[1:20], []
        ) as session_ids,
        count(*) filter (where is_abandoned) as abandoned_count,
        count(*) as session_count,
        round(cast(coalesce(sum(spent_usd) filter (where is_abandoned), 0) as double), 4) as abandoned_usd
    from by_session
    having count(*) >= 8
)
select * from final
