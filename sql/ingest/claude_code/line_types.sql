-- One row per file and line type: how many lines it holds, known types or not.
-- grain: file_id, line_type
-- reads: lines
select file_id, coalesce(line_type, '(none)') as line_type, count(*) as line_count
from lines
group by file_id, coalesce(line_type, '(none)')
