-- One row per place and version that a session's lines name: where and with what it worked, and when (rule 16).
-- grain: file_id, session_id, parent_session_id, working_directory, git_branch, agent_version, entrypoint, plan_slug
-- reads: messages, lines
with placed as (
    select
        file_id, session_id, parent_session_id, working_directory, git_branch, agent_version, entrypoint, plan_slug,
        happened_at
    from messages
    where happened_at is not null
    union all
    select
        file_id, session_id, parent_session_id, working_directory, git_branch, agent_version, entrypoint, plan_slug,
        happened_at
    from lines
    where role is null and line_type in ('system', 'attachment') and happened_at is not null
)
select
    file_id, session_id, parent_session_id, working_directory, git_branch, agent_version, entrypoint,
    plan_slug,
    min(happened_at) as first_at,
    max(happened_at) as last_at,
    count(*) as event_count
from placed
group by file_id, session_id, parent_session_id, working_directory, git_branch, agent_version, entrypoint, plan_slug
