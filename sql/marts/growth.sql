-- How each metric has grown, for every week and month in which it has a value; the metrics and which way is better are
-- in sql/seeds/growth_metrics.csv. The window is the period and the seven before it that have a value, gaps left out.
-- Trend: Pearson's correlation of value with time over at least three of them; from 0.3 on it has a direction.
-- Effectiveness is the mean, 0 to 1, of what there is of: calls that did not fail, prompts that do not correct, sessions
-- not interrupted (one less the interruptions a session, at least 0), and sessions completed. The strongest is the skill
-- that improved most against the period before by its own standard deviation, over at least three periods.
-- grain: user_id, period_kind, period, metric_name
-- columns:
--   user_id         whose logs
--   period_kind     weekly or monthly
--   period          2026-W07 or 2026-02
--   period_start    first local date
--   metric_name     as in the seed
--   metric_value    in the period; the cost is that of priced calls
--   previous_value  in the period right before, null where that has none
--   recent_change   relative to previous_value, 0.5 is half as much again; null where there is nothing to compare with
--   trend_direction improving, declining or stable; stable also where too few periods tell
--   trend_strength  -1 to 1, the correlation: more than 0 is rising, whether that is better or not; null where too few
--   mean_value      over the window
--   std_dev         over the window, of a sample; null for one period
--   min_value       over the window
--   max_value       over the window
--   period_count    periods in the window
--   improved_count  periods of the window that were better than the one right before
--   is_less_better  whether less of it is better
--   is_skill        whether it can be the strongest: volumes cannot
--   is_strongest    the skill that improved most in the period
with starts as (
    select
        d.user_id, 'weekly' as period_kind, d.week as period, d.session_id, d.is_subagent, d.is_extraction
    from marts.session_days as d
    union all
    select d.user_id, 'monthly' as period_kind, d.month as period, d.session_id, d.is_subagent, d.is_extraction
    from marts.session_days as d
),
endings as (
    select
        p.user_id, p.period_kind, p.period, count(*) as ended_count,
        count(*) filter (where s.ending = 'completed') as completed_count
    from (select distinct * from starts where not is_subagent and not is_extraction) as p
    join marts.sessions as s using (session_id)
    group by p.user_id, p.period_kind, p.period
),
friction as (
    select 'weekly' as period_kind, week as period, sum(cost_usd) as friction_cost_usd
    from marts.friction_spans
    group by week
    union all
    select 'monthly' as period_kind, strftime(local_date, '%Y-%m') as period, sum(cost_usd) as friction_cost_usd
    from marts.friction_spans
    group by strftime(local_date, '%Y-%m')
),
periods as (
    select
        m.*,
        cast(e.completed_count as double) / nullif(e.ended_count, 0) as completion_share,
        cast(m.correction_count as double) / nullif(m.prompt_count, 0) as corrections_per_prompt,
        cast(m.interruption_count as double) / nullif(m.session_count, 0) as interruptions_per_session,
        cast(m.rejection_count as double) / nullif(m.session_count, 0) as rejections_per_session,
        cast(m.cost_usd as double) / nullif(m.session_count, 0) as cost_per_session,
        cast(m.cost_usd as double) / nullif(m.prompt_count, 0) as cost_per_prompt,
        case
            when m.cost_usd > 0 then cast(coalesce(f.friction_cost_usd, 0) as double) / cast(m.cost_usd as double)
        end as friction_cost_share
    from marts.period_metrics as m
    left join endings as e
        on e.user_id = m.user_id and e.period_kind = m.period_kind and e.period = m.period
    left join friction as f on f.period_kind = m.period_kind and f.period = m.period
),
composed as (
    select
        *,
        list_avg(list_filter([
            1 - error_rate, 1 - corrections_per_prompt, greatest(0, 1 - interruptions_per_session), completion_share
        ], lambda part: part is not null)) as effectiveness
    from periods
),
valued as (
    select
        user_id, period_kind, period, period_start, previous_period,
        unnest([
            {'metric_name': 'effectiveness', 'metric_value': effectiveness},
            {'metric_name': 'error_rate', 'metric_value': error_rate},
            {'metric_name': 'corrections_per_prompt', 'metric_value': corrections_per_prompt},
            {'metric_name': 'interruptions_per_session', 'metric_value': interruptions_per_session},
            {'metric_name': 'rejections_per_session', 'metric_value': rejections_per_session},
            {'metric_name': 'completion_share', 'metric_value': completion_share},
            {'metric_name': 'time_per_turn_seconds', 'metric_value': avg_time_per_turn_seconds},
            {'metric_name': 'tool_calls_per_turn', 'metric_value': avg_tool_calls_per_turn},
            {'metric_name': 'tool_diversity', 'metric_value': avg_tool_diversity},
            {'metric_name': 'unique_tools_used', 'metric_value': unique_tools_used},
            {'metric_name': 'delegation_ratio', 'metric_value': delegation_ratio},
            {'metric_name': 'cost_per_session', 'metric_value': cost_per_session},
            {'metric_name': 'cost_per_prompt', 'metric_value': cost_per_prompt},
            {'metric_name': 'friction_cost_share', 'metric_value': friction_cost_share},
            {'metric_name': 'session_count', 'metric_value': session_count},
            {'metric_name': 'prompt_count', 'metric_value': prompt_count},
            {'metric_name': 'active_seconds', 'metric_value': active_seconds},
            {'metric_name': 'active_day_count', 'metric_value': active_day_count},
            {'metric_name': 'commit_count', 'metric_value': commit_count},
            {'metric_name': 'lines_changed', 'metric_value': lines_added + lines_deleted}
        ], recursive := true)
    from composed
),
known as (
    select
        v.user_id, v.period_kind, v.period, v.period_start, v.previous_period, g.metric_name,
        round(v.metric_value, 4) as metric_value, g.is_less_better, g.is_skill
    from valued as v
    join staging.growth_metrics as g on g.metric_name = v.metric_name
    where v.metric_value is not null
),
compared as (
    select
        k.*, b.metric_value as previous_value,
        (k.metric_value - b.metric_value) * case when k.is_less_better then -1 else 1 end as improvement
    from known as k
    left join known as b
        on b.user_id = k.user_id and b.period_kind = k.period_kind and b.period = k.previous_period
        and b.metric_name = k.metric_name
),
windowed as (
    select
        *,
        count(*) over recent as period_count,
        count(*) filter (where improvement > 0) over recent as improved_count,
        avg(cast(metric_value as decimal(18, 4))) over recent as mean_value,
        stddev_samp(metric_value) over recent as std_dev,
        min(metric_value) over recent as min_value,
        max(metric_value) over recent as max_value,
        corr(metric_value, date_diff('day', date '2000-01-03', period_start)) over recent as correlation
    from compared
    window recent as (
        partition by user_id, period_kind, metric_name order by period_start rows between 7 preceding and current row
    )
),
trended as (
    select
        *,
        case
            when period_count >= 3 and std_dev > 0 and isfinite(correlation) then round(correlation, 4) + 0.0
        end as trend_strength,
        case
            when is_skill and improvement > 0 and period_count >= 3 and std_dev > 0
                then round(improvement / std_dev, 4)
        end as strength
    from windowed
),
final as (
    select
        user_id, period_kind, period, period_start, metric_name, metric_value, previous_value,
        round(metric_value / nullif(previous_value, 0) - 1, 4) + 0.0 as recent_change,
        case
            when coalesce(abs(trend_strength), 0) < 0.3 then 'stable'
            when (trend_strength > 0) <> is_less_better then 'improving'
            else 'declining'
        end as trend_direction,
        trend_strength,
        round(mean_value, 4) as mean_value, round(std_dev, 4) as std_dev, min_value, max_value,
        period_count, improved_count, is_less_better, is_skill,
        coalesce(strength is not null and row_number() over (
            partition by user_id, period_kind, period order by strength desc nulls last, metric_name
        ) = 1, false) as is_strongest
    from trended
)
select * from final
