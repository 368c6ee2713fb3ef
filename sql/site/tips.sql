-- Every tip ever given, latest week first, with what was said of it and how far its metric moved since.
-- grain: tip_id
-- columns:
--   tip_id               tip
--   rule                 which rule spoke
--   period               week it is about
--   priority             high, medium or low
--   category             what it is about
--   observation          what was seen
--   recommendation       what to do about it
--   expected_benefit     what that may bring
--   extractor            rules, or the provider that phrased it
--   feedback             helpful or dismissed, null where nothing was said
--   metric_name          the share by which it is judged
--   metric_before        in the week of the tip, 0 to 1
--   is_less_better       whether the metric should fall
--   metric_after         mean of the weeks since, as last measured; null, as the rest, where none was
--   measured_week_count  weeks since that could be measured
--   effect               better, worse or same
--   is_small             too little to rest much on
with effects as (
    select
        tip_effects.*,
        row_number() over (partition by tip_effects.tip_id order by tip_effects.period desc) as effect_rank
    from marts.tip_effects
),
final as (
    select
        tips.tip_id, tips.rule, tips.period, tips.priority, tips.category,
        tips.observation, tips.recommendation, tips.expected_benefit, tips.extractor, tips.feedback,
        tips.metric_name, tips.metric_value as metric_before, tips.is_less_better,
        effects.metric_after, effects.measured_week_count, effects.effect, effects.is_small,
        case tips.priority when 'high' then 1 when 'medium' then 2 else 3 end as priority_rank
    from marts.tips
    left join effects on effects.tip_id = tips.tip_id and effects.effect_rank = 1
)
select
    tip_id, rule, period, priority, category, observation, recommendation, expected_benefit, extractor, feedback,
    metric_name, metric_before, is_less_better, metric_after, measured_week_count, effect, is_small
from final
order by period desc, priority_rank, rule
