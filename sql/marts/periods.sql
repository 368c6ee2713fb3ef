-- Periods that are frozen: their figures and narrative as first reported after their end.
-- grain: period_kind, period
-- columns:
--   period_kind  weekly or monthly
--   period       2026-W07 or 2026-02
--   frozen_at    UTC
--   figures      JSON, as report.json has them
--   narrative    the letter as Markdown, with who wrote it as its last line
--   report_link  where it was published, null where it was not; a presigned link without what lets one in
--   timezone     in which it was reported
--   starts_at    its first instant, UTC
--   ends_at      the first instant after it, UTC
--   price_digest of the price table then
--   frozen_cost_usd      what its sessions came to then, to the last digit
--   frozen_tokens        likewise
--   frozen_prompt_count  likewise
with sums as (
    select
        period_kind, period, sum(cost_usd) as cost_usd, sum(total_tokens) as total_tokens,
        sum(prompt_count) as prompt_count
    from staging.period_sessions
    group by period_kind, period
),
final as (
    select
        p.period_kind, p.period, p.frozen_at, cast(p.figures as varchar) as figures, p.narrative, p.report_link,
        p.timezone, p.starts_at, p.ends_at, p.price_digest,
        cast(s.cost_usd as decimal(24, 12)) as frozen_cost_usd,
        cast(s.total_tokens as bigint) as frozen_tokens,
        cast(s.prompt_count as bigint) as frozen_prompt_count
    from staging.periods as p
    left join sums as s on s.period_kind = p.period_kind and s.period = p.period
)
select * from final
