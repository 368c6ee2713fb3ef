-- Days and sessions out of the ordinary. A spike is a day that reaches 1.5 times the mean of the days with activity among
-- the 14 dates before it; there must be at least seven of these, and the day must reach 5 signs of friction, 1 USD of
-- friction or 5 USD of cost. An outlier is a main session whose robust z, 0.6745 times its distance from the median by
-- the median of such distances, is 3.5 or more among the sessions of the 90 days up to its own that cost, took or failed
-- at anything; there must be at least 20 of these, and it must reach 2 USD, an hour of active time or 10 failed calls.
-- grain: anomaly_id
-- columns:
--   anomaly_id         kind, subject and metric
--   anomaly_kind       friction_spike, cost_spike or outlier
--   subject_kind       day or session
--   subject            local date or session_id
--   metric_name        friction_count (corrections, interruptions, failed and rejected calls), friction_cost_usd, cost_usd, active_seconds or error_count
--   metric_value       of the day or session; a session's cost is with its sub-agents
--   baseline_value     mean of the days before, or median of the sessions
--   ratio              metric_value by baseline_value, null where that is 0
--   robust_z           of an outlier; null for a spike
--   observation_count  days or sessions that the baseline rests on
--   happened_on        local date; of a session that of its start
--   week               of happened_on
with days as (
    select
        local_date, week,
        sum(cost_usd) as cost_usd,
        sum(correction_count + interruption_count + error_count) as friction_count
    from marts.session_days
    group by local_date, week
),
friction as (
    select local_date, sum(cost_usd) as friction_cost_usd
    from marts.friction_spans
    group by local_date
),
day_values as (
    select
        d.local_date, d.week,
        unnest([
            {
                'metric_name': 'friction_count', 'anomaly_kind': 'friction_spike', 'metric_value': cast(d.friction_count as decimal(18, 6)),
                'least_value': 5
            },
            {
                'metric_name': 'friction_cost_usd', 'anomaly_kind': 'friction_spike',
                'metric_value': cast(coalesce(f.friction_cost_usd, 0) as decimal(18, 6)), 'least_value': 1
            },
            {
                'metric_name': 'cost_usd', 'anomaly_kind': 'cost_spike',
                'metric_value': cast(coalesce(d.cost_usd, 0) as decimal(18, 6)), 'least_value': 5
            }
        ], recursive := true)
    from days as d
    left join friction as f on f.local_date = d.local_date
),
day_baselines as (
    select
        *,
        count(*) over before as observation_count,
        round(avg(metric_value) over before, 6) as baseline_value
    from day_values
    window before as (
        partition by metric_name order by local_date
        range between interval 14 days preceding and interval 1 day preceding
    )
),
spikes as (
    select
        anomaly_kind, 'day' as subject_kind, cast(local_date as varchar) as subject, metric_name,
        cast(metric_value as double) as metric_value,
        baseline_value, round(metric_value / nullif(baseline_value, 0), 4) as ratio, cast(null as double) as robust_z,
        observation_count, local_date as happened_on, week
    from day_baselines
    where observation_count >= 7 and metric_value >= least_value and metric_value >= 1.5 * baseline_value
),
session_values as (
    select
        session_id, local_date, week,
        unnest([
            {
                'metric_name': 'cost_usd', 'metric_value': round(cast(cost_with_subagents_usd as double), 6),
                'least_value': 2.0
            },
            {'metric_name': 'active_seconds', 'metric_value': active_seconds, 'least_value': 3600.0},
            {'metric_name': 'error_count', 'metric_value': error_count, 'least_value': 10.0}
        ], recursive := true)
    from marts.sessions
    where not is_subagent and not is_extraction
),
-- Sessions of one date are compared with the same sessions, and few are large enough to be compared at all.
compared as (
    select distinct metric_name, local_date from session_values where metric_value >= least_value
),
session_medians as (
    select
        c.metric_name, c.local_date, count(*) as observation_count, median(v.metric_value) as baseline_value,
        mad(v.metric_value) as spread
    from compared as c
    join session_values as v
        on v.metric_name = c.metric_name and v.metric_value > 0
        and v.local_date between c.local_date - 89 and c.local_date
    group by c.metric_name, c.local_date
    having count(*) >= 20
),
outliers as (
    select
        'outlier' as anomaly_kind, 'session' as subject_kind, v.session_id as subject, v.metric_name, v.metric_value,
        round(m.baseline_value, 6) as baseline_value,
        round(v.metric_value / nullif(m.baseline_value, 0), 4) as ratio,
        round(0.6745 * (v.metric_value - m.baseline_value) / nullif(m.spread, 0), 4) as robust_z,
        m.observation_count, v.local_date as happened_on, v.week
    from session_values as v
    join session_medians as m on m.metric_name = v.metric_name and m.local_date = v.local_date
    where v.metric_value >= v.least_value
),
final as (
    select
        concat_ws('/', anomaly_kind, subject, metric_name) as anomaly_id,
        anomaly_kind, subject_kind, subject, metric_name, metric_value, baseline_value, ratio, robust_z,
        observation_count, happened_on, week
    from (select * from spikes union all select * from outliers where robust_z >= 3.5)
)
select * from final
