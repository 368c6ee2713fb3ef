-- What a frozen period came to then, and its restatements, are together what its instants come to today.
-- severity: fail
with quarters as (
    select time_bucket(interval 15 minutes, called_at) as quarter_at, sum(cost_usd) as cost_usd
    from marts.llm_calls
    group by quarter_at
),
today as (
    select p.period_kind, p.period, sum(q.cost_usd) as cost_usd
    from marts.periods as p
    join quarters as q on q.quarter_at >= p.starts_at and q.quarter_at < p.ends_at
    group by p.period_kind, p.period
),
restated as (
    select period_kind, period, sum(cost_change_usd) as cost_change_usd
    from marts.restatements
    group by period_kind, period
)
select p.period_kind, p.period, p.frozen_cost_usd, r.cost_change_usd, t.cost_usd
from marts.periods as p
left join today as t on t.period_kind = p.period_kind and t.period = p.period
left join restated as r on r.period_kind = p.period_kind and r.period = p.period
where
    p.starts_at is not null
    and coalesce(p.frozen_cost_usd, 0) + coalesce(r.cost_change_usd, 0) <> coalesce(t.cost_usd, 0)
order by p.period_kind, p.period
