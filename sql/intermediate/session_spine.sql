-- One row per session, main or sub-agent: who, where, when, and how it ended.
-- grain: session_id
-- columns:
--   session_id         as logged; <parent>/<agent id> for a sub-agent
--   parent_session_id  null for a main session
--   is_subagent        whether it has a parent
--   is_extraction      Debrief's own headless extraction
--   source             agent that wrote the log
--   project            repository of the first working directory, worktrees folded; a sub-agent's is its parent's
--   git_branch         the latest logged
--   agent_version      the latest logged
--   entrypoint         the first logged
--   started_at         first event, UTC
--   ended_at           last event, UTC
--   local_date         of started_at in the configured time zone
--   assistant_message_count  lines in which the assistant spoke or called a tool
--   interruption_count times a person interrupted
--   compaction_count   times the context was compacted
--   command_count      slash commands
--   api_error_count    errors of the API that reached the session
--   repos_accessed_count  the project, and repositories or directories outside it
with event_courses as (
    select
        e.session_id,
        min(e.happened_at) as started_at,
        max(e.happened_at) as ended_at,
        min(e.file_id) as file_id,
        count(*) filter (where e.event_kind in ('assistant', 'tool_call')) as assistant_message_count,
        count(*) filter (where e.event_kind = 'interruption') as interruption_count,
        count(*) filter (where e.event_kind = 'compaction') as compaction_count,
        count(*) filter (where e.event_kind = 'command') as command_count,
        count(*) filter (where e.event_kind = 'api_error') as api_error_count
    from staging.events as e
    left join intermediate.event_homes as h using (event_uuid)
    where
        e.happened_at is not null
        and (h.event_uuid is null or (h.file_id = e.file_id and h.ordinal = e.ordinal))
    group by e.session_id
),
-- Calls are known by their own ids: a session may have made some though other sessions claim its every event.
call_courses as (
    select
        session_id,
        min(called_at) as started_at,
        max(called_at) as ended_at,
        min(file_id) as file_id
    from intermediate.llm_calls_deduplicated
    anti join event_courses using (session_id)
    where called_at is not null
    group by session_id
),
courses as (
    select * from event_courses
    union all by name
    select
        *, 0 as assistant_message_count, 0 as interruption_count, 0 as compaction_count, 0 as command_count,
        0 as api_error_count
    from call_courses
),
-- What a fork repeats from the session it was made from is no part of its own course.
contexts as (
    select c.*
    from staging.contexts as c
    join courses as o using (session_id)
    where c.last_at >= o.started_at
),
settings as (
    select
        session_id,
        max(parent_session_id) as parent_session_id,
        arg_min(working_directory, struct_pack(first_at := first_at, file_id := file_id, name := working_directory))
            filter (where working_directory is not null) as working_directory,
        arg_max(git_branch, struct_pack(last_at := last_at, file_id := file_id, name := git_branch))
            filter (where git_branch is not null) as git_branch,
        arg_max(agent_version, struct_pack(last_at := last_at, file_id := file_id, name := agent_version))
            filter (where agent_version is not null) as agent_version,
        arg_min(entrypoint, struct_pack(first_at := first_at, file_id := file_id, name := entrypoint))
            filter (where entrypoint is not null) as entrypoint
    from contexts
    group by session_id
),
sessions as (
    select
        c.*, cast(c.started_at + q.utc_offset as date) as local_date,
        s.parent_session_id, s.working_directory, s.git_branch, s.agent_version, s.entrypoint
    from courses as c
    join intermediate.local_quarters as q on q.quarter_at = time_bucket(interval 15 minutes, c.started_at)
    left join settings as s using (session_id)
),
homes as (
    select
        s.session_id,
        shortened_path(coalesce(
            r.repository_root, project_root(coalesce(p.working_directory, s.working_directory, '(unknown)'))
        )) as project
    from sessions as s
    left join sessions as p on p.session_id = s.parent_session_id
    left join staging.repositories as r
        on r.working_directory = coalesce(p.working_directory, s.working_directory)
),
directories as (
    select distinct
        c.session_id,
        shortened_path(coalesce(r.repository_root, project_root(c.working_directory))) as directory
    from (select distinct session_id, working_directory from contexts where working_directory is not null) as c
    left join staging.repositories as r using (working_directory)
),
outside as (
    select d.session_id, count(*) as directory_count
    from directories as d
    join homes as h using (session_id)
    where d.directory <> h.project and not starts_with(d.directory, h.project || '/')
    group by d.session_id
),
final as (
    select
        s.session_id, s.parent_session_id, s.parent_session_id is not null as is_subagent,
        x.session_id is not null as is_extraction, f.source, h.project, s.git_branch, s.agent_version, s.entrypoint,
        s.started_at, s.ended_at, s.local_date,
        s.assistant_message_count, s.interruption_count, s.compaction_count, s.command_count, s.api_error_count,
        1 + coalesce(o.directory_count, 0) as repos_accessed_count
    from sessions as s
    join homes as h using (session_id)
    join staging.files as f using (file_id)
    left join outside as o using (session_id)
    left join intermediate.extraction_sessions as x using (session_id)
)
select * from final
