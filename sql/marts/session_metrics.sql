-- One row per session: what its counts come to.
-- grain: session_id
-- columns:
--   session_id         session
--   user_id            whose logs
--   machine_id         from which machine
--   week               of the session's start
--   unique_tools_used  different tools called
--   tool_diversity     Shannon entropy of the tool mix in nats: 0 for one tool, 1.0397 for {10, 5, 5}
--   time_per_turn_seconds  active seconds by turns, null without turns
--   tool_calls_per_turn    null without turns
--   error_rate         failed tool calls by tool calls, null without calls
--   delegation_ratio   delegations by tool calls, null without calls
--   primary_task_category  from the facets, else other
--   complexity         low, medium or high, by tool calls, files and turns
--   completion_status  completed, abandoned, error or active
with tools as (
    select session_id, tool_name, count(*) as call_count
    from marts.tool_calls
    group by session_id, tool_name
),
shares as (
    select
        session_id,
        cast(call_count as double) / sum(call_count) over (partition by session_id) as share
    from tools
),
diversity as (
    select session_id, count(*) as unique_tools_used, round(-sum(share * ln(share)), 4) + 0.0 as tool_diversity
    from shares
    group by session_id
),
final as (
    select
        s.session_id, s.user_id, s.machine_id, s.week,
        coalesce(d.unique_tools_used, 0) as unique_tools_used,
        abs(coalesce(d.tool_diversity, 0)) as tool_diversity,
        round(cast(s.active_seconds as double) / nullif(s.turn_count, 0), 2) as time_per_turn_seconds,
        round(cast(s.tool_call_count as double) / nullif(s.turn_count, 0), 2) as tool_calls_per_turn,
        round(cast(s.error_count as double) / nullif(s.tool_call_count, 0), 4) as error_rate,
        round(cast(s.delegation_count as double) / nullif(s.tool_call_count, 0), 4) as delegation_ratio,
        coalesce(c.goal_category, 'other') as primary_task_category,
        case
            when s.tool_call_count >= 60 or s.files_touched_count >= 10 or s.turn_count >= 15 then 'high'
            when s.tool_call_count < 12 and s.files_touched_count < 3 and s.turn_count <= 3 then 'low'
            else 'medium'
        end as complexity,
        s.completion_status
    from marts.sessions as s
    left join diversity as d using (session_id)
    left join intermediate.goal_categories as c using (session_id)
)
select * from final
