-- Sessions opened with a line or so, where your own longer openings need fewer corrections.
-- floor: 6 sessions of two prompts or more in the week; 8 short and 8 long openings in the eight weeks up to its end
-- fires: after short openings at least half as many corrections and interruptions again as after long ones, and 3 of the week's sessions opened short
-- columns:
--   short_opening_count  sessions of the week opened with fewer than 120 characters
--   session_count        sessions of the week that were looked at
--   short_trouble_rate   corrections and interruptions for each session opened short, in eight weeks
--   long_trouble_rate    the same for the others
--   compared_count       sessions compared
with asked as (
    select
        prompts.*,
        row_number() over (
            partition by prompts.session_id order by prompts.prompted_at, prompts.prompt_id
        ) as prompt_number
    from marts.prompts
    where not prompts.is_abandoned
),
opened as (
    select
        sessions.session_id as main_session_id,
        asked.char_count < 120 as is_short,
        sessions.local_date >= period.period_start as is_current,
        sessions.correction_count + sessions.interruption_count as trouble_count
    from marts.sessions
    inner join asked on asked.session_id = sessions.session_id and asked.prompt_number = 1
    inner join period
        on sessions.local_date >= period.period_end - 56 and sessions.local_date < period.period_end
    where not sessions.is_subagent and not sessions.is_extraction and sessions.prompt_count >= 2
        and coalesce(asked.prompt_source, '') <> 'headless'
),
compared as (
    select
        count(*) filter (where is_short) as short_count,
        count(*) filter (where not is_short) as long_count,
        round(coalesce(avg(trouble_count) filter (where is_short), 0), 2) as short_trouble_rate,
        round(coalesce(avg(trouble_count) filter (where not is_short), 0), 2) as long_trouble_rate
    from opened
),
by_session as (
    select main_session_id, case when is_short then 1 else 0 end as is_hit, trouble_count
    from opened
    where is_current
),
final as (
    select
        'short_opening_share' as metric_name,
        round(avg(is_hit), 4) as metric_value,
        count(*) as sample_count,
        true as is_less_better,
        sum(is_hit) >= 3 and any_value(short_trouble_rate) >= 0.3
            and any_value(short_trouble_rate) >= 1.5 * any_value(long_trouble_rate) as is_firing,
        round(0.5 * avg(is_hit), 4) as size_share,
        coalesce(
            (list(main_session_id order by trouble_count desc, main_session_id) filter (where is_hit = 1))[1:20], []
        ) as session_ids,
        cast(sum(is_hit) as bigint) as short_opening_count,
        count(*) as session_count,
        any_value(short_trouble_rate) as short_trouble_rate,
        any_value(long_trouble_rate) as long_trouble_rate,
        any_value(short_count + long_count) as compared_count
    from by_session
    cross join compared
    having count(*) >= 6 and any_value(short_count) >= 8 and any_value(long_count) >= 8
)
select * from final
