-- Where each week of the month went: the nine projects with most active time in the month, then the rest together.
-- grain: project_rank, week_start
-- columns:
--   project_rank    as in attention_by_project: 1 is the project with most active time, 10 the rest
--   project         null where a session has none, and for several together
--   is_rest         whether the row is several together
--   project_count   how many projects the row holds
--   week_start      first date of the week, which may lie in the month before
--   from_date       first date of the week within the month
--   until_date      last date of the week within the month
--   session_count   main sessions active in these days
--   active_seconds  their active time in these days
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
days as (
    select
        session_days.project,
        session_days.session_id,
        placed.week_start,
        session_days.is_subagent or session_days.is_extraction as is_uncounted,
        case when session_days.is_subagent then 0 else session_days.active_seconds end as active_seconds,
        session_days.cost_usd
    from marts.session_days
    inner join placed on placed.local_date = session_days.local_date
),
projects as (
    select
        project,
        row_number() over (
            order by sum(active_seconds) desc, coalesce(sum(cost_usd), 0) desc, project nulls last
        ) as activity_rank
    from days
    group by project
),
ranked as (
    select project, case when activity_rank > 9 then 10 else activity_rank end as project_rank from projects
),
named as (
    select
        project_rank,
        case when count(*) = 1 then min(project) end as project,
        count(*) > 1 as is_rest,
        count(*) as project_count
    from ranked
    group by project_rank
),
sums as (
    select
        ranked.project_rank,
        days.week_start,
        count(distinct case when not days.is_uncounted then days.session_id end) as session_count,
        sum(days.active_seconds) as active_seconds
    from days
    inner join ranked on ranked.project is not distinct from days.project
    group by ranked.project_rank, days.week_start
),
final as (
    select
        named.project_rank,
        named.project,
        named.is_rest,
        named.project_count,
        weeks.week_start,
        weeks.from_date,
        weeks.until_date,
        coalesce(sums.session_count, 0) as session_count,
        coalesce(sums.active_seconds, 0) as active_seconds
    from named
    cross join weeks
    left join sums on sums.project_rank = named.project_rank and sums.week_start = weeks.week_start
)
select * from final
order by project_rank, week_start
