-- How often something was done with the people that the user named, week by week of the month.
-- grain: person, week_start
-- columns:
--   person         as configured
--   week_start     first date of the week, which may lie in the month before
--   from_date      first date of the week within the month
--   until_date     last date of the week within the month
--   action_count   what was done, in the week of the session's first day in the month
--   session_count  main sessions in which it was done
with recursive dates as (
    select period_start as local_date, period_end, first_weekday from period where period_kind = 'monthly'
    union all
    select cast(local_date + interval '1' day as date), period_end, first_weekday
    from dates
    where cast(local_date + interval '1' day as date) < period_end
),
placed as (
    select
        local_date,
        case
            when first_weekday = 1 then cast(date_trunc('week', local_date) as date)
            else cast(date_trunc('week', local_date + interval '1' day) - interval '1' day as date)
        end as week_start
    from dates
),
weeks as (
    select week_start, min(local_date) as from_date, max(local_date) as until_date from placed group by week_start
),
active as (
    select session_days.session_id, min(session_days.local_date) as local_date
    from marts.session_days
    inner join placed on placed.local_date = session_days.local_date
    where not (session_days.is_subagent or session_days.is_extraction)
    group by session_days.session_id
),
positions as (
    select list_position
    from (
        values (0), (1), (2), (3), (4), (5), (6), (7), (8), (9), (10), (11), (12), (13), (14), (15), (16), (17), (18), (19)
    ) as position_list (list_position)
),
acted as (
    select
        placed.week_start,
        active.session_id,
        json_extract_string(
            session_facets.relationship_actions, '$[' || cast(positions.list_position as varchar) || '].person'
        ) as person
    from active
    inner join placed on placed.local_date = active.local_date
    inner join marts.session_facets on session_facets.session_id = active.session_id
    cross join positions
),
people as (
    select distinct person from acted where person is not null
),
sums as (
    select person, week_start, count(*) as action_count, count(distinct session_id) as session_count
    from acted
    where person is not null
    group by person, week_start
),
final as (
    select
        people.person,
        weeks.week_start,
        weeks.from_date,
        weeks.until_date,
        coalesce(sums.action_count, 0) as action_count,
        coalesce(sums.session_count, 0) as session_count
    from people
    cross join weeks
    left join sums on sums.person = people.person and sums.week_start = weeks.week_start
)
select * from final
order by person, week_start
