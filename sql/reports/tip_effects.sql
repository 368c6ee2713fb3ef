-- What became of tips that are three to eight weeks old, as of the week or of the last week that ends in the month.
-- grain: tip_id
-- columns:
--   tip_id              tip
--   rule                which rule spoke
--   tip_period          when
--   metric_name         the share by which it is judged
--   metric_before       in the week of the tip, 0 to 1
--   metric_after        mean of the weeks since
--   metric_latest       in the latest week that could be measured
--   measured_week_count weeks since that could be measured
--   sample_count        calls, prompts or sessions in them
--   effect              better, worse or same
--   is_small            too little to rest much on
with weeks as (
    select max(session_days.week) as week
    from marts.session_days
    cross join period
    where session_days.week_start + 7 > period.period_start and session_days.week_start + 7 <= period.period_end
),
final as (
    select
        tip_effects.tip_id,
        tips.rule,
        tips.period as tip_period,
        tips.metric_name,
        tip_effects.metric_before,
        tip_effects.metric_after,
        tip_effects.metric_latest,
        tip_effects.measured_week_count,
        tip_effects.sample_count,
        tip_effects.effect,
        tip_effects.is_small
    from marts.tip_effects
    inner join weeks on weeks.week = tip_effects.period
    inner join marts.tips on tips.tip_id = tip_effects.tip_id
    where not tips.is_dismissed
)
select * from final
order by tip_period desc, rule
