-- Sessions that ran until their context was full and had to be compacted.
-- floor: 5 sessions
-- fires: 15 % of them, and 2
-- columns:
--   compacted_count   sessions compacted
--   compaction_count  compactions
--   session_count     sessions
--   compacted_usd     what those sessions cost, with their sub-agents
with mains as (
    select sessions.*
    from marts.sessions
    inner join period
        on sessions.local_date >= period.period_start and sessions.local_date < period.period_end
    where not sessions.is_subagent and not sessions.is_extraction and sessions.prompt_count > 0
),
final as (
    select
        'compacted_session_share' as metric_name,
        round(cast(count(*) filter (where compaction_count > 0) as double) / count(*), 4) as metric_value,
        count(*) as sample_count,
        true as is_less_better,
        count(*) filter (where compaction_count > 0) >= 2
            and count(*) filter (where compaction_count > 0) >= 0.15 * count(*) as is_firing,
        round(cast(count(*) filter (where compaction_count > 0) as double) / count(*), 4) as size_share,
        coalesce(
            (list(session_id order by compaction_count desc, session_id) filter (where compaction_count > 0))[1:20], []
        ) as session_ids,
        count(*) filter (where compaction_count > 0) as compacted_count,
        cast(coalesce(sum(compaction_count), 0) as bigint) as compaction_count,
        count(*) as session_count,
        round(
            cast(coalesce(sum(cost_with_subagents_usd) filter (where compaction_count > 0), 0) as double), 4
        ) as compacted_usd
    from mains
    having count(*) >= 5
)
select * from final
