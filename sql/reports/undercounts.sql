-- What of the period is known to be too low, and agents whose logs hold no usage at all.
-- grain: source, undercount_kind
-- columns:
--   source           which agent
--   undercount_kind  output_at_stream_start, search_side_calls or no_usage
--   first_version    first version that is known to, null where it is no matter of versions
--   last_version     last one
--   affected_count   calls, searches or sessions
--   output_tokens    what the logs say of these calls, a lower bound
with known as (
    select
        undercounts.source, undercounts.undercount_kind,
        min(undercounts.first_version) as first_version,
        max(undercounts.last_version) as last_version,
        sum(undercounts.affected_count) as affected_count,
        sum(undercounts.output_tokens) as output_tokens
    from marts.undercounts
    inner join period
        on undercounts.local_date >= period.period_start and undercounts.local_date < period.period_end
    group by undercounts.source, undercounts.undercount_kind
),
silent as (
    select
        days.source,
        'no_usage' as undercount_kind,
        cast(null as varchar) as first_version,
        cast(null as varchar) as last_version,
        count(distinct days.session_id) as affected_count,
        0 as output_tokens
    from marts.session_days as days
    inner join period on days.local_date >= period.period_start and days.local_date < period.period_end
    group by days.source
    having sum(days.llm_call_count) = 0
),
final as (
    select * from known
    union all
    select * from silent
)
select * from final
order by source, undercount_kind
