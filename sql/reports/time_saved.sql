-- What the month's sessions are estimated to have saved, by who estimated it; those without an estimate stand together.
-- grain: estimated_by, extraction_model
-- columns:
--   estimated_by         rules, or the provider that judged; null for sessions without an estimate
--   extraction_model     the model that judged; null for rules and without an estimate
--   session_count        main sessions active in the month
--   shared_count         of these, those that were active in another month too: this one has its part by active time
--   saved_minutes        estimated, less the time the session took; null without an estimate
--   active_seconds       their active time in the month
--   cost_usd             at list price with their sub-agents in the month, priced calls only; null where no log has usage
--   unpriced_call_count  calls whose model has no price
with active as (
    select
        coalesce(days.parent_session_id, days.session_id) as session_id,
        sum(case when days.is_subagent then 0 else days.active_seconds end) as active_seconds,
        sum(days.cost_usd) as cost_usd,
        sum(days.unpriced_call_count) as unpriced_call_count
    from marts.session_days as days
    inner join period on days.local_date >= period.period_start and days.local_date < period.period_end
    where period.period_kind = 'monthly' and not days.is_extraction
    group by coalesce(days.parent_session_id, days.session_id)
),
ever as (
    select
        days.session_id,
        sum(days.active_seconds) as active_seconds,
        max(
            case when days.local_date < period.period_start or days.local_date >= period.period_end then 1 else 0 end
        ) as is_shared
    from marts.session_days as days
    cross join period
    where not days.is_subagent
    group by days.session_id
),
judged as (
    select
        active.session_id,
        case when facets.estimated_time_saved_minutes is not null then facets.extractor end as estimated_by,
        case when facets.estimated_time_saved_minutes is not null then facets.extraction_model end as extraction_model,
        facets.estimated_time_saved_minutes as saved_minutes,
        active.active_seconds,
        active.cost_usd,
        active.unpriced_call_count,
        coalesce(ever.is_shared, 0) as is_shared,
        coalesce(ever.active_seconds, 0) as ever_seconds
    from active
    left join ever on ever.session_id = active.session_id
    left join marts.session_facets as facets on facets.session_id = active.session_id
),
final as (
    select
        estimated_by,
        extraction_model,
        count(*) as session_count,
        sum(is_shared) as shared_count,
        cast(round(sum(
            cast(
                case
                    when is_shared = 0 then saved_minutes
                    else cast(saved_minutes as double) * active_seconds / nullif(ever_seconds, 0)
                end as decimal(18, 4)
            )
        ), 0) as bigint) as saved_minutes,
        sum(active_seconds) as active_seconds,
        cast(sum(cost_usd) as decimal(18, 6)) as cost_usd,
        sum(unpriced_call_count) as unpriced_call_count
    from judged
    group by estimated_by, extraction_model
)
select * from final
order by session_count desc, estimated_by, extraction_model
