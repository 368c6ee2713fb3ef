-- What changed in how one works, as the logs show it: a new version of an agent, a model's first call, and edits of the
-- files by which agents are instructed. Edits made outside an agent's sessions are not seen.
-- grain: change_id
-- columns:
--   change_id       a digest of kind, source, project, subject and date
--   change_kind     agent_version, model, instructions, skill or settings (hooks among them)
--   source          agent; null for a model
--   project         whose file it is; null where the change is not a project's
--   subject         version, model or file
--   previous_subject  version before it, null for other kinds and for the first
--   changed_at      UTC
--   local_date      in the configured time zone
--   week            2026-W07
--   edit_count      edits of the file on that date, null for other kinds
with versions as (
    select
        source, agent_version as subject, min(started_at) as changed_at
    from marts.sessions
    where agent_version is not null and not is_subagent
    group by source, agent_version
),
version_changes as (
    select
        'agent_version' as change_kind, source, cast(null as varchar) as project, subject,
        lag(subject) over (partition by source order by changed_at, subject) as previous_subject, changed_at,
        cast(null as bigint) as edit_count
    from versions
),
model_changes as (
    select
        'model' as change_kind, cast(null as varchar) as source, cast(null as varchar) as project, model as subject,
        cast(null as varchar) as previous_subject, min(called_at) as changed_at, cast(null as bigint) as edit_count
    from marts.llm_calls
    where model is not null
    group by model
    having count(*) >= 5
),
edits as (
    select
        s.source, s.project, e.path as subject, e.edited_at, e.local_date,
        case
            when regexp_matches(e.path, '(^|[/\\])(CLAUDE(\.local)?|AGENTS|GEMINI)\.md$') then 'instructions'
            when regexp_matches(e.path, '[/\\]\.(claude|codex|agents|gemini|opencode|github)[/\\](skills|commands|agents|prompts|rules)[/\\].*\.md$') then 'skill'
            when regexp_matches(e.path, '[/\\]\.claude[/\\](settings(\.local)?\.json$|hooks[/\\])') then 'settings'
            when regexp_matches(e.path, '[/\\]\.(codex[/\\]config\.toml|gemini[/\\]settings\.json|mcp\.json)$') then 'settings'
        end as change_kind
    from marts.file_edits as e
    join marts.sessions as s using (session_id)
),
edit_changes as (
    select
        change_kind, source, project, subject, cast(null as varchar) as previous_subject,
        min(edited_at) as changed_at, count(*) as edit_count
    from edits
    where change_kind is not null
    group by change_kind, source, project, subject, local_date
),
changes as (
    select * from version_changes where previous_subject is not null
    union all
    select * from model_changes
    union all
    select * from edit_changes
),
final as (
    select
        md5(concat_ws('|', c.change_kind, c.source, c.project, c.subject, d.local_date)) as change_id,
        c.change_kind, c.source, c.project, c.subject, c.previous_subject, c.changed_at, d.local_date, d.week,
        c.edit_count
    from changes as c
    join intermediate.local_quarters as q on q.quarter_at = time_bucket(interval 15 minutes, c.changed_at)
    join intermediate.calendar as d on d.local_date = cast(c.changed_at + q.utc_offset as date)
)
select * from final
