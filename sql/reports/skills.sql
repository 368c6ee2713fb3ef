-- Which skills were used, and which were missed where a configured one would have done.
-- grain: skill_name
-- columns:
--   skill_name             with its slash
--   used_count             sessions of the period that used it
--   missed_count           sessions of the period that could have
--   previous_used_count    in the period before
--   previous_missed_count  in the period before
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
