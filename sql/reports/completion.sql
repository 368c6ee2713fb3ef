-- What was begun and finished, how many sessions were cut short, and the time that they are estimated to have saved.
-- grain: period_role
-- columns:
--   period_role          current or previous
--   faceted_count        main sessions with facets
--   started_count        tasks begun, where the facets tell
--   completed_count      tasks finished
--   abandoned_count      tasks left
--   cut_short_count      sessions that ended before their end
--   saved_minutes        estimated time saved, in the sessions that have an estimate
--   estimated_count      sessions with such an estimate
--   artifact_count       files and pull requests made
with spans as (
    select 'current' as period_role, period_start, period_end from period
    union all
    select 'previous' as period_role, previous_start, previous_end from period
),
active as (
    select
        spans.period_role,
        coalesce(days.parent_session_id, days.session_id) as session_id,
        sum(case when days.is_subagent then 0 else days.active_seconds end) as active_seconds,
        sum(days.cost_usd) as cost_usd
    from spans
    inner join marts.session_days as days
        on days.local_date >= spans.period_start and days.local_date < spans.period_end
    where not days.is_extraction
    group by spans.period_role, coalesce(days.parent_session_id, days.session_id)
),
judged as (
    select
        active.period_role,
        session_facets.session_id,
        cast(json_extract_string(session_facets.completion_chain, '$.started') as integer) as started_count,
        cast(json_extract_string(session_facets.completion_chain, '$.completed') as integer) as completed_count,
        cast(json_extract_string(session_facets.completion_chain, '$.abandoned') as integer) as abandoned_count,
        session_facets.session_cut_short,
        session_facets.estimated_time_saved_minutes,
        session_facets.artifacts_created
    from active
    inner join marts.session_facets on session_facets.session_id = active.session_id
),
final as (
    select
        spans.period_role,
        count(judged.session_id) as faceted_count,
        coalesce(sum(judged.started_count), 0) as started_count,
        coalesce(sum(judged.completed_count), 0) as completed_count,
        coalesce(sum(judged.abandoned_count), 0) as abandoned_count,
        count(case when judged.session_cut_short then 1 end) as cut_short_count,
        coalesce(sum(judged.estimated_time_saved_minutes), 0) as saved_minutes,
        count(judged.estimated_time_saved_minutes) as estimated_count,
        coalesce(sum(judged.artifacts_created), 0) as artifact_count
    from spans
    left join judged on judged.period_role = spans.period_role
    group by spans.period_role
)
select * from final
order by period_role
