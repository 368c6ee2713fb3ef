-- What of the period is known to be too low.
-- grain: source, undercount_kind
-- columns:
--   source           which agent
--   undercount_kind  output_at_stream_start or search_side_calls
--   first_version    first version that is known to, null where it is no matter of versions
--   last_version     last one
--   affected_count   calls or searches
--   output_tokens    what the logs say of these calls, a lower bound
with final as (
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
)
select * from final
order by source, undercount_kind
