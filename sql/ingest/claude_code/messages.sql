-- One row per user or assistant message with its session, written directly or mirrored by a parent (rule 18).
-- grain: file_id, ordinal
-- reads: lines (file_id, ordinal, and as lines.sql says), batch_files
select
    l.*,
    session_of(f.file_kind, f.file_stem, l.logged_session_id, l.is_sidechain, l.agent_id) as session_id,
    parent_of(f.file_kind, f.file_stem, l.logged_session_id, l.is_sidechain) as parent_session_id
from lines as l
join batch_files as f using (file_id)
where l.role is not null
