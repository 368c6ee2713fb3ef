-- What was done with the people that the user named, and who began it.
-- grain: person, relationship_action, outreach_type
-- columns:
--   person                 as configured
--   relationship_action    in a word or two, as the facets have it
--   outreach_type          proactive, reactive, automated or none; null where the facets do not say
--   action_count           how often in the period
--   previous_action_count  in the period before
with active as (
    select distinct
        days.session_id,
        case when days.local_date >= period.period_start then 'current' else 'previous' end as period_role
    from marts.main_session_days as days
    inner join period on days.local_date >= period.previous_start and days.local_date < period.period_end
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
