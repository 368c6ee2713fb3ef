-- The month beside the five before it, those of them that have sessions.
-- grain: period
-- columns:
--   period               2026-02
--   period_start         first local date
--   session_count        main sessions active in the month
--   day_count            local days with any activity
--   active_seconds       active time of main sessions
--   prompt_count         what people asked
--   cost_usd             at list price, priced calls only; null where no session's log has usage
--   unpriced_call_count  calls whose model has no price
--   unlogged_count       sessions and sub-agents whose logs have no usage
--   total_tokens         input, output and cache; null as the cost
--   tool_call_count      tools called
--   error_rate           tool calls that failed, of all, 0 to 1; like all shares null where there is nothing to divide by
--   correction_share     prompts that correct, of all, 0 to 1
--   friction_cost_share  of the cost, what was spent between a sign of friction and its recovery, 0 to 1
--   completion_share     main sessions that were completed, of all, 0 to 1
--   judged_count         main sessions whose facets say how far they came
--   achieved_count       of these, those that fully or mostly reached their goal
--   commit_count         commits; null where growth does not tell
with days as (
    select days.*
    from marts.session_days as days
    inner join period
        on days.local_date >= cast(period.period_start - interval '5' month as date)
        and days.local_date < period.period_end
    where period.period_kind = 'monthly'
),
months as (
    select
        month as period,
        min(month_start) as period_start,
        count(distinct case when not (is_subagent or is_extraction) then session_id end) as session_count,
        count(distinct case when not is_extraction then local_date end) as day_count,
        sum(case when is_subagent then 0 else active_seconds end) as active_seconds,
        sum(prompt_count) as prompt_count,
        cast(sum(cost_usd) as decimal(18, 6)) as cost_usd,
        sum(unpriced_call_count) as unpriced_call_count,
        count(distinct case when cost_usd is null then session_id end) as unlogged_count,
        sum(total_tokens) as total_tokens,
        sum(tool_call_count) as tool_call_count,
        round(cast(sum(error_count) as double) / nullif(sum(tool_call_count), 0), 4) as error_rate,
        round(cast(sum(correction_count) as double) / nullif(sum(prompt_count), 0), 4) as correction_share
    from days
    group by month
),
grown as (
    select
        period,
        max(case when metric_name = 'friction_cost_share' then metric_value end) as friction_cost_share,
        max(case when metric_name = 'completion_share' then metric_value end) as completion_share,
        max(case when metric_name = 'commit_count' then cast(metric_value as bigint) end) as commit_count
    from marts.growth
    where period_kind = 'monthly'
    group by period
),
judged as (
    select
        active.period,
        count(*) as judged_count,
        count(case when facets.outcome in ('fully_achieved', 'mostly_achieved') then 1 end) as achieved_count
    from (
        select distinct month as period, session_id from days where not (is_subagent or is_extraction)
    ) as active
    inner join marts.session_facets as facets on facets.session_id = active.session_id
    where facets.outcome <> 'unclear_from_transcript'
    group by active.period
),
final as (
    select
        months.*,
        grown.friction_cost_share,
        grown.completion_share,
        coalesce(judged.judged_count, 0) as judged_count,
        coalesce(judged.achieved_count, 0) as achieved_count,
        grown.commit_count
    from months
    left join grown on grown.period = months.period
    left join judged on judged.period = months.period
)
select * from final
order by period
