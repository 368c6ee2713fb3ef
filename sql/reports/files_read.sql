-- What was read to know all this, by agent: files and lines, and what could not be read.
-- grain: source
-- columns:
--   source               which agent
--   file_count           log files read
--   line_count           lines in them; loaded, blank and rejected add up to it
--   loaded_line_count    lines that were loaded
--   blank_line_count     lines without content
--   rejected_line_count  lines that could not be read, at least in part
--   gone_file_count      files that have since disappeared; what they said is kept
with final as (
    select
        source,
        count(*) as file_count,
        sum(line_count) as line_count,
        sum(loaded_line_count) as loaded_line_count,
        sum(blank_line_count) as blank_line_count,
        sum(rejected_line_count) as rejected_line_count,
        sum(case when is_gone then 1 else 0 end) as gone_file_count
    from marts.files
    group by source
)
select * from final
order by source
