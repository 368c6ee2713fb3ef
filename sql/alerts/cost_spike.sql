-- A day that cost far more than usual: three times the median of the days with sessions in the four weeks before it, and
-- five dollars more. Today and yesterday, since the last hours of a day may be loaded on the next.
-- columns:
--   cause            the day
--   cost_usd         of it, at list price
--   usual_usd        median of the days before
--   usual_day_count  of so many days
with days as (
    select
        local_date,
        sum(coalesce(cost_usd, 0)) as cost_usd
    from marts.session_days
    group by local_date
),
usual as (
    select
        days.local_date,
        days.cost_usd,
        median(earlier.cost_usd) as usual_usd,
        count(*) as usual_day_count
    from days
    cross join moment
    inner join days as earlier
        on earlier.local_date < days.local_date and earlier.local_date >= days.local_date - 28
    where days.local_date between moment.today - 1 and moment.today
    group by days.local_date, days.cost_usd
),
final as (
    select
        cast(local_date as varchar) as cause,
        round(cast(cost_usd as double), 2) as cost_usd,
        round(cast(usual_usd as double), 2) as usual_usd,
        usual_day_count
    from usual
    where usual_day_count >= 5 and cost_usd >= 3 * usual_usd and cost_usd >= usual_usd + 5
)
select * from final
order by cause
