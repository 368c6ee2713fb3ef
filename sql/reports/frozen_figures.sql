-- The period's figures as they stood at its first report after its end; no row before that.
-- grain: period
-- columns:
--   period        label of the period
--   figures       the headline figures, JSON
--   narrative     the letter, Markdown; the digest tells its first paragraph, one sentence a line
--   timezone      in which it was reported, null where that was not kept
--   starts_at     its first instant then, UTC, null where that was not kept
--   ends_at       the first instant after it then, UTC, null where that was not kept
--   is_explained  enough was kept to tell why a figure differs today
--   has_moved     today's settings give the period other instants
with final as (
    select
        periods.period, periods.figures, periods.narrative, periods.timezone, periods.starts_at, periods.ends_at,
        periods.starts_at is not null as is_explained,
        coalesce(periods.starts_at <> period.starts_at or periods.ends_at <> period.ends_at, false) as has_moved
    from marts.periods
    inner join period on period.period_kind = periods.period_kind and period.period = periods.period
)
select * from final
order by period
