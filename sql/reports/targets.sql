-- The targets that the month before set for this month, with how it came out, and those that this one sets for the next.
-- grain: target_role, metric_name
-- columns:
--   target_role       checked: set by the month before; set: by this one
--   metric_name       as in sql/seeds/growth_metrics.csv
--   target_rank       1 for the one with most to gain
--   baseline_value    in the month that set it, as it was then
--   target_value      to be reached
--   is_less_better    whether less of it is better
--   reference_value   the best of the five months before, where that was better; else null
--   reference_period  which month that was
--   reached_value     in this month; null of one that is set, and where there is too little to tell
--   sample_count      of how many calls, prompts or sessions that is; null where the month has none
--   is_met            null as the value
select
    case when targets.period = period.period then 'set' else 'checked' end as target_role,
    targets.metric_name,
    targets.target_rank,
    targets.baseline_value,
    targets.target_value,
    targets.is_less_better,
    targets.reference_value,
    targets.reference_period,
    case when targets.period <> period.period then targets.reached_value end as reached_value,
    case when targets.period <> period.period then targets.reached_sample_count end as sample_count,
    case when targets.period <> period.period then targets.is_met end as is_met
from marts.targets
inner join period on period.period_kind = 'monthly' and period.period in (targets.period, targets.target_period)
order by target_role, target_rank
