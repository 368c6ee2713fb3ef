-- Work done by hand that one of your configured skills handles, as the sessions' summaries tell.
-- floor: 5 sessions whose summaries looked for skills
-- fires: 2 sessions, and a tenth of them
-- columns:
--   missed_count   sessions that missed a skill
--   session_count  sessions looked at
with mains as (
    select sessions.*
    from marts.sessions
    inner join period
        on sessions.local_date >= period.period_start and sessions.local_date < period.period_end
    where not sessions.is_subagent and not sessions.is_extraction and sessions.prompt_count > 0
),
judged as (
    select
        mains.session_id as main_session_id,
        mains.active_seconds,
        json_array_length(session_facets.skills_missed) > 0 as is_missed
    from mains
    inner join marts.session_facets on session_facets.session_id = mains.session_id
    where session_facets.skills_missed is not null
),
final as (
    select
        'missed_skill_share' as metric_name,
        round(cast(count(*) filter (where is_missed) as double) / count(*), 4) as metric_value,
        count(*) as sample_count,
        true as is_less_better,
        count(*) filter (where is_missed) >= 2 and 10 * count(*) filter (where is_missed) >= count(*) as is_firing,
        round(cast(count(*) filter (where is_missed) as double) / count(*), 4) as size_share,
        coalesce(
            (list(main_session_id order by active_seconds desc, main_session_id) filter (where is_missed))[1:20], []
        ) as session_ids,
        count(*) filter (where is_missed) as missed_count,
        count(*) as session_count
    from judged
    having count(*) >= 5
)
select * from final
