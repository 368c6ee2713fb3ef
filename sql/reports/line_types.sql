-- What became of lines by their type: read, passed over because they hold nothing to count, or not known.
-- grain: source, line_type
-- columns:
--   source      which agent
--   line_type   as logged
--   line_use    read, passed over or unknown
--   line_count  lines of that type
--   file_count  files that hold such lines
with final as (
    select source, line_type, line_use, line_count, file_count from marts.line_types
)
select * from final
order by source, line_type
