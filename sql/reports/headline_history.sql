-- The headline measures of the period and of the eight like it before, and what is usual: the median of the four weeks
-- before, or three months, of those that had sessions. Nothing is told of what lies before the first log.
-- grain: measure_name, periods_back
-- columns:
--   measure_name         a headline's measure, such as cost_usd
--   periods_back         0 is the period itself, 1 the one before
--   span_start           its first local date
--   span_session_count   main sessions active in it
--   measure_value        null where no log tells it
--   unpriced_call_count  of a cost: calls whose model has no price
--   usual_value          the median, null where fewer than two periods have a value
--   usual_count          periods that the median is of
--   usual_unpriced_count calls without a price in these
with steps(periods_back) as (
    values (0), (1), (2), (3), (4), (5), (6), (7), (8)
),
spans as (
    select
        steps.periods_back,
        case
            when period.period_kind = 'monthly'
                then cast(period.period_start - steps.periods_back * interval '1' month as date)
            else cast(
                period.period_start
                - steps.periods_back * (period.period_end - period.period_start) * interval '1' day as date
            )
        end as span_start,
        case
            when period.period_kind = 'monthly'
                then cast(period.period_start - (steps.periods_back - 1) * interval '1' month as date)
            else cast(
                period.period_end
                - steps.periods_back * (period.period_end - period.period_start) * interval '1' day as date
            )
        end as span_end,
        case when period.period_kind = 'monthly' then 3 else 4 end as usual_span
    from steps
    cross join period
),
logged as (
    select * from spans where span_end > (select min(local_date) from marts.session_days)
),
volumes as (
    select
        logged.periods_back,
        count(distinct case when not (days.is_subagent or days.is_extraction) then days.session_id end)
            as session_count,
        sum(case when days.is_subagent then 0 else days.active_seconds end) as active_seconds,
        cast(sum(days.cost_usd) as decimal(18, 6)) as cost_usd,
        sum(days.unpriced_call_count) as unpriced_call_count,
        sum(days.total_tokens) as total_tokens,
        sum(days.tool_call_count) as tool_call_count,
        sum(days.error_count) as error_count
    from logged
    inner join marts.session_days as days
        on days.local_date >= logged.span_start and days.local_date < logged.span_end
    group by logged.periods_back
),
judged as (
    select distinct logged.periods_back, days.session_id, session_facets.outcome
    from logged
    inner join marts.session_days as days
        on days.local_date >= logged.span_start and days.local_date < logged.span_end
    inner join marts.session_facets on session_facets.session_id = days.session_id
    where not days.is_subagent
        and session_facets.outcome in ('fully_achieved', 'mostly_achieved', 'partially_achieved', 'not_achieved')
),
outcomes as (
    select
        periods_back,
        count(*) as known_count,
        sum(case when outcome in ('fully_achieved', 'mostly_achieved') then 1 else 0 end) as reached_count
    from judged
    group by periods_back
),
friction as (
    select
        logged.periods_back,
        cast(sum(friction_spans.cost_usd) as decimal(18, 6)) as cost_usd,
        sum(friction_spans.unpriced_call_count) as unpriced_call_count
    from logged
    inner join marts.friction_spans
        on friction_spans.local_date >= logged.span_start and friction_spans.local_date < logged.span_end
    group by logged.periods_back
),
measured as (
    select
        logged.periods_back,
        logged.span_start,
        logged.usual_span,
        coalesce(volumes.session_count, 0) as session_count,
        coalesce(volumes.active_seconds, 0) as active_seconds,
        case when volumes.periods_back is null then 0 else volumes.cost_usd end as cost_usd,
        coalesce(volumes.unpriced_call_count, 0) as unpriced_call_count,
        case when volumes.periods_back is null then 0 else volumes.total_tokens end as total_tokens,
        cast(volumes.error_count as double) / nullif(volumes.tool_call_count, 0) as error_share,
        cast(outcomes.reached_count as double) / outcomes.known_count as reached_share,
        case when volumes.cost_usd is not null then coalesce(friction.cost_usd, 0) end as friction_cost_usd,
        coalesce(friction.unpriced_call_count, 0) as friction_unpriced_count
    from logged
    left join volumes on volumes.periods_back = logged.periods_back
    left join outcomes on outcomes.periods_back = logged.periods_back
    left join friction on friction.periods_back = logged.periods_back
),
named as (
    select measured.*, 'session_count' as measure_name, cast(session_count as double) as measure_value, 0 as unpriced
    from measured
    union all
    select measured.*, 'active_seconds', cast(active_seconds as double), 0 from measured
    union all
    select measured.*, 'cost_usd', cast(cost_usd as double), unpriced_call_count from measured
    union all
    select measured.*, 'total_tokens', cast(total_tokens as double), 0 from measured
    union all
    select measured.*, 'reached_share', round(reached_share, 4), 0 from measured
    union all
    select measured.*, 'friction_cost_usd', cast(friction_cost_usd as double), friction_unpriced_count from measured
    union all
    select measured.*, 'error_share', round(error_share, 4), 0 from measured
),
usual as (
    select
        measure_name,
        round(percentile_cont(0.5) within group (order by measure_value), 6) as usual_value,
        count(*) as usual_count,
        sum(unpriced) as usual_unpriced_count
    from named
    where periods_back between 1 and usual_span and session_count > 0 and measure_value is not null
    group by measure_name
),
final as (
    select
        named.measure_name,
        named.periods_back,
        named.span_start,
        named.session_count as span_session_count,
        named.measure_value,
        named.unpriced as unpriced_call_count,
        case when usual.usual_count >= 2 then usual.usual_value end as usual_value,
        coalesce(usual.usual_count, 0) as usual_count,
        coalesce(usual.usual_unpriced_count, 0) as usual_unpriced_count
    from named
    left join usual on usual.measure_name = named.measure_name
)
select * from final
order by measure_name, periods_back
