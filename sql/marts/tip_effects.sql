-- What became of the tips that are three to eight weeks old, as of each week: their metric then and since.
-- grain: tip_id, period_kind, period
-- columns:
--   tip_id              tip
--   period_kind         weekly
--   period              the week that looks back
--   metric_before       in the week of the tip, 0 to 1
--   metric_after        mean of the weeks since that could be measured
--   metric_latest       in the latest of them
--   measured_week_count how many there are
--   sample_count        calls, prompts or sessions in them
--   effect              better, worse, or same where it moved by less than a fifth or no more than chance may
--   is_small            a single week or fewer than thirty cases: too little to rest much on
with final as (
    select
        tip_id, period_kind, period, metric_before, metric_after, metric_latest, measured_week_count, sample_count,
        effect, is_small
    from staging.tip_effects
)
select * from final
