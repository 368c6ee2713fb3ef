-- Answers that you stopped halfway.
-- floor: 25 prompts
-- fires: one for every twelve prompts, and 3, and more than your usual share
-- columns:
--   interruption_count        interruptions
--   session_count             sessions in which it happened
--   usual_interruption_share  the share of the four weeks before, null below the floor
with days as (
    select
        session_days.session_id as main_session_id,
        session_days.local_date >= period.period_start as is_current,
        session_days.prompt_count,
        session_days.interruption_count as interruption_count
    from marts.session_days
    inner join period
        on session_days.local_date >= period.period_start - 28 and session_days.local_date < period.period_end
    where not session_days.is_subagent and not session_days.is_extraction
),
baseline as (
    select
        case
            when sum(prompt_count) >= 25 then round(cast(sum(interruption_count) as double) / sum(prompt_count), 4)
        end as usual_interruption_share
    from days
    where not is_current
),
by_session as (
    select main_session_id, sum(prompt_count) as prompt_count, sum(interruption_count) as interruption_count
    from days
    where is_current
    group by main_session_id
),
final as (
    select
        'interruption_share' as metric_name,
        round(cast(sum(interruption_count) as double) / sum(prompt_count), 4) as metric_value,
        cast(sum(prompt_count) as bigint) as sample_count,
        true as is_less_better,
        sum(interruption_count) >= 3
            and sum(interruption_count) >= (1.0 / 12) * sum(prompt_count)
            and coalesce(sum(interruption_count) >= 1.1 * any_value(usual_interruption_share) * sum(prompt_count), true) as is_firing,
        round(
            cast(count(*) filter (where interruption_count > 0) as double) / count(*), 4
        ) as size_share,
        coalesce(
            (list(main_session_id order by interruption_count desc, main_session_id) filter (where interruption_count > 0))[1:20], []
        ) as session_ids,
        cast(sum(interruption_count) as bigint) as interruption_count,
        count(*) filter (where interruption_count > 0) as session_count,
        any_value(usual_interruption_share) as usual_interruption_share
    from by_session
    cross join baseline
    having sum(prompt_count) >= 25
)
select * from final
