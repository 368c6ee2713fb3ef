-- Reads that came back empty because the file is too large to be read whole.
-- floor: 30 reads
-- fires: 2 % of them, and 3
-- columns:
--   oversized_read_count  reads refused because of the size
--   session_count         sessions in which it happened
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
        count(*) filter (where tool_kind = 'read') as read_count,
        count(*) filter (where tool_kind = 'read' and error_kind = 'too_large') as oversized_read_count
    from calls
    group by main_session_id
),
final as (
    select
        'oversized_read_share' as metric_name,
        round(cast(sum(oversized_read_count) as double) / sum(read_count), 4) as metric_value,
        cast(sum(read_count) as bigint) as sample_count,
        true as is_less_better,
        sum(oversized_read_count) >= 3
            and sum(oversized_read_count) >= 0.02 * sum(read_count) as is_firing,
        round(cast(sum(oversized_read_count) as double) / sum(read_count), 4) as size_share,
        coalesce(
            (list(main_session_id order by oversized_read_count desc, main_session_id) filter (where oversized_read_count > 0))[1:20], []
        ) as session_ids,
        cast(sum(oversized_read_count) as bigint) as oversized_read_count,
        count(*) filter (where oversized_read_count > 0) as session_count
    from by_session
    having sum(read_count) >= 30
)
select * from final
