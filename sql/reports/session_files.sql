-- Which files each of the period's sessions edited most, its sub-agents' edits included: at most eight of a session.
-- grain: session_id, file_rank
-- columns:
--   session_id     id of the main session
--   file_rank      1 for the file with most lines changed
--   path           home shown as ~
--   edit_count     edits, in the period
--   lines_added    as far as logged, in the period
--   lines_deleted  as far as logged, in the period
with edits as (
    select
        coalesce(sessions.parent_session_id, file_edits.session_id) as session_id,
        file_edits.path,
        count(*) as edit_count,
        coalesce(sum(file_edits.lines_added), 0) as lines_added,
        coalesce(sum(file_edits.lines_deleted), 0) as lines_deleted
    from marts.file_edits
    inner join period
        on file_edits.local_date >= period.period_start and file_edits.local_date < period.period_end
    left join marts.sessions on sessions.session_id = file_edits.session_id
    where file_edits.path is not null
    group by 1, 2
),
ranked as (
    select
        session_id,
        row_number() over (
            partition by session_id order by lines_added + lines_deleted desc, edit_count desc, path
        ) as file_rank,
        path, edit_count, lines_added, lines_deleted
    from edits
),
final as (
    select * from ranked where file_rank <= 8
)
select * from final
order by session_id, file_rank
