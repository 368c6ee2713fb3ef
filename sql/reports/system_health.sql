-- How the machinery behaved: errors of the API, servers of tools, compactions, tests, and sessions that nobody typed.
-- grain: period_role
-- columns:
--   period_role           current or previous
--   api_error_count       errors of the API that reached a session
--   compaction_count      times a context was compacted
--   mcp_call_count        calls of MCP servers' tools
--   mcp_error_count       those that failed
--   test_run_count        test runs
--   failed_test_run_count those that failed
--   headless_count        main sessions that a program started
--   headless_cost_usd     at list price, priced calls only
with spans as (
    select 'current' as period_role, period_start, period_end from period
    union all
    select 'previous' as period_role, previous_start, previous_end from period
),
happened as (
    select
        spans.period_role,
        count(case when events.kind = 'api_error' then 1 end) as api_error_count,
        count(case when events.kind = 'compaction' then 1 end) as compaction_count
    from spans
    inner join marts.events on events.local_date >= spans.period_start and events.local_date < spans.period_end
    group by spans.period_role
),
called as (
    select
        spans.period_role,
        count(case when tool_calls.tool_name like 'mcp#_#_%' escape '#' then 1 end) as mcp_call_count,
        count(case when tool_calls.tool_name like 'mcp#_#_%' escape '#' and tool_calls.is_error then 1 end)
            as mcp_error_count,
        count(case when tool_calls.is_test_run then 1 end) as test_run_count,
        count(case when tool_calls.is_test_run and tool_calls.is_error then 1 end) as failed_test_run_count
    from spans
    inner join marts.tool_calls
        on tool_calls.local_date >= spans.period_start and tool_calls.local_date < spans.period_end
    group by spans.period_role
),
headless as (
    select
        spans.period_role,
        count(distinct days.session_id) as headless_count,
        cast(sum(days.cost_usd) as decimal(18, 6)) as headless_cost_usd
    from spans
    inner join marts.session_days as days
        on days.local_date >= spans.period_start and days.local_date < spans.period_end
    inner join marts.sessions on sessions.session_id = days.session_id
    where sessions.entrypoint like 'sdk%' and not (days.is_subagent or days.is_extraction)
    group by spans.period_role
),
final as (
    select
        spans.period_role,
        coalesce(happened.api_error_count, 0) as api_error_count,
        coalesce(happened.compaction_count, 0) as compaction_count,
        coalesce(called.mcp_call_count, 0) as mcp_call_count,
        coalesce(called.mcp_error_count, 0) as mcp_error_count,
        coalesce(called.test_run_count, 0) as test_run_count,
        coalesce(called.failed_test_run_count, 0) as failed_test_run_count,
        coalesce(headless.headless_count, 0) as headless_count,
        coalesce(headless.headless_cost_usd, 0) as headless_cost_usd
    from spans
    left join happened on happened.period_role = spans.period_role
    left join called on called.period_role = spans.period_role
    left join headless on headless.period_role = spans.period_role
)
select * from final
order by period_role
