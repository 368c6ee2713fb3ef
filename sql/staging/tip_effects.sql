-- How the metric of a tip stood in a later week.
-- grain: tip_id, period_kind, period
select * from state.tip_effects
