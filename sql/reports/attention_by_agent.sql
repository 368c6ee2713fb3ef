-- Where the time, the tokens and the money went, by agent.
-- grain: source
-- columns:
--   source               which agent
--   session_count        main sessions active in the period
--   subagent_count       sub-agents active in it
--   prompt_count         what people asked
--   tool_call_count      tools called, also by sub-agents
--   active_seconds       active time of main sessions
--   active_share         of the period's active time, 0 to 1
--   total_tokens         all kinds, as far as logged; null where no session's log has usage
--   cost_usd             at list price, priced calls only; null where no session's log has usage
--   unpriced_call_count  calls whose model has no price
--   unlogged_count       sessions and sub-agents whose logs have no usage
with days as (
    select
        session_days.*,
        case when session_days.is_subagent then 0 else session_days.active_seconds end as own_active_seconds
    from marts.session_days
    inner join period
        on session_days.local_date >= period.period_start and session_days.local_date < period.period_end
),
totals as (
    select sum(own_active_seconds) as active_seconds from days
),
final as (
    select
        days.source,
        count(distinct case when not (days.is_subagent or days.is_extraction) then days.session_id end) as session_count,
        count(distinct case when days.is_subagent then days.session_id end) as subagent_count,
        sum(days.prompt_count) as prompt_count,
        sum(days.tool_call_count) as tool_call_count,
        sum(days.own_active_seconds) as active_seconds,
        round(
            coalesce(
                cast(sum(days.own_active_seconds) as double) / nullif(min(totals.active_seconds), 0), 0
            ), 4
        ) as active_share,
        sum(days.total_tokens) as total_tokens,
        cast(sum(days.cost_usd) as decimal(18, 6)) as cost_usd,
        sum(days.unpriced_call_count) as unpriced_call_count,
        count(distinct case when days.cost_usd is null then days.session_id end) as unlogged_count
    from days
    cross join totals
    group by days.source
)
select * from final
order by active_seconds desc, source
