-- What each main session did on each local date, its sub-agents' cost with it: what is told by facets, which judge main
-- sessions only, is measured by this.
-- grain: session_id, local_date
-- columns:
--   session_id           main session; also on dates on which only its sub-agents worked
--   local_date           in the configured time zone
--   week                 2026-W07
--   month                2026-02
--   active_seconds       its own active time: sub-agents work beside it
--   cost_usd             at list price with its sub-agents, priced calls only; null where no log of these has usage
--   unpriced_call_count  calls of models without a price, with its sub-agents
with final as (
    select
        coalesce(parent_session_id, session_id) as session_id,
        local_date,
        min(week) as week,
        min(month) as month,
        cast(sum(case when is_subagent then 0 else active_seconds end) as bigint) as active_seconds,
        cast(sum(cost_usd) as decimal(24, 12)) as cost_usd,
        cast(sum(unpriced_call_count) as bigint) as unpriced_call_count
    from marts.session_days
    where not is_extraction
    group by coalesce(parent_session_id, session_id), local_date
)
select * from final
