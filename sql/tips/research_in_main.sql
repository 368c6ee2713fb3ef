-- Sessions that read and searched a lot without handing any of it to a sub-agent.
-- floor: 4 sessions with 25 reads, searches and web calls or more, of agents that have sub-agents
-- fires: three quarters of them, and 3, called no sub-agent
-- columns:
--   undelegated_count  such sessions without a sub-agent
--   session_count      such sessions
--   look_count         reads, searches and web calls in those without a sub-agent
--   context_tokens     the largest context of those without a sub-agent, their median
with able as (
    select distinct source from marts.tool_calls where is_delegation
),
calls as (
    select tool_calls.*, coalesce(sessions.parent_session_id, sessions.session_id) as main_session_id
    from marts.tool_calls
    inner join marts.sessions on sessions.session_id = tool_calls.session_id and not sessions.is_extraction
    inner join period
        on tool_calls.local_date >= period.period_start and tool_calls.local_date < period.period_end
),
looked as (
    select
        calls.session_id as main_session_id,
        count(*) filter (where calls.tool_kind in ('read', 'search', 'web')) as look_count,
        count(*) filter (where calls.is_delegation) as delegation_count
    from calls
    inner join able on able.source = calls.source
    where not calls.is_subagent
    group by calls.session_id
),
by_session as (
    select
        looked.main_session_id,
        looked.look_count,
        looked.delegation_count = 0 as is_alone,
        max(llm_calls.context_tokens) as largest_context_tokens
    from looked
    left join marts.llm_calls on llm_calls.session_id = looked.main_session_id
    where looked.look_count >= 25
    group by looked.main_session_id, looked.look_count, looked.delegation_count
),
final as (
    select
        'undelegated_research_share' as metric_name,
        round(cast(count(*) filter (where is_alone) as double) / count(*), 4) as metric_value,
        count(*) as sample_count,
        true as is_less_better,
        count(*) filter (where is_alone) >= 3 and count(*) filter (where is_alone) >= 0.75 * count(*) as is_firing,
        round(
            0.5 * coalesce(sum(look_count) filter (where is_alone), 0) / (select count(*) from calls), 4
        ) as size_share,
        coalesce(
            (list(main_session_id order by look_count desc, main_session_id) filter (where is_alone))[1:20], []
        ) as session_ids,
        count(*) filter (where is_alone) as undelegated_count,
        count(*) as session_count,
        cast(coalesce(sum(look_count) filter (where is_alone), 0) as bigint) as look_count,
        cast(median(largest_context_tokens) filter (where is_alone) as bigint) as context_tokens
    from by_session
    having count(*) >= 4
)
select * from final
