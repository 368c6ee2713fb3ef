-- Which skills were used, and which were missed where a configured one would have done.
-- grain: skill_name
-- columns:
--   skill_name             with its slash
--   used_count             sessions of the period that used it
--   missed_count           sessions of the period that could have
--   previous_used_count    in the period before
--   previous_missed_count  in the period before
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
named as (
    select distinct
        active.period_role,
        active.session_id,
        kinds.is_missed,
        json_extract_string(
            case when kinds.is_missed then session_facets.skills_missed else session_facets.skills_used end,
            '$[' || cast(positions.list_position as varchar) || ']'
        ) as skill_name
    from active
    inner join marts.session_facets on session_facets.session_id = active.session_id
    cross join positions
    cross join (values (true), (false)) as kinds (is_missed)
),
final as (
    select
        skill_name,
        count(case when period_role = 'current' and not is_missed then 1 end) as used_count,
        count(case when period_role = 'current' and is_missed then 1 end) as missed_count,
        count(case when period_role = 'previous' and not is_missed then 1 end) as previous_used_count,
        count(case when period_role = 'previous' and is_missed then 1 end) as previous_missed_count
    from named
    where skill_name is not null
    group by skill_name
)
select * from final
order by missed_count desc, used_count desc, skill_name
