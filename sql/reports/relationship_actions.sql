-- What was done with the people that the user named, and who began it.
-- grain: person, relationship_action, outreach_type
-- columns:
--   person                 as configured
--   relationship_action    in a word or two, as the facets have it
--   outreach_type          proactive, reactive, automated or none; null where the facets do not say
--   action_count           how often in the period
--   previous_action_count  in the period before
with spans as (
    select 'current' as period_role, period_start, period_end from period
    union all
    select 'previous' as period_role, previous_start, previous_end from period
),
active as (
    select
        spans.period_role,
        coalesce(days.parent_session_id, days.session_id) as session_id,
        sum(case when days.is_subagent then 0 else days.active_seconds end) as active_seconds,
        sum(days.cost_usd) as cost_usd
    from spans
    inner join marts.session_days as days
        on days.local_date >= spans.period_start and days.local_date < spans.period_end
    where not days.is_extraction
    group by spans.period_role, coalesce(days.parent_session_id, days.session_id)
),
positions as (
    select list_position
    from (
        values (0), (1), (2), (3), (4), (5), (6), (7), (8), (9), (10), (11), (12), (13), (14), (15), (16), (17), (18), (19)
    ) as position_list (list_position)
),
acted as (
    select
        active.period_role,
        json_extract_string(
            session_facets.relationship_actions, '$[' || cast(positions.list_position as varchar) || '].person'
        ) as person,
        json_extract_string(
            session_facets.relationship_actions, '$[' || cast(positions.list_position as varchar) || '].action'
        ) as relationship_action,
        session_facets.outreach_type
    from active
    inner join marts.session_facets on session_facets.session_id = active.session_id
    cross join positions
),
final as (
    select
        person,
        relationship_action,
        outreach_type,
        count(case when period_role = 'current' then 1 end) as action_count,
        count(case when period_role = 'previous' then 1 end) as previous_action_count
    from acted
    where person is not null
    group by person, relationship_action, outreach_type
)
select * from final
order by action_count desc, person, relationship_action, outreach_type
