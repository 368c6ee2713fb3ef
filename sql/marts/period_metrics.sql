-- One row per week and month with data: volumes, averages, and their change against the period before.
-- grain: user_id, period_kind, period
-- columns:
--   user_id        whose logs
--   period_kind    weekly or monthly
--   period         2026-W07 or 2026-02
--   period_start   first local date
--   period_end     first local date after it
--   previous_period  label of the period before, whether it has data or not
--   session_count  main sessions active in the period
--   subagent_session_count  sub-agents' sessions active in it
--   active_day_count     local dates with activity
--   active_seconds       summed over main sessions
--   active_union_seconds time in which any main session was active
--   prompt_count   prompts
--   turn_count     turns
--   correction_count     prompts that correct
--   tool_call_count      tool calls
--   error_count    tool calls that failed
--   rejection_count      tool calls a person rejected
--   interruption_count   interruptions
--   delegation_count     sub-agents called
--   commit_count   commits
--   lines_added    by edits
--   lines_deleted  by edits
--   llm_call_count API calls
--   input_tokens   not from the cache; tokens and cost leave out sessions whose logs have no usage, null where none has any
--   output_tokens  answered
--   cache_read_tokens    read from the cache
--   cache_write_tokens   written to the cache
--   total_tokens   all four
--   cost_usd       at list price, priced calls only
--   unpriced_call_count  calls of models without a price
--   unique_tools_used    different tools
--   avg_tool_diversity   mean of the sessions' diversity in nats
--   avg_time_per_turn_seconds  active seconds by turns
--   avg_tool_calls_per_turn    tool calls by turns
--   avg_session_seconds  active seconds by sessions
--   error_rate     failed tool calls by tool calls
--   delegation_ratio     delegations by tool calls
--   session_count_change         relative, 0.5 is half as much again; null where there is nothing to compare with
--   active_seconds_change        relative
--   active_union_seconds_change  relative
--   prompt_count_change          relative
--   turn_count_change            relative
--   tool_call_count_change       relative
--   error_count_change           relative
--   commit_count_change          relative
--   lines_added_change           relative
--   total_tokens_change          relative
--   input_tokens_change          relative
--   output_tokens_change         relative
--   cache_read_tokens_change     relative
--   cache_write_tokens_change    relative
--   cost_usd_change              relative
--   error_rate_change            relative
--   delegation_ratio_change      relative
--   avg_tool_diversity_change    relative
--   avg_time_per_turn_seconds_change    relative
--   avg_session_seconds_change          relative
--   subagent_session_count_change     relative
--   active_day_count_change           relative
--   correction_count_change           relative
--   rejection_count_change            relative
--   interruption_count_change         relative
--   delegation_count_change           relative
--   lines_deleted_change              relative
--   llm_call_count_change             relative
--   unpriced_call_count_change        relative
--   unique_tools_used_change          relative
--   avg_tool_calls_per_turn_change    relative
with dated as (
    select *, 'weekly' as period_kind, week as period, week_start as period_start
    from marts.session_days
    union all
    select *, 'monthly' as period_kind, month as period, month_start as period_start
    from marts.session_days
),
days as (
    select distinct local_date, 'weekly' as period_kind, week as period
    from marts.session_days
    where not is_extraction
    union all
    select distinct local_date, 'monthly' as period_kind, month as period
    from marts.session_days
    where not is_extraction
),
unions as (
    select d.period_kind, d.period, count(*) as active_day_count, sum(u.active_union_seconds) as active_union_seconds
    from days as d
    left join intermediate.active_union_days as u using (local_date)
    group by d.period_kind, d.period
),
tool_days as (
    select distinct week, strftime(local_date, '%Y-%m') as month, tool_name
    from (select distinct week, local_date, tool_name from marts.tool_calls)
),
tools as (
    select 'weekly' as period_kind, week as period, count(distinct tool_name) as unique_tools_used
    from tool_days
    group by week
    union all
    select 'monthly' as period_kind, month as period, count(distinct tool_name) as unique_tools_used
    from tool_days
    group by month
),
session_periods as (
    select distinct period_kind, period, session_id
    from dated
    where not is_subagent
),
diversity as (
    -- Summed as decimals: a mean often ends in a 5, and doubles added in another order would round it the other way.
    select
        p.period_kind, p.period,
        round(cast(sum(cast(m.tool_diversity as decimal(18, 4))) as double) / count(*), 4) as avg_tool_diversity
    from session_periods as p
    join marts.session_metrics as m using (session_id)
    where m.unique_tools_used > 0
    group by p.period_kind, p.period
),
volumes as (
    select
        user_id, period_kind, period,
        min(period_start) as period_start,
        count(distinct session_id) filter (where not is_subagent and not is_extraction) as session_count,
        count(distinct session_id) filter (where is_subagent) as subagent_session_count,
        coalesce(sum(active_seconds) filter (where not is_subagent), 0) as active_seconds,
        sum(prompt_count) as prompt_count, sum(turn_count) as turn_count, sum(correction_count) as correction_count,
        sum(tool_call_count) as tool_call_count, sum(error_count) as error_count,
        sum(rejection_count) as rejection_count, sum(interruption_count) as interruption_count,
        sum(delegation_count) as delegation_count, sum(commit_count) as commit_count,
        sum(lines_added) as lines_added, sum(lines_deleted) as lines_deleted,
        sum(llm_call_count) as llm_call_count, sum(input_tokens) as input_tokens,
        sum(output_tokens) as output_tokens, sum(cache_read_tokens) as cache_read_tokens,
        sum(cache_write_tokens) as cache_write_tokens, sum(total_tokens) as total_tokens,
        sum(cost_usd) as cost_usd, sum(unpriced_call_count) as unpriced_call_count
    from dated
    group by user_id, period_kind, period
),
measured as (
    select
        v.user_id, v.period_kind, v.period, v.period_start,
        case
            when v.period_kind = 'weekly' then v.period_start + 7
            else cast(v.period_start + interval 1 month as date)
        end as period_end,
        case
            when v.period_kind = 'weekly' then v.period_start - 7
            else cast(v.period_start - interval 1 month as date)
        end as previous_start,
        v.session_count, v.subagent_session_count, u.active_day_count,
        cast(v.active_seconds as bigint) as active_seconds,
        cast(coalesce(u.active_union_seconds, 0) as bigint) as active_union_seconds,
        cast(v.prompt_count as bigint) as prompt_count,
        cast(v.turn_count as bigint) as turn_count,
        cast(v.correction_count as bigint) as correction_count,
        cast(v.tool_call_count as bigint) as tool_call_count,
        cast(v.error_count as bigint) as error_count,
        cast(v.rejection_count as bigint) as rejection_count,
        cast(v.interruption_count as bigint) as interruption_count,
        cast(v.delegation_count as bigint) as delegation_count,
        cast(v.commit_count as bigint) as commit_count,
        cast(v.lines_added as bigint) as lines_added,
        cast(v.lines_deleted as bigint) as lines_deleted,
        cast(v.llm_call_count as bigint) as llm_call_count,
        cast(v.input_tokens as bigint) as input_tokens,
        cast(v.output_tokens as bigint) as output_tokens,
        cast(v.cache_read_tokens as bigint) as cache_read_tokens,
        cast(v.cache_write_tokens as bigint) as cache_write_tokens,
        cast(v.total_tokens as bigint) as total_tokens,
        cast(v.cost_usd as decimal(24, 12)) as cost_usd,
        cast(v.unpriced_call_count as bigint) as unpriced_call_count,
        coalesce(t.unique_tools_used, 0) as unique_tools_used,
        d.avg_tool_diversity,
        round(cast(v.active_seconds as double) / nullif(v.turn_count, 0), 2) as avg_time_per_turn_seconds,
        round(cast(v.tool_call_count as double) / nullif(v.turn_count, 0), 2) as avg_tool_calls_per_turn,
        round(cast(v.active_seconds as double) / nullif(v.session_count, 0), 2) as avg_session_seconds,
        round(cast(v.error_count as double) / nullif(v.tool_call_count, 0), 4) as error_rate,
        round(cast(v.delegation_count as double) / nullif(v.tool_call_count, 0), 4) as delegation_ratio
    from volumes as v
    left join unions as u using (period_kind, period)
    left join tools as t using (period_kind, period)
    left join diversity as d using (period_kind, period)
),
final as (
    select
        m.* exclude (previous_start),
        case
            when m.period_kind = 'weekly' then strftime(m.previous_start + 3 + cast(isodow(m.previous_start) = 7 as integer), '%G-W%V')
            else strftime(m.previous_start, '%Y-%m')
        end as previous_period,
        round(cast(m.session_count as double) / nullif(cast(b.session_count as double), 0) - 1, 4) as session_count_change,
        round(cast(m.active_seconds as double) / nullif(cast(b.active_seconds as double), 0) - 1, 4) as active_seconds_change,
        round(cast(m.active_union_seconds as double) / nullif(cast(b.active_union_seconds as double), 0) - 1, 4) as active_union_seconds_change,
        round(cast(m.prompt_count as double) / nullif(cast(b.prompt_count as double), 0) - 1, 4) as prompt_count_change,
        round(cast(m.turn_count as double) / nullif(cast(b.turn_count as double), 0) - 1, 4) as turn_count_change,
        round(cast(m.tool_call_count as double) / nullif(cast(b.tool_call_count as double), 0) - 1, 4) as tool_call_count_change,
        round(cast(m.error_count as double) / nullif(cast(b.error_count as double), 0) - 1, 4) as error_count_change,
        round(cast(m.commit_count as double) / nullif(cast(b.commit_count as double), 0) - 1, 4) as commit_count_change,
        round(cast(m.lines_added as double) / nullif(cast(b.lines_added as double), 0) - 1, 4) as lines_added_change,
        round(cast(m.total_tokens as double) / nullif(cast(b.total_tokens as double), 0) - 1, 4) as total_tokens_change,
        round(cast(m.input_tokens as double) / nullif(cast(b.input_tokens as double), 0) - 1, 4) as input_tokens_change,
        round(cast(m.output_tokens as double) / nullif(cast(b.output_tokens as double), 0) - 1, 4) as output_tokens_change,
        round(cast(m.cache_read_tokens as double) / nullif(cast(b.cache_read_tokens as double), 0) - 1, 4) as cache_read_tokens_change,
        round(cast(m.cache_write_tokens as double) / nullif(cast(b.cache_write_tokens as double), 0) - 1, 4) as cache_write_tokens_change,
        round(cast(m.cost_usd as double) / nullif(cast(b.cost_usd as double), 0) - 1, 4) as cost_usd_change,
        round(cast(m.error_rate as double) / nullif(cast(b.error_rate as double), 0) - 1, 4) as error_rate_change,
        round(cast(m.delegation_ratio as double) / nullif(cast(b.delegation_ratio as double), 0) - 1, 4) as delegation_ratio_change,
        round(cast(m.avg_tool_diversity as double) / nullif(cast(b.avg_tool_diversity as double), 0) - 1, 4) as avg_tool_diversity_change,
        round(cast(m.avg_time_per_turn_seconds as double) / nullif(cast(b.avg_time_per_turn_seconds as double), 0) - 1, 4) as avg_time_per_turn_seconds_change,
        round(cast(m.avg_session_seconds as double) / nullif(cast(b.avg_session_seconds as double), 0) - 1, 4) as avg_session_seconds_change,
        round(cast(m.subagent_session_count as double) / nullif(cast(b.subagent_session_count as double), 0) - 1, 4) as subagent_session_count_change,
        round(cast(m.active_day_count as double) / nullif(cast(b.active_day_count as double), 0) - 1, 4) as active_day_count_change,
        round(cast(m.correction_count as double) / nullif(cast(b.correction_count as double), 0) - 1, 4) as correction_count_change,
        round(cast(m.rejection_count as double) / nullif(cast(b.rejection_count as double), 0) - 1, 4) as rejection_count_change,
        round(cast(m.interruption_count as double) / nullif(cast(b.interruption_count as double), 0) - 1, 4) as interruption_count_change,
        round(cast(m.delegation_count as double) / nullif(cast(b.delegation_count as double), 0) - 1, 4) as delegation_count_change,
        round(cast(m.lines_deleted as double) / nullif(cast(b.lines_deleted as double), 0) - 1, 4) as lines_deleted_change,
        round(cast(m.llm_call_count as double) / nullif(cast(b.llm_call_count as double), 0) - 1, 4) as llm_call_count_change,
        round(cast(m.unpriced_call_count as double) / nullif(cast(b.unpriced_call_count as double), 0) - 1, 4) as unpriced_call_count_change,
        round(cast(m.unique_tools_used as double) / nullif(cast(b.unique_tools_used as double), 0) - 1, 4) as unique_tools_used_change,
        round(cast(m.avg_tool_calls_per_turn as double) / nullif(cast(b.avg_tool_calls_per_turn as double), 0) - 1, 4) as avg_tool_calls_per_turn_change
    from measured as m
    left join measured as b
        on b.user_id = m.user_id and b.period_kind = m.period_kind and b.period_start = m.previous_start
)
select * from final
