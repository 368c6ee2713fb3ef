-- One row per local date with data: its week, month and weekday. A week is labelled with the ISO week of its Thursday.
-- grain: local_date
-- columns:
--   local_date     date in the configured time zone
--   local_weekday  1 Monday to 7 Sunday
--   week           2026-W07
--   week_start     first date of that week
--   month          2026-02
--   month_start    first date of that month
with bounds as (
    select
        cast(min(happened_at) as date) - 2 as first_date,
        cast(max(happened_at) as date) + 2 as last_date
    from staging.events
),
call_bounds as (
    select
        least(b.first_date, cast(min(c.called_at) as date) - 2) as first_date,
        greatest(b.last_date, cast(max(c.called_at) as date) + 2) as last_date
    from staging.calls as c, bounds as b
    group by b.first_date, b.last_date
    union all
    select first_date, last_date from bounds
),
dates as (
    select cast(unnest(generate_series(min(first_date), max(last_date), interval 1 day)) as date) as local_date
    from call_bounds
),
weeks as (
    select
        d.local_date,
        s.week_starts_on_isodow,
        d.local_date - cast((isodow(d.local_date) - s.week_starts_on_isodow + 7) % 7 as integer) as week_start
    from dates as d, staging.settings as s
),
final as (
    select
        local_date,
        isodow(local_date) as local_weekday,
        strftime(week_start + cast((4 - week_starts_on_isodow + 7) % 7 as integer), '%G-W%V') as week,
        week_start,
        strftime(local_date, '%Y-%m') as month,
        cast(date_trunc('month', local_date) as date) as month_start
    from weeks
)
select * from final
