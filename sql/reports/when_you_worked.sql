-- When people asked: prompts by hour and weekday, every cell of the week, in the configured time zone.
-- grain: local_weekday, local_hour
-- columns:
--   local_weekday     1 is Monday, 7 Sunday
--   weekday_position  0 is the day the week begins on
--   local_hour        0 to 23
--   prompt_count      prompts to main sessions
with recursive hours as (
    select 0 as local_hour
    union all
    select local_hour + 1 from hours where local_hour < 23
),
weekdays as (
    select 1 as local_weekday
    union all
    select local_weekday + 1 from weekdays where local_weekday < 7
),
asked as (
    select prompts.local_weekday, prompts.local_hour, count(*) as prompt_count
    from marts.prompts
    inner join period
        on prompts.local_date >= period.period_start and prompts.local_date < period.period_end
    inner join marts.sessions on sessions.session_id = prompts.session_id
    where not sessions.is_subagent
    group by prompts.local_weekday, prompts.local_hour
),
final as (
    select
        weekdays.local_weekday,
        (weekdays.local_weekday - period.first_weekday + 7) % 7 as weekday_position,
        hours.local_hour,
        coalesce(asked.prompt_count, 0) as prompt_count
    from weekdays
    cross join hours
    cross join period
    left join asked
        on asked.local_weekday = weekdays.local_weekday and asked.local_hour = hours.local_hour
)
select * from final
order by weekday_position, local_hour
