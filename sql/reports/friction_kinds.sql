-- What went wrong, by kind, as the facets of the sessions active in the period tell it; each session counts whole.
-- grain: friction_kind
-- columns:
--   friction_kind            one of the nine kinds
--   friction_count           how often it was seen in the period's sessions
--   session_count            in how many sessions
--   previous_friction_count  how often in those of the period before
--   previous_session_count   in how many of them
with spans as (
    select 'current' as period_role, period_start, period_end from period
    union all
    select 'previous' as period_role, previous_start, previous_end from period
),
active_sessions as (
    select distinct spans.period_role, session_days.session_id
    from spans
    inner join marts.session_days
        on session_days.local_date >= spans.period_start and session_days.local_date < spans.period_end
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
counted as (
    select
        kinds.friction_kind,
        active_sessions.period_role,
        cast(
            json_extract_string(session_facets.friction_counts, '$.' || kinds.friction_kind) as integer
        ) as friction_count
    from marts.session_facets
    inner join active_sessions on active_sessions.session_id = session_facets.session_id
    cross join kinds
),
summed as (
    select
        friction_kind,
        coalesce(sum(case when period_role = 'current' then friction_count end), 0) as friction_count,
        count(case when period_role = 'current' then 1 end) as session_count,
        coalesce(sum(case when period_role = 'previous' then friction_count end), 0) as previous_friction_count,
        count(case when period_role = 'previous' then 1 end) as previous_session_count
    from counted
    where friction_count > 0
    group by friction_kind
),
final as (
    select * from summed where friction_count > 0
)
select * from final
order by friction_count desc, friction_kind
