-- Days of which no log is left, or ever was, but which an agent's own history of prompts knows: up to the period's end.
-- grain: source
-- columns:
--   source               which agent
--   day_count            such days, in any period so far
--   prompt_count         prompts on them that the history knows of
--   first_date           the first of them
--   last_date            the last of them
--   period_day_count     those in the period
--   period_prompt_count  prompts on these
with unlogged as (
    select
        floor.source, floor.local_date, floor.prompt_count,
        floor.local_date >= period.period_start as is_in_period
    from marts.activity_floor as floor
    cross join period
    where not floor.has_logs and floor.local_date < period.period_end
),
final as (
    select
        source,
        count(distinct local_date) as day_count,
        cast(sum(prompt_count) as bigint) as prompt_count,
        min(local_date) as first_date,
        max(local_date) as last_date,
        count(distinct case when is_in_period then local_date end) as period_day_count,
        cast(sum(case when is_in_period then prompt_count else 0 end) as bigint) as period_prompt_count
    from unlogged
    group by source
)
select * from final
order by source
