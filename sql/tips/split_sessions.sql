-- Sessions of a single prompt about a project that had several such sessions on the same day.
-- floor: 8 sessions that a person held
-- fires: a third of them, and 4, were one of three or more single prompts about a project on a day
-- columns:
--   split_session_count  sessions of one prompt, of which a project had three or more on the day
--   session_count        sessions that a person held
--   opening_usd          the first call of such a session, on average; null where no cost is known
with mains as (
    select sessions.*
    from marts.sessions
    inner join period
        on sessions.local_date >= period.period_start and sessions.local_date < period.period_end
    where not sessions.is_subagent and not sessions.is_extraction and sessions.prompt_count > 0
),
held as (
    select
        *,
        count(*) filter (where prompt_count = 1 and project is not null)
            over (partition by source, project, local_date) as single_count
    from mains
    where not starts_with(coalesce(entrypoint, ''), 'sdk')
),
openings as (
    select session_id, cost_usd
    from (
        select
            llm_calls.*,
            row_number() over (partition by session_id order by called_at, llm_call_id) as call_number
        from marts.llm_calls
    ) as numbered
    where call_number = 1
),
by_session as (
    select
        held.session_id as main_session_id,
        held.prompt_count = 1 and held.project is not null and held.single_count >= 3 as is_split,
        openings.cost_usd
    from held
    left join openings on openings.session_id = held.session_id
),
final as (
    select
        'single_prompt_session_share' as metric_name,
        round(cast(count(*) filter (where is_split) as double) / count(*), 4) as metric_value,
        count(*) as sample_count,
        true as is_less_better,
        count(*) filter (where is_split) >= 4 and 3 * count(*) filter (where is_split) >= count(*) as is_firing,
        round(0.4 * count(*) filter (where is_split) / count(*), 4) as size_share,
        coalesce(
            (list(main_session_id order by coalesce(cost_usd, 0) desc, main_session_id) filter (where is_split))[1:20], []
        ) as session_ids,
        count(*) filter (where is_split) as split_session_count,
        count(*) as session_count,
        round(avg(cast(cost_usd as double)) filter (where is_split), 4) as opening_usd
    from by_session
    having count(*) >= 8
)
select * from final
