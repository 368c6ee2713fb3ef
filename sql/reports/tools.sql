-- Which tools were called and how often they failed: the twelve most used, then the rest together.
-- grain: tool_rank
-- columns:
--   tool_rank    1 is the tool called most, 13 the rest
--   tool_name    null for several together
--   is_rest      whether the row is several together
--   tool_count   how many tools the row holds
--   call_count   calls, in sessions and their sub-agents
--   error_count  calls that failed
--   error_share  failed calls by calls, 0 to 1
with calls as (
    select tool_calls.tool_name, tool_calls.is_error
    from marts.tool_calls
    inner join period
        on tool_calls.local_date >= period.period_start and tool_calls.local_date < period.period_end
),
tools as (
    select
        tool_name,
        count(*) as call_count,
        sum(case when is_error then 1 else 0 end) as error_count,
        row_number() over (order by count(*) desc, tool_name) as use_rank
    from calls
    group by tool_name
),
ranked as (
    select tools.*, case when use_rank > 12 then 13 else use_rank end as tool_rank from tools
),
final as (
    select
        tool_rank,
        case when count(*) = 1 then min(tool_name) end as tool_name,
        count(*) > 1 as is_rest,
        count(*) as tool_count,
        sum(call_count) as call_count,
        sum(error_count) as error_count,
        round(cast(sum(error_count) as double) / sum(call_count), 4) as error_share
    from ranked
    group by tool_rank
)
select * from final
order by tool_rank
