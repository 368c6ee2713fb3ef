-- Why the period, and the one it is compared with, come to other numbers than first reported.
-- grain: period_role, reason
-- columns:
--   period_role      current or previous
--   period           label of the period
--   reason           late_session, late_data, new_price, mended_parser or forgotten
--   frozen_at        when it was first reported, UTC
--   session_count    main sessions concerned
--   cost_change_usd  today's list price less that of then
--   token_change     likewise
--   prompt_change    likewise
with roles as (
    select 'current' as period_role, period_kind, period from period
    union all
    select 'previous' as period_role, period_kind, previous_period from period
),
final as (
    select
        roles.period_role, roles.period, restatements.reason, restatements.frozen_at, restatements.session_count,
        cast(restatements.cost_change_usd as decimal(18, 6)) as cost_change_usd,
        restatements.token_change, restatements.prompt_change
    from roles
    inner join marts.restatements
        on restatements.period_kind = roles.period_kind and restatements.period = roles.period
)
select * from final
order by period_role, reason
