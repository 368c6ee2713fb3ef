-- One row per session that a log file names, as its own or as a parent.
-- grain: file_id, session_id
-- columns:
--   file_id     log file
--   session_id  session
select distinct file_id, session_id
from (
    select file_id, session_id from staging.contexts
    union all
    select file_id, parent_session_id from staging.contexts
    union all
    select file_id, session_id from staging.calls where called_at is null
    union all
    select file_id, session_id from staging.tool_uses where called_at is null
    union all
    select file_id, session_id from staging.prompts where prompted_at is null
)
where session_id is not null
