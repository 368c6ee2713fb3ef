-- Files that the agent looked for where they are not.
-- floor: 50 reads and searches
-- fires: 2.5 % of them, and 4, and no fewer than nine tenths of your usual share
-- columns:
--   missing_path_count  reads and searches of what is not there
--   session_count       sessions in which it happened
--   usual_path_share    the share of the four weeks before, null below the floor
with calls as (
    select
        coalesce(sessions.parent_session_id, sessions.session_id) as main_session_id,
        tool_calls.local_date >= period.period_start as is_current,
        coalesce(tool_calls.error_kind, '') = 'not_found' as is_hit
    from marts.tool_calls
    inner join marts.sessions on sessions.session_id = tool_calls.session_id and not sessions.is_extraction
    inner join period
        on tool_calls.local_date >= period.period_start - 28 and tool_calls.local_date < period.period_end
    where tool_calls.tool_kind in ('read', 'search')
),
baseline as (
    select
        count(*) as call_count,
        round(cast(count(*) filter (where is_hit) as double) / nullif(count(*), 0), 4) as hit_share
    from calls
    where not is_current
),
by_session as (
    select main_session_id, count(*) as look_count, count(*) filter (where is_hit) as missing_path_count
    from calls
    where is_current
    group by main_session_id
),
final as (
    select
        'missing_path_share' as metric_name,
        round(cast(sum(missing_path_count) as double) / sum(look_count), 4) as metric_value,
        cast(sum(look_count) as bigint) as sample_count,
        true as is_less_better,
        sum(missing_path_count) >= 4
            and sum(missing_path_count) >= 0.025 * sum(look_count)
            and coalesce(sum(missing_path_count) >= 0.9 * any_value(usual_path_share) * sum(look_count), true) as is_firing,
        round(cast(sum(missing_path_count) as double) / sum(look_count), 4) as size_share,
        coalesce(
            (list(main_session_id order by missing_path_count desc, main_session_id) filter (where missing_path_count > 0))[1:20], []
        ) as session_ids,
        cast(sum(missing_path_count) as bigint) as missing_path_count,
        count(*) filter (where missing_path_count > 0) as session_count,
        any_value(usual_path_share) as usual_path_share
    from by_session
    cross join (select case when call_count >= 50 then hit_share end as usual_path_share from baseline) as usual
    having sum(look_count) >= 50
)
select * from final
