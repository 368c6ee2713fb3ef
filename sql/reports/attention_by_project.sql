-- Where the time and the money went: the nine projects with most active time, then the rest together.
-- grain: project_rank
-- columns:
--   project_rank         1 is the project with most active time, 10 the rest
--   project              null where a session has none, and for several together
--   is_rest              whether the row is several together
--   project_count        how many projects the row holds
--   session_count        main sessions active in it
--   prompt_count         what people asked
--   active_seconds       active time of main sessions
--   active_share         of the period's active time, 0 to 1
--   cost_usd             at list price, priced calls only; null where no session's log has usage
--   cost_share           of the period's cost, 0 to 1; null as the cost
--   unpriced_call_count  calls whose model has no price
with days as (
    select
        session_days.project,
        session_days.session_id,
        session_days.is_subagent,
        session_days.is_extraction,
        session_days.prompt_count,
        case when session_days.is_subagent then 0 else session_days.active_seconds end as active_seconds,
        session_days.cost_usd,
        session_days.unpriced_call_count
    from marts.session_days
    inner join period
        on session_days.local_date >= period.period_start and session_days.local_date < period.period_end
),
projects as (
    select
        project,
        count(distinct case when not (is_subagent or is_extraction) then session_id end) as session_count,
        sum(prompt_count) as prompt_count,
        sum(active_seconds) as active_seconds,
        sum(cost_usd) as cost_usd,
        sum(unpriced_call_count) as unpriced_call_count,
        row_number() over (
            order by sum(active_seconds) desc, coalesce(sum(cost_usd), 0) desc, project nulls last
        ) as activity_rank
    from days
    group by project
),
ranked as (
    select
        projects.*,
        case when activity_rank > 9 then 10 else activity_rank end as project_rank
    from projects
),
totals as (
    select sum(active_seconds) as active_seconds, sum(cost_usd) as cost_usd from days
),
final as (
    select
        ranked.project_rank,
        case when count(*) = 1 then min(ranked.project) end as project,
        count(*) > 1 as is_rest,
        count(*) as project_count,
        sum(ranked.session_count) as session_count,
        sum(ranked.prompt_count) as prompt_count,
        sum(ranked.active_seconds) as active_seconds,
        round(
            coalesce(cast(sum(ranked.active_seconds) as double) / nullif(min(totals.active_seconds), 0), 0), 4
        ) as active_share,
        cast(sum(ranked.cost_usd) as decimal(18, 6)) as cost_usd,
        case
            when sum(ranked.cost_usd) is not null
                then round(coalesce(cast(sum(ranked.cost_usd) as double) / nullif(min(totals.cost_usd), 0), 0), 4)
        end as cost_share,
        sum(ranked.unpriced_call_count) as unpriced_call_count
    from ranked
    cross join totals
    group by ranked.project_rank
)
select * from final
order by project_rank
