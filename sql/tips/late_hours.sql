-- Prompts between ten at night and five in the morning, where you correct more at that time.
-- floor: 20 prompts in the week; 30 late and 50 others in the eight weeks up to its end
-- fires: 10 late prompts in the week, and at night at least half as many corrections again as by day, by 3 percentage points at least
-- columns:
--   late_prompt_count      prompts of the week from 22:00 to 04:59
--   late_correction_share  late prompts that correct, in eight weeks
--   day_correction_share   other prompts that correct, in eight weeks
--   compared_count         late prompts of the eight weeks
--   session_count          sessions in which it happened
with asked as (
    select
        prompts.session_id as main_session_id,
        prompts.local_date >= period.period_start as is_current,
        prompts.local_hour >= 22 or prompts.local_hour < 5 as is_late,
        case when prompts.is_correction then 1.0 else 0.0 end as correction
    from marts.prompts
    inner join marts.sessions on sessions.session_id = prompts.session_id and not sessions.is_extraction
    inner join period
        on prompts.local_date >= period.period_end - 56 and prompts.local_date < period.period_end
    where not prompts.is_abandoned and coalesce(prompts.prompt_source, '') <> 'headless'
),
compared as (
    select
        count(*) filter (where is_late) as late_count,
        count(*) filter (where not is_late) as day_count,
        round(coalesce(avg(correction) filter (where is_late), 0), 4) as late_correction_share,
        round(coalesce(avg(correction) filter (where not is_late), 0), 4) as day_correction_share
    from asked
),
by_session as (
    select main_session_id, count(*) as prompt_count, count(*) filter (where is_late) as late_prompt_count
    from asked
    where is_current
    group by main_session_id
),
final as (
    select
        'late_prompt_share' as metric_name,
        round(cast(sum(late_prompt_count) as double) / sum(prompt_count), 4) as metric_value,
        cast(sum(prompt_count) as bigint) as sample_count,
        true as is_less_better,
        sum(late_prompt_count) >= 10
            and any_value(late_correction_share) >= 1.5 * any_value(day_correction_share)
            and any_value(late_correction_share) >= any_value(day_correction_share) + 0.03 as is_firing,
        round(0.4 * sum(late_prompt_count) / sum(prompt_count), 4) as size_share,
        coalesce(
            (list(main_session_id order by late_prompt_count desc, main_session_id)
                filter (where late_prompt_count > 0))[1:20], []
        ) as session_ids,
        cast(sum(late_prompt_count) as bigint) as late_prompt_count,
        any_value(late_correction_share) as late_correction_share,
        any_value(day_correction_share) as day_correction_share,
        any_value(late_count) as compared_count,
        count(*) filter (where late_prompt_count > 0) as session_count
    from by_session
    cross join compared
    having sum(prompt_count) >= 20 and any_value(late_count) >= 30 and any_value(day_count) >= 50
)
select * from final
