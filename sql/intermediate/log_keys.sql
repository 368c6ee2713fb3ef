-- What two log files may have in common, so that one decides what of the other counts: events, replies, tool calls,
-- prompts and sessions, each as a hash. Two that differ may seem equal; then more is worked out than is needed.
-- grain: none
-- columns:
--   file_id   log file
--   key_hash  of an id in it
select file_id, hash(event_uuid) as key_hash from staging.events where event_uuid is not null
union all
select file_id, hash(message_id) from staging.calls where message_id is not null
union all
select file_id, hash(tool_call_id) from staging.tool_uses
union all
select file_id, hash(tool_call_id) from staging.tool_results where tool_call_id is not null
union all
select file_id, hash(prompt_id) from staging.prompts
union all
select file_id, hash(session_id) from intermediate.log_sessions
