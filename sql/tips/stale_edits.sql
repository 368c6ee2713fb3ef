-- Edits that did not fit the file, because it had changed or was remembered wrongly.
-- floor: 30 edits
-- fires: 4 % of them, and 5, and no fewer than nine tenths of your usual share
-- columns:
--   failed_edit_count  edits that did not fit
--   session_count      sessions in which it happened
--   usual_edit_share   the share of the four weeks before, null below the floor
with calls as (
    select
        coalesce(sessions.parent_session_id, sessions.session_id) as main_session_id,
        tool_calls.local_date >= period.period_start as is_current,
        coalesce(tool_calls.error_kind, '') = 'edit_mismatch' as is_hit
    from marts.tool_calls
    inner join marts.sessions on sessions.session_id = tool_calls.session_id and not sessions.is_extraction
    inner join period
        on tool_calls.local_date >= period.period_start - 28 and tool_calls.local_date < period.period_end
    where tool_calls.tool_kind in ('edit', 'write')
),
baseline as (
    select
        count(*) as call_count,
        round(cast(count(*) filter (where is_hit) as double) / nullif(count(*), 0), 4) as hit_share
    from calls
    where not is_current
),
by_session as (
    select main_session_id, count(*) as edit_count, count(*) filter (where is_hit) as failed_edit_count
    from calls
    where is_current
    group by main_session_id
),
final as (
    select
        'failed_edit_share' as metric_name,
        round(cast(sum(failed_edit_count) as double) / sum(edit_count), 4) as metric_value,
        cast(sum(edit_count) as bigint) as sample_count,
        true as is_less_better,
        sum(failed_edit_count) >= 5
            and sum(failed_edit_count) >= 0.04 * sum(edit_count)
            and coalesce(sum(failed_edit_count) >= 0.9 * any_value(usual_edit_share) * sum(edit_count), true) as is_firing,
        round(cast(sum(failed_edit_count) as double) / sum(edit_count), 4) as size_share,
        coalesce(
            (list(main_session_id order by failed_edit_count desc, main_session_id) filter (where failed_edit_count > 0))[1:20], []
        ) as session_ids,
        cast(sum(failed_edit_count) as bigint) as failed_edit_count,
        count(*) filter (where failed_edit_count > 0) as session_count,
        any_value(usual_edit_share) as usual_edit_share
    from by_session
    cross join (select case when call_count >= 30 then hit_share end as usual_edit_share from baseline) as usual
    having sum(edit_count) >= 30
)
select * from final
