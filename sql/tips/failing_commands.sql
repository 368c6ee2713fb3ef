-- Shell commands that failed, but for tests and searches, whose failures are answers.
-- floor: 40 shell calls
-- fires: 8 % of them, and 6, and no fewer than nine tenths of your usual share
-- columns:
--   failed_command_count  commands that failed, were not found or ran out of time
--   session_count         sessions in which it happened
--   usual_command_share   the share of the four weeks before, null below the floor
--   half_failure_count    half of them, rounded up
with calls as (
    select
        coalesce(sessions.parent_session_id, sessions.session_id) as main_session_id,
        tool_calls.local_date >= period.period_start as is_current,
        coalesce(tool_calls.error_kind, '') in ('command_failed', 'not_found', 'timeout') as is_hit
    from marts.tool_calls
    inner join marts.sessions on sessions.session_id = tool_calls.session_id and not sessions.is_extraction
    inner join period
        on tool_calls.local_date >= period.period_start - 28 and tool_calls.local_date < period.period_end
    where tool_calls.tool_kind = 'shell' and not tool_calls.is_test_run
        and coalesce(tool_calls.target, '') not in ('grep', 'egrep', 'rg', 'diff', 'test')
),
baseline as (
    select
        count(*) as call_count,
        round(cast(count(*) filter (where is_hit) as double) / nullif(count(*), 0), 4) as hit_share
    from calls
    where not is_current
),
by_session as (
    select main_session_id, count(*) as command_count, count(*) filter (where is_hit) as failed_command_count
    from calls
    where is_current
    group by main_session_id
),
final as (
    select
        'failed_command_share' as metric_name,
        round(cast(sum(failed_command_count) as double) / sum(command_count), 4) as metric_value,
        cast(sum(command_count) as bigint) as sample_count,
        true as is_less_better,
        sum(failed_command_count) >= 6
            and sum(failed_command_count) >= 0.08 * sum(command_count)
            and coalesce(sum(failed_command_count) >= 0.9 * any_value(usual_command_share) * sum(command_count), true) as is_firing,
        round(cast(sum(failed_command_count) as double) / sum(command_count), 4) as size_share,
        coalesce(
            (list(main_session_id order by failed_command_count desc, main_session_id) filter (where failed_command_count > 0))[1:20], []
        ) as session_ids,
        cast(sum(failed_command_count) as bigint) as failed_command_count,
        count(*) filter (where failed_command_count > 0) as session_count,
        any_value(usual_command_share) as usual_command_share,
        cast(ceil(sum(failed_command_count) / 2) as bigint) as half_failure_count
    from by_session
    cross join (select case when call_count >= 40 then hit_share end as usual_command_share from baseline) as usual
    having sum(command_count) >= 40
)
select * from final
