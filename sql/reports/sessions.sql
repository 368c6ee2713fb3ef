-- The period's sessions, oldest first; the tools and cost of sub-agents count with the session above them. Debrief's
-- own extractions are listed as well, so that what is listed costs what the period does.
-- grain: session_id
-- columns:
--   session_id             id of the main session
--   first_date             first local day of activity in the period
--   last_date              last local day of activity in the period
--   started_at             when the session began, UTC; may be before the period
--   source                 which agent
--   project                repository it worked in
--   model                  model with most output tokens
--   prompt_count           what people asked, in the period
--   tool_call_count        tools called, in the period
--   error_count            tool calls that failed, in the period
--   active_seconds         active time in the period, without that of sub-agents
--   subagent_count         sub-agents active in the period
--   cost_usd               at list price, priced calls only, in the period; null where no log has usage
--   unpriced_call_count    calls whose model has no price, in the period
--   completion_status      how the log ends
--   is_judged              whether it has facets
--   primary_task_category  what kind of work it was
--   brief_summary          what happened, from the session's facets
--   underlying_goal        what was wanted, from the session's facets
--   outcome                how far it came, from the session's facets
with days as (
    select
        session_days.session_id,
        session_days.local_date,
        session_days.project,
        session_days.source,
        session_days.is_subagent,
        session_days.prompt_count,
        session_days.tool_call_count,
        session_days.error_count,
        session_days.active_seconds,
        session_days.cost_usd,
        session_days.unpriced_call_count,
        coalesce(sessions.parent_session_id, session_days.session_id) as root_session_id
    from marts.session_days
    inner join period
        on session_days.local_date >= period.period_start and session_days.local_date < period.period_end
    left join marts.sessions on sessions.session_id = session_days.session_id
),
measures as (
    select
        root_session_id as session_id,
        min(local_date) as first_date,
        max(local_date) as last_date,
        min(project) as any_project,
        min(source) as any_source,
        sum(case when is_subagent then 0 else prompt_count end) as prompt_count,
        sum(tool_call_count) as tool_call_count,
        sum(error_count) as error_count,
        sum(case when is_subagent then 0 else active_seconds end) as active_seconds,
        count(distinct case when is_subagent then session_id end) as subagent_count,
        cast(sum(cost_usd) as decimal(18, 6)) as cost_usd,
        sum(unpriced_call_count) as unpriced_call_count
    from days
    group by root_session_id
),
final as (
    select
        measures.session_id,
        measures.first_date,
        measures.last_date,
        sessions.started_at,
        coalesce(sessions.source, measures.any_source) as source,
        coalesce(sessions.project, measures.any_project) as project,
        sessions.model,
        measures.prompt_count,
        measures.tool_call_count,
        measures.error_count,
        measures.active_seconds,
        measures.subagent_count,
        measures.cost_usd,
        measures.unpriced_call_count,
        -- A session active at load time says nothing about a period that is over.
        case
            when period.is_so_far then sessions.completion_status
            else sessions.ending
        end as completion_status,
        session_facets.session_id is not null as is_judged,
        session_metrics.primary_task_category,
        session_facets.brief_summary,
        session_facets.underlying_goal,
        session_facets.outcome
    from measures
    cross join period
    left join marts.sessions on sessions.session_id = measures.session_id
    left join marts.session_metrics on session_metrics.session_id = measures.session_id
    left join marts.session_facets on session_facets.session_id = measures.session_id
)
select * from final
order by first_date, started_at, session_id
