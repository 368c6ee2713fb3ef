-- What was read to know all this, by agent: files and lines, and what could not be read.
-- grain: source
-- columns:
--   source               which agent
--   file_count           log files read
--   line_count           lines in them; loaded, blank and rejected add up to it
--   loaded_line_count    lines that were loaded
--   blank_line_count     lines without content
--   rejected_line_count  lines of which nothing could be read
--   partly_read_line_count  loaded lines of which a part could not be read
--   glued_object_count  whole objects found beside another on one line, and read
--   gone_file_count      files that have since disappeared; what they said is kept
--   unread_file_count    files that could not be read the last time
with unread as (
    select file_id, count(*) as reject_count
    from marts.rejects
    group by file_id
),
final as (
    select
        files.source,
        count(*) as file_count,
        sum(line_count) as line_count,
        sum(loaded_line_count) as loaded_line_count,
        sum(blank_line_count) as blank_line_count,
        sum(rejected_line_count) as rejected_line_count,
        sum(coalesce(unread.reject_count, 0) - files.rejected_line_count) as partly_read_line_count,
        sum(
            case when files.object_count > files.loaded_line_count then files.object_count - files.loaded_line_count else 0 end
        ) as glued_object_count,
        sum(case when files.is_gone then 1 else 0 end) as gone_file_count,
        sum(case when files.read_error is not null then 1 else 0 end) as unread_file_count
    from marts.files
    left join unread on unread.file_id = files.file_id
    group by files.source
)
select * from final
order by source
