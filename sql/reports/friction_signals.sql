-- Signs of friction that the logs themselves hold, for the period and for the one before it.
-- grain: period_role
-- columns:
--   period_role              current or previous
--   prompt_count             prompts to main sessions
--   correction_count         prompts that correct what was done
--   interruption_count       times somebody stopped the agent
--   rejected_action_count    tool calls that somebody refused
--   tool_call_count          tool calls
--   tool_error_count         tool calls that failed
--   session_count            main sessions active in the period
--   faceted_session_count    of these, the sessions with facets
with spans as (
    select 'current' as period_role, period_start, period_end from period
    union all
    select 'previous' as period_role, previous_start, previous_end from period
),
final as (
    select
        spans.period_role,
        coalesce(sum(case when days.is_subagent then 0 else days.prompt_count end), 0) as prompt_count,
        coalesce(sum(case when days.is_subagent then 0 else days.correction_count end), 0) as correction_count,
        coalesce(sum(days.interruption_count), 0) as interruption_count,
        coalesce(sum(days.rejection_count), 0) as rejected_action_count,
        coalesce(sum(days.tool_call_count), 0) as tool_call_count,
        coalesce(sum(days.error_count), 0) as tool_error_count,
        count(distinct case when not (days.is_subagent or days.is_extraction) then days.session_id end)
            as session_count,
        count(distinct case when not days.is_subagent then session_facets.session_id end)
            as faceted_session_count
    from spans
    left join marts.session_days as days
        on days.local_date >= spans.period_start and days.local_date < spans.period_end
    left join marts.session_facets on session_facets.session_id = days.session_id
    group by spans.period_role
)
select * from final
order by period_role
