-- One row per tool call with its answer; a call seen in several files counts once, in the earliest session.
-- grain: tool_call_id
-- columns:
--   tool_call_id   as logged
--   session_id     session that called
--   tool_name      as logged
--   tool_kind      read, edit, write, search, shell, web, delegate, mcp or other
--   called_at      UTC
--   duration_ms    until the answer, null without one
--   has_answer     whether the log holds an answer
--   is_error       the answer was an error
--   error_kind     why, null without an error
--   is_delegation  a sub-agent was called
--   delegated_agent  which
--   target         path, program, host, agent or skill
--   is_commit      a shell call that commits
--   is_test_run    a shell call that runs tests
--   input_hash     equal for equal calls
--   edit_operation create or update, null where nothing was edited
--   lines_added    by the edit
--   lines_deleted  by the edit
with repeated_uses as (
    select tool_call_id from staging.tool_uses group by tool_call_id having count(*) > 1
),
first_uses as (
    select u.*
    from staging.tool_uses as u
    semi join repeated_uses using (tool_call_id)
    left join intermediate.session_claims as c using (session_id)
    qualify row_number() over (
        partition by u.tool_call_id
        order by u.called_at, u.is_mirror, c.claimed_at, u.session_id, u.file_id, u.ordinal, u.block_number
    ) = 1
),
uses as (
    select * from staging.tool_uses anti join repeated_uses using (tool_call_id)
    union all
    select * from first_uses
),
repeated_results as (
    select tool_call_id from staging.tool_results group by tool_call_id having count(*) > 1
),
first_results as (
    select *
    from staging.tool_results
    semi join repeated_results using (tool_call_id)
    qualify row_number() over (
        partition by tool_call_id order by answered_at, is_mirror, session_id, file_id, ordinal, block_number
    ) = 1
),
results as (
    select * from staging.tool_results anti join repeated_results using (tool_call_id)
    union all
    select * from first_results
),
final as (
    select
        u.tool_call_id, u.session_id, u.tool_name,
        coalesce(k.tool_kind, case when starts_with(u.tool_name, 'mcp__') then 'mcp' else 'other' end) as tool_kind,
        u.called_at,
        case when r.answered_at >= u.called_at then date_diff('millisecond', u.called_at, r.answered_at) end
            as duration_ms,
        r.tool_call_id is not null as has_answer,
        coalesce(r.is_error, false) as is_error,
        r.error_kind,
        coalesce(k.tool_kind = 'delegate', false) as is_delegation,
        u.delegated_agent,
        u.target, u.is_commit, u.is_test_run, u.input_hash,
        case
            when coalesce(r.is_error, false) then null
            when r.edit_operation is not null then r.edit_operation
            when k.tool_kind = 'edit' and r.tool_call_id is not null then 'update'
            when k.tool_kind = 'write' and r.tool_call_id is not null then 'create'
        end as edit_operation,
        if(r.edit_operation = 'create', coalesce(u.input_line_count, r.lines_added), r.lines_added) as lines_added,
        case when r.edit_operation = 'create' then 0 else r.lines_deleted end as lines_deleted
    from uses as u
    left join results as r using (tool_call_id)
    left join staging.tool_kinds as k using (tool_name)
)
select * from final
