-- Frozen periods with their figures and narrative.
-- grain: period_kind, period
select * from state.periods
