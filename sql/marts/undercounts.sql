-- What is known to be too low, by day: calls of versions that logged too few tokens, and tools whose tokens no log holds.
-- grain: source, local_date, undercount_kind
-- columns:
--   source           agent
--   local_date       in the configured time zone
--   undercount_kind  output_at_stream_start: output was logged when the reply began; search_side_calls: a search asks a model whose tokens are not logged
--   first_version    first version that is known to, null where all do
--   last_version     last one, null where all do
--   affected_count   calls, or uses of the tool
--   output_tokens    what the logs say of these calls, a lower bound
with calls as (
    select source, local_date, agent_version, count(*) as affected_count, sum(output_tokens) as output_tokens
    from marts.llm_calls
    group by source, local_date, agent_version
),
by_version as (
    select
        c.source, c.local_date, v.undercount_kind, v.first_version, v.last_version, c.affected_count, c.output_tokens
    from calls as c
    join intermediate.undercounted_versions as v on v.source = c.source and v.agent_version = c.agent_version
),
by_tool as (
    select
        t.source, t.local_date, k.undercount_kind, k.first_version, k.last_version,
        1 as affected_count, 0 as output_tokens
    from marts.tool_calls as t
    join staging.known_undercounts as k on k.source = t.source and k.tool_name = t.tool_name
    where t.has_answer and not t.is_error
),
final as (
    select
        source, local_date, undercount_kind,
        min(first_version) as first_version,
        max(last_version) as last_version,
        cast(sum(affected_count) as bigint) as affected_count,
        cast(sum(output_tokens) as bigint) as output_tokens
    from (select * from by_version union all select * from by_tool)
    group by source, local_date, undercount_kind
)
select * from final
