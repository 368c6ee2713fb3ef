-- One row per user or assistant message with its session, written directly or mirrored by a parent (rule 18).
-- grain: file_id, ordinal
-- reads: lines and nested_lines (file_id, ordinal, and as lines.sql says), batch_files
with messages as (
    select *, false as is_mirror
    from lines
    where role is not null
    union all
    select *, true as is_mirror
    from nested_lines
    where role is not null
)
select
    m.*,
    session_of(f.file_kind, f.file_stem, m.logged_session_id, m.is_sidechain, m.agent_id) as session_id,
    parent_of(f.file_kind, f.file_stem, m.logged_session_id, m.is_sidechain) as parent_session_id
from messages as m
join batch_files as f using (file_id)
