-- Files searched and read through the shell by an agent that has tools of its own for it.
-- floor: 40 searches and reads in sessions that also used the tools
-- fires: a quarter of them, and 20, went through the shell
-- columns:
--   shell_search_count  shell calls of grep, rg, find, cat, head or tail
--   session_count       sessions in which it happened
with calls as (
    select tool_calls.*, coalesce(sessions.parent_session_id, sessions.session_id) as main_session_id
    from marts.tool_calls
    inner join marts.sessions on sessions.session_id = tool_calls.session_id and not sessions.is_extraction
    inner join period
        on tool_calls.local_date >= period.period_start and tool_calls.local_date < period.period_end
),
able as (
    select distinct session_id from calls where tool_kind in ('read', 'search')
),
looked as (
    select
        calls.main_session_id,
        calls.tool_kind = 'shell' as is_shell
    from calls
    inner join able on able.session_id = calls.session_id
    where calls.tool_kind in ('read', 'search')
        or (calls.tool_kind = 'shell'
            and calls.target in ('grep', 'egrep', 'rg', 'find', 'fd', 'cat', 'head', 'tail'))
),
by_session as (
    select main_session_id, count(*) as look_count, count(*) filter (where is_shell) as shell_search_count
    from looked
    group by main_session_id
),
final as (
    select
        'shell_search_share' as metric_name,
        round(cast(sum(shell_search_count) as double) / sum(look_count), 4) as metric_value,
        cast(sum(look_count) as bigint) as sample_count,
        true as is_less_better,
        sum(shell_search_count) >= 20
            and sum(shell_search_count) >= 0.25 * sum(look_count) as is_firing,
        round(
            cast(sum(shell_search_count) as double) / (select count(*) from calls), 4
        ) as size_share,
        coalesce(
            (list(main_session_id order by shell_search_count desc, main_session_id) filter (where shell_search_count > 0))[1:20], []
        ) as session_ids,
        cast(sum(shell_search_count) as bigint) as shell_search_count,
        count(*) filter (where shell_search_count > 0) as session_count
    from by_session
    having sum(look_count) >= 40
)
select * from final
