-- One row per type of line that the logs hold: how many, and what becomes of them. No type is an error.
-- grain: source, line_type
-- columns:
--   source      agent that wrote the logs
--   line_type   as logged, (none) where a line does not say
--   line_use    read; passed over, where it holds nothing to count; or unknown
--   line_count  lines
--   file_count  files with such lines
select
    f.source,
    t.line_type,
    coalesce(k.line_use, 'unknown') as line_use,
    cast(sum(t.line_count) as bigint) as line_count,
    count(*) as file_count
from staging.line_types as t
join staging.files as f on f.file_id = t.file_id
left join staging.known_line_types as k on k.source = f.source and k.line_type = t.line_type
group by f.source, t.line_type, k.line_use
