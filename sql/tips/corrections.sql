-- Prompts that put right what the agent had made of the prompt before.
-- floor: 30 prompts
-- fires: 6 % of them, and 4, and no fewer than nine tenths of your usual share
-- columns:
--   correction_count        prompts that correct
--   session_count           sessions in which it happened
--   usual_correction_share  the share of the four weeks before, null below the floor
--   half_correction_count   half of them, rounded up
with days as (
    select
        session_days.session_id as main_session_id,
        session_days.local_date >= period.period_start as is_current,
        session_days.prompt_count,
        session_days.correction_count as correction_count
    from marts.session_days
    inner join period
        on session_days.local_date >= period.period_start - 28 and session_days.local_date < period.period_end
    where not session_days.is_subagent and not session_days.is_extraction
),
baseline as (
    select
        case
            when sum(prompt_count) >= 30 then round(cast(sum(correction_count) as double) / sum(prompt_count), 4)
        end as usual_correction_share
    from days
    where not is_current
),
by_session as (
    select main_session_id, sum(prompt_count) as prompt_count, sum(correction_count) as correction_count
    from days
    where is_current
    group by main_session_id
),
final as (
    select
        'correction_share' as metric_name,
        round(cast(sum(correction_count) as double) / sum(prompt_count), 4) as metric_value,
        cast(sum(prompt_count) as bigint) as sample_count,
        true as is_less_better,
        sum(correction_count) >= 4
            and sum(correction_count) >= 0.06 * sum(prompt_count)
            and coalesce(sum(correction_count) >= 0.9 * any_value(usual_correction_share) * sum(prompt_count), true) as is_firing,
        round(
            cast(count(*) filter (where correction_count > 0) as double) / count(*), 4
        ) as size_share,
        coalesce(
            (list(main_session_id order by correction_count desc, main_session_id) filter (where correction_count > 0))[1:20], []
        ) as session_ids,
        cast(sum(correction_count) as bigint) as correction_count,
        count(*) filter (where correction_count > 0) as session_count,
        any_value(usual_correction_share) as usual_correction_share,
        cast(ceil(sum(correction_count) / 2) as bigint) as half_correction_count
    from by_session
    cross join baseline
    having sum(prompt_count) >= 30
)
select * from final
