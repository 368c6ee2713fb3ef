-- Files that were edited over and over in one session.
-- floor: 60 edits
-- fires: 40 % of them went to files edited ten times or more in the session
-- columns:
--   churned_edit_count  edits of files that the session edited ten times or more
--   churned_file_count  such files, by session
--   largest_edit_count  edits of the file edited most
--   session_count       sessions in which it happened
with edits as (
    select
        coalesce(sessions.parent_session_id, sessions.session_id) as main_session_id,
        file_edits.path
    from marts.file_edits
    inner join marts.sessions on sessions.session_id = file_edits.session_id and not sessions.is_extraction
    inner join period
        on file_edits.local_date >= period.period_start and file_edits.local_date < period.period_end
),
by_file as (
    select main_session_id, path, count(*) as edit_count
    from edits
    group by main_session_id, path
),
by_session as (
    select
        main_session_id,
        sum(edit_count) as edit_count,
        coalesce(sum(edit_count) filter (where edit_count >= 10), 0) as churned_edit_count,
        count(*) filter (where edit_count >= 10) as churned_file_count,
        max(edit_count) as largest_edit_count
    from by_file
    group by main_session_id
),
final as (
    select
        'churned_edit_share' as metric_name,
        round(cast(sum(churned_edit_count) as double) / sum(edit_count), 4) as metric_value,
        cast(sum(edit_count) as bigint) as sample_count,
        true as is_less_better,
        sum(churned_edit_count) >= 0.4 * sum(edit_count) as is_firing,
        round(0.4 * cast(sum(churned_edit_count) as double) / sum(edit_count), 4) as size_share,
        coalesce(
            (list(main_session_id order by churned_edit_count desc, main_session_id) filter (where churned_edit_count > 0))[1:20], []
        ) as session_ids,
        cast(sum(churned_edit_count) as bigint) as churned_edit_count,
        cast(sum(churned_file_count) as bigint) as churned_file_count,
        max(largest_edit_count) as largest_edit_count,
        count(*) filter (where churned_edit_count > 0) as session_count
    from by_session
    having sum(edit_count) >= 60
)
select * from final
