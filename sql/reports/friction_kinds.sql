-- What went wrong, by kind, as the facets of the sessions active in the period tell it; each session counts whole.
-- grain: friction_kind
-- columns:
--   friction_kind  one of the nine kinds
--   friction_count how often it was seen in the period's sessions
--   session_count  in how many sessions
with active_sessions as (
    select distinct session_days.session_id
    from marts.session_days
    inner join period
        on session_days.local_date >= period.period_start and session_days.local_date < period.period_end
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
        session_facets.session_id,
        cast(
            json_extract_string(session_facets.friction_counts, '$.' || kinds.friction_kind) as integer
        ) as friction_count
    from marts.session_facets
    inner join active_sessions on active_sessions.session_id = session_facets.session_id
    cross join kinds
),
final as (
    select
        friction_kind,
        sum(friction_count) as friction_count,
        count(*) as session_count
    from counted
    where friction_count > 0
    group by friction_kind
)
select * from final
order by friction_count desc, friction_kind
