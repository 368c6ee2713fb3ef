-- Calls of MCP servers that failed.
-- floor: 10 calls of MCP tools
-- fires: 15 % of them, and 3
-- columns:
--   mcp_error_count  failed calls
--   session_count    sessions in which it happened
with calls as (
    select tool_calls.*, coalesce(sessions.parent_session_id, sessions.session_id) as main_session_id
    from marts.tool_calls
    inner join marts.sessions on sessions.session_id = tool_calls.session_id and not sessions.is_extraction
    inner join period
        on tool_calls.local_date >= period.period_start and tool_calls.local_date < period.period_end
),
by_session as (
    select
        main_session_id,
        count(*) filter (where tool_kind = 'mcp') as mcp_call_count,
        count(*) filter (where tool_kind = 'mcp' and is_error and coalesce(error_kind, '') not in ('rejected', 'interrupted')) as mcp_error_count
    from calls
    group by main_session_id
),
final as (
    select
        'mcp_error_share' as metric_name,
        round(cast(sum(mcp_error_count) as double) / sum(mcp_call_count), 4) as metric_value,
        cast(sum(mcp_call_count) as bigint) as sample_count,
        true as is_less_better,
        sum(mcp_error_count) >= 3
            and sum(mcp_error_count) >= 0.15 * sum(mcp_call_count) as is_firing,
        round(cast(sum(mcp_error_count) as double) / sum(mcp_call_count), 4) as size_share,
        coalesce(
            (list(main_session_id order by mcp_error_count desc, main_session_id) filter (where mcp_error_count > 0))[1:20], []
        ) as session_ids,
        cast(sum(mcp_error_count) as bigint) as mcp_error_count,
        count(*) filter (where mcp_error_count > 0) as session_count
    from by_session
    having sum(mcp_call_count) >= 10
)
select * from final
