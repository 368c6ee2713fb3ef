-- The same file read again and again in one session, although it was not edited in between.
-- floor: 50 reads
-- fires: 15 % of them, and 10, were of a file read before and not edited since
-- columns:
--   repeated_read_count  reads of a file beyond its first and one after each edit of it
--   session_count        sessions in which it happened
with calls as (
    select tool_calls.*, coalesce(sessions.parent_session_id, sessions.session_id) as main_session_id
    from marts.tool_calls
    inner join marts.sessions on sessions.session_id = tool_calls.session_id and not sessions.is_extraction
    inner join period
        on tool_calls.local_date >= period.period_start and tool_calls.local_date < period.period_end
),
by_file as (
    select
        session_id,
        main_session_id,
        target,
        count(*) filter (where tool_kind = 'read' and not is_error) as read_count,
        count(*) filter (where tool_kind in ('edit', 'write')) as edit_count
    from calls
    where target is not null and tool_kind in ('read', 'edit', 'write')
    group by session_id, main_session_id, target
),
by_session as (
    select
        main_session_id,
        sum(read_count) as read_count,
        sum(case when read_count > edit_count + 1 then read_count - edit_count - 1 else 0 end) as repeated_read_count
    from by_file
    group by main_session_id
),
final as (
    select
        'repeated_read_share' as metric_name,
        round(cast(sum(repeated_read_count) as double) / sum(read_count), 4) as metric_value,
        cast(sum(read_count) as bigint) as sample_count,
        true as is_less_better,
        sum(repeated_read_count) >= 10
            and sum(repeated_read_count) >= 0.15 * sum(read_count) as is_firing,
        round(
            cast(sum(repeated_read_count) as double) / (select count(*) from calls), 4
        ) as size_share,
        coalesce(
            (list(main_session_id order by repeated_read_count desc, main_session_id) filter (where repeated_read_count > 0))[1:20], []
        ) as session_ids,
        cast(sum(repeated_read_count) as bigint) as repeated_read_count,
        count(*) filter (where repeated_read_count > 0) as session_count
    from by_session
    having sum(read_count) >= 50
)
select * from final
