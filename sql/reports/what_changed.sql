-- What changed in the period, with the main sessions of the fourteen days before and after it: those of the project where
-- the change is a project's, else those of the agent, else all. After it counts up to the period's end. A session that
-- the change fell into is in neither.
-- grain: change_id
-- columns:
--   change_id        as in the mart
--   change_kind      agent_version, model, instructions, skill or settings
--   source           agent; null for a model
--   project          null where the change is not a project's
--   subject          version, model or file
--   previous_subject version before it
--   local_date       when
--   edit_count       edits of the file on that date
--   before_session_count  sessions before
--   after_session_count   sessions after
--   before_error_rate     failed tool calls by tool calls, null without calls
--   after_error_rate      the same
--   before_correction_rate  prompts that correct by prompts, null without prompts
--   after_correction_rate   the same
--   before_session_usd    mean cost of a session with its sub-agents, null without sessions
--   after_session_usd     the same
with changed as (
    select changes.*
    from marts.changes
    inner join period
        on changes.local_date >= period.period_start and changes.local_date < period.period_end
),
measured as (
    select
        changed.change_id,
        sessions.started_at >= changed.changed_at as is_after,
        count(*) as session_count,
        sum(sessions.error_count) as error_count,
        sum(sessions.tool_call_count) as tool_call_count,
        sum(sessions.correction_count) as correction_count,
        sum(sessions.prompt_count) as prompt_count,
        sum(sessions.cost_with_subagents_usd) as cost_usd,
        count(sessions.cost_with_subagents_usd) as costed_count
    from changed
    cross join period
    inner join marts.sessions
        on not sessions.is_subagent and not sessions.is_extraction
        and sessions.started_at < period.ends_at
        and (
            (sessions.ended_at < changed.changed_at
                and sessions.ended_at >= changed.changed_at - interval '14' day)
            or (sessions.started_at >= changed.changed_at
                and sessions.started_at < changed.changed_at + interval '14' day)
        )
        and (changed.source is null or sessions.source = changed.source)
        and (changed.project is null or sessions.project = changed.project)
    group by changed.change_id, sessions.started_at >= changed.changed_at
),
final as (
    select
        changed.change_id, changed.change_kind, changed.source, changed.project, changed.subject,
        changed.previous_subject, changed.local_date, changed.edit_count,
        coalesce(before.session_count, 0) as before_session_count,
        coalesce(after.session_count, 0) as after_session_count,
        round(cast(before.error_count as double) / nullif(before.tool_call_count, 0), 4) as before_error_rate,
        round(cast(after.error_count as double) / nullif(after.tool_call_count, 0), 4) as after_error_rate,
        round(cast(before.correction_count as double) / nullif(before.prompt_count, 0), 4) as before_correction_rate,
        round(cast(after.correction_count as double) / nullif(after.prompt_count, 0), 4) as after_correction_rate,
        cast(round(before.cost_usd / nullif(before.costed_count, 0), 6) as decimal(18, 6)) as before_session_usd,
        cast(round(after.cost_usd / nullif(after.costed_count, 0), 6) as decimal(18, 6)) as after_session_usd
    from changed
    left join measured as before on before.change_id = changed.change_id and not before.is_after
    left join measured as after on after.change_id = changed.change_id and after.is_after
)
select * from final
order by local_date, change_kind, subject, change_id
