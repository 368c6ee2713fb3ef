-- A budget of the running week or month that is passed, or will be at the pace so far: from a fifth of the time on, and
-- where half of the budget is spent.
-- columns:
--   cause         the period, and passed or near
--   period_kind   weekly or monthly
--   period        which
--   is_passed     whether more is spent than the budget
--   cost_usd      spent in the period so far, at list price
--   budget_usd    as configured
--   expected_usd  at its end, at the pace so far
with periods as (
    select
        'weekly' as period_kind, week as period, week_start as period_start, week_end as period_end,
        week_share as elapsed_share, week_usd as budget_usd
    from moment
    union all
    select 'monthly', month, month_start, month_end, month_share, month_usd from moment
),
spent as (
    select
        periods.*,
        coalesce(sum(session_days.cost_usd), 0) as cost_usd
    from periods
    left join marts.session_days
        on session_days.local_date >= periods.period_start and session_days.local_date < periods.period_end
    where periods.budget_usd is not null
    group by all
),
final as (
    select
        period || case when cost_usd > budget_usd then '/passed' else '/near' end as cause,
        period_kind,
        period,
        cost_usd > budget_usd as is_passed,
        round(cast(cost_usd as double), 2) as cost_usd,
        round(cast(budget_usd as double), 2) as budget_usd,
        round(cast(cost_usd as double) / elapsed_share, 2) as expected_usd
    from spent
    where
        cost_usd > budget_usd
        or (
            elapsed_share >= 0.2 and 2 * cost_usd >= budget_usd
            and cast(cost_usd as double) / elapsed_share > cast(budget_usd as double)
        )
)
select * from final
order by cause
