-- The period's figures as they stood at its first report after its end; no row before that.
-- grain: period
-- columns:
--   period     label of the period
--   figures    the headline figures, JSON
--   narrative  the three sentences, Markdown, one a line
with final as (
    select periods.period, periods.figures, periods.narrative
    from marts.periods
    inner join period on period.period_kind = periods.period_kind and period.period = periods.period
)
select * from final
order by period
