-- Every session, latest first, as a whole: tools and cost are with those of its sub-agents.
-- grain: session_id
-- columns:
--   session_id             id of the main session
--   week                   week of its first activity
--   first_date             first local date of activity
--   last_date              last local date of activity
--   started_at             when it began, UTC
--   source                 which agent
--   project                repository it worked in
--   model                  model with most output tokens
--   prompt_count           what people asked
--   tool_call_count        tools called
--   error_count            tool calls that failed
--   active_seconds         active time, without that of sub-agents
--   subagent_count         sub-agents that it started
--   cost_usd               at list price, priced calls only; null where no log has usage
--   unpriced_call_count    calls whose model has no price
--   completion_status      how its log ends
--   is_extraction          whether it is Debrief's own
--   primary_task_category  what kind of work it was
--   outcome                how far it came, from its facets
--   friction_count         signs of friction, from its facets; null where it was not judged
--   underlying_goal        what was wanted, from its facets
--   brief_summary          what happened, from its facets
with days as (
    select
        session_days.*,
        coalesce(sessions.parent_session_id, session_days.session_id) as root_session_id
    from marts.session_days
    left join marts.sessions on sessions.session_id = session_days.session_id
),
measures as (
    select
        root_session_id as session_id,
        min(week) as week,
        min(local_date) as first_date,
        max(local_date) as last_date,
        min(project) as any_project,
        min(source) as any_source,
        min(is_extraction) as is_extraction,
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
kinds as (
    select friction_kind
    from (
        values
        ('wrong_approach'), ('misunderstood_request'), ('buggy_code'), ('tool_limitation'),
        ('excessive_changes'), ('user_rejected_action'), ('loop_detected'), ('environment_issue'),
        ('no_results')
    ) as kind_list (friction_kind)
),
friction as (
    select
        session_facets.session_id,
        sum(coalesce(cast(
            json_extract_string(session_facets.friction_counts, '$.' || kinds.friction_kind) as integer
        ), 0)) as friction_count
    from marts.session_facets
    cross join kinds
    group by session_facets.session_id
),
final as (
    select
        measures.session_id,
        measures.week,
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
        sessions.ending as completion_status,
        measures.is_extraction,
        session_metrics.primary_task_category,
        session_facets.outcome,
        friction.friction_count,
        session_facets.underlying_goal,
        session_facets.brief_summary
    from measures
    left join marts.sessions on sessions.session_id = measures.session_id
    left join marts.session_metrics on session_metrics.session_id = measures.session_id
    left join marts.session_facets on session_facets.session_id = measures.session_id
    left join friction on friction.session_id = measures.session_id
)
select * from final
order by first_date desc, started_at desc, session_id
