-- One row per user or assistant message, written directly or mirrored by a parent (rule 18).
-- grain: file_id, ordinal
-- reads: lines and nested_lines (file_id, ordinal, and as lines.sql says)
select *, false as is_mirror
from lines
where role is not null
union all
select *, true as is_mirror
from nested_lines
where role is not null
