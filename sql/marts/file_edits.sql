-- One row per successful edit of a file, with the lines it changed.
-- grain: file_edit_id
-- patched by: session_id
-- columns:
--   file_edit_id   the tool call that edited
--   session_id     session that edited
--   source         agent that wrote the log
--   project        of the session
--   edited_at      UTC
--   local_date     in the configured time zone
--   week           2026-W07
--   path           home shown as ~
--   operation      create or update
--   lines_added    null where the log does not say
--   lines_deleted  null where the log does not say
--   is_subagent    a sub-agent edited
select
    t.tool_call_id as file_edit_id, t.session_id, m.source, m.project,
    t.called_at as edited_at, m.local_date, m.week,
    shortened_path(replace(t.target, '\', '/')) as path,
    t.edit_operation as operation, t.lines_added, t.lines_deleted, m.is_subagent
from intermediate.tool_calls_answered as t
join marts.tool_calls as m using (tool_call_id)
where t.edit_operation is not null and t.target is not null and m.tool_kind in ('edit', 'write')
