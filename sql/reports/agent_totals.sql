-- What an agent counted itself beside what its logs say: in the period, as far as its count goes, and in all.
-- grain: source, span, measure
-- columns:
--   source           which agent
--   span             period or all
--   measure          as in marts.agent_totals
--   first_date       first day compared
--   last_date        last day compared, its last or the period's; before first_date where it ends before the period
--   their_amount     what the agent says
--   our_amount       what the logs say
--   repeated_amount  tokens of lines that repeat, which our amount leaves out; null where the measure is none of tokens
with covered as (
    select
        source,
        coalesce(min(covered_from), date '1970-01-01') as covered_from,
        coalesce(min(covered_until), date '9999-12-31') as covered_until
    from marts.agent_totals
    group by source
),
spans as (
    select
        covered.source, 'period' as span,
        case
            when covered.covered_from > period.period_start then covered.covered_from else period.period_start
        end as first_date,
        case
            when covered.covered_until < period.period_end then covered.covered_until
            else cast(period.period_end - interval '1' day as date)
        end as last_date
    from covered
    cross join period
    union all
    select source, 'all' as span, covered_from as first_date, covered_until as last_date from covered
),
theirs as (
    select spans.source, spans.span, totals.measure, sum(totals.amount) as their_amount
    from marts.agent_totals as totals
    inner join spans
        on spans.source = totals.source
        and case
            when totals.local_date is null then spans.span = 'all'
            when totals.measure = 'tool_call_count' or spans.span = 'period'
                then totals.local_date >= spans.first_date and totals.local_date <= spans.last_date
            else false
        end
    group by spans.source, spans.span, totals.measure
),
counted as (
    select source, local_date, 'session_count' as measure, count(*) as amount, cast(null as bigint) as repeated_amount
    from marts.sessions
    where not is_subagent
    group by source, local_date
    union all
    select source, local_date, 'tool_call_count' as measure, count(*) as amount, cast(null as bigint) as repeated_amount
    from marts.tool_calls
    group by source, local_date
),
tokens as (
    select source, local_date, input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, 0 as is_repeated
    from marts.llm_calls
    union all
    select source, local_date, input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, 1 as is_repeated
    from marts.duplicates
    -- What a parent mirrors, and an error, no agent counts.
    where duplicate_rule not in ('mirrored', 'synthetic')
),
days as (
    select
        source, local_date,
        sum(case when is_repeated = 0 then input_tokens else 0 end) as input_tokens,
        sum(case when is_repeated = 0 then output_tokens else 0 end) as output_tokens,
        sum(case when is_repeated = 0 then cache_read_tokens else 0 end) as cache_read_tokens,
        sum(case when is_repeated = 0 then cache_write_tokens else 0 end) as cache_write_tokens,
        sum(is_repeated * input_tokens) as repeated_input_tokens,
        sum(is_repeated * output_tokens) as repeated_output_tokens,
        sum(is_repeated * cache_read_tokens) as repeated_cache_read_tokens,
        sum(is_repeated * cache_write_tokens) as repeated_cache_write_tokens
    from tokens
    group by source, local_date
),
ours as (
    select source, local_date, measure, amount, repeated_amount from counted
    union all
    select
        source, local_date, 'input_output_tokens' as measure, input_tokens + output_tokens as amount,
        repeated_input_tokens + repeated_output_tokens as repeated_amount
    from days
    union all
    select source, local_date, 'input_tokens' as measure, input_tokens, repeated_input_tokens from days
    union all
    select source, local_date, 'output_tokens' as measure, output_tokens, repeated_output_tokens from days
    union all
    select source, local_date, 'cache_read_tokens' as measure, cache_read_tokens, repeated_cache_read_tokens from days
    union all
    select source, local_date, 'cache_write_tokens' as measure, cache_write_tokens, repeated_cache_write_tokens from days
),
summed as (
    select
        spans.source, spans.span, ours.measure,
        sum(ours.amount) as our_amount, sum(ours.repeated_amount) as repeated_amount
    from ours
    inner join spans
        on spans.source = ours.source
        and ours.local_date >= spans.first_date and ours.local_date <= spans.last_date
    group by spans.source, spans.span, ours.measure
),
measures as (
    select distinct measure from ours
),
final as (
    select
        spans.source, spans.span, measures.measure, spans.first_date, spans.last_date,
        cast(coalesce(theirs.their_amount, 0) as bigint) as their_amount,
        cast(coalesce(summed.our_amount, 0) as bigint) as our_amount,
        cast(summed.repeated_amount as bigint) as repeated_amount
    from spans
    cross join measures
    left join theirs
        on theirs.source = spans.source and theirs.span = spans.span and theirs.measure = measures.measure
    left join summed
        on summed.source = spans.source and summed.span = spans.span and summed.measure = measures.measure
    where theirs.their_amount is not null
        or (spans.span = 'period' and measures.measure in ('session_count', 'tool_call_count', 'input_output_tokens'))
)
select * from final
order by source, span, measure
