-- A day on which far more went to friction than usual: three times the median of the days with sessions in the four weeks
-- before it, and two dollars more. Today and yesterday, since the last hours of a day may be loaded on the next.
-- columns:
--   cause            the day
--   friction_usd     spent between a sign that something went wrong and the recovery from it
--   usual_usd        median of the days before
--   usual_day_count  of so many days
--   span_count       times that something went wrong on the day
with spans as (
    select
        local_date,
        sum(cost_usd) as friction_usd,
        count(*) as span_count
    from marts.friction_spans
    group by local_date
),
days as (
    select
        worked.local_date,
        coalesce(spans.friction_usd, 0) as friction_usd,
        coalesce(spans.span_count, 0) as span_count
    from (select distinct local_date from marts.session_days) as worked
    left join spans on worked.local_date = spans.local_date
),
usual as (
    select
        days.local_date,
        days.friction_usd,
        days.span_count,
        median(earlier.friction_usd) as usual_usd,
        count(*) as usual_day_count
    from days
    cross join moment
    inner join days as earlier
        on earlier.local_date < days.local_date and earlier.local_date >= days.local_date - 28
    where days.local_date between moment.today - 1 and moment.today
    group by days.local_date, days.friction_usd, days.span_count
),
final as (
    select
        cast(local_date as varchar) as cause,
        round(cast(friction_usd as double), 2) as friction_usd,
        round(cast(usual_usd as double), 2) as usual_usd,
        usual_day_count,
        span_count
    from usual
    where usual_day_count >= 5 and friction_usd >= 3 * usual_usd and friction_usd >= usual_usd + 2
)
select * from final
order by cause
