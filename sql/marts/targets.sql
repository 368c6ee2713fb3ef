-- What each month set for the month after, and how that one came out by today's figures. Values are compared as they are
-- shown: shares to a tenth of a percent, from ten percent on to a whole one, counts a session to a hundredth.
-- grain: target_id
-- columns:
--   target_id        metric, monthly and the month that sets it
--   metric_name      as in growth
--   period           2026-02: the month that sets it
--   target_period    the month after, in which it is to be reached
--   target_rank      1 for the one with most to gain
--   baseline_value   in the month that set it, as it was then
--   sample_count     calls, prompts or sessions in that month
--   target_value     to be reached
--   is_less_better   whether less of it is better
--   reference_value  the best of the five months before, where that was better; else null
--   reference_period which month that was
--   made_at          what it is as of: the end of its month, UTC
--   reached_value    in the month after; null where that has too little to tell, or is not there
--   reached_sample_count  calls, prompts or sessions in the month after
--   is_met           whether it was reached; null as the value
with measured as (
    select period, metric_name, sample_count, case when is_enough then metric_value end as metric_value
    from marts.target_metrics
),
compared as (
    select
        t.*, m.metric_value as reached_value, m.sample_count as reached_sample_count,
        round(
            m.metric_value,
            case when t.metric_name in ('interruptions_per_session', 'rejections_per_session') or m.metric_value >= 0.0995 then 2 else 3 end
        ) as shown_value
    from staging.targets as t
    left join measured as m on m.period = t.target_period and m.metric_name = t.metric_name
),
final as (
    select
        target_id, metric_name, period, target_period, target_rank, baseline_value, sample_count, target_value,
        is_less_better, reference_value, reference_period, made_at, reached_value, reached_sample_count,
        case when is_less_better then shown_value <= target_value else shown_value >= target_value end as is_met
    from compared
)
select * from final
