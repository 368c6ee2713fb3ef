-- From the cost of the period before to that of this one, step by step; the steps sum exactly. Each step puts one more
-- thing at today's value while the rest stays as it was: the number of calls; how they spread over the models; how much
-- context a call sends; which share of it the cache holds; how long the answers are; the price table. What the steps do
-- not tell (long requests, fast mode, regions, web searches) is the last. Priced calls only, sub-agents included. A model
-- without calls in the period before enters with today's cost per call under "models". Empty where there was no cost in
-- the period before or is none in this one.
-- grain: step_number
-- columns:
--   step_number   from 1
--   step          previous, calls, models, context_size, cache_share, answer_length, prices, extras or current
--   change_usd    what the step adds; null for previous and current
--   cost_usd      the cost after the step
with spans as (
    select 'current' as period_role, period_start, period_end from period
    union all
    select 'previous', previous_start, previous_end from period
),
usage as (
    select
        spans.period_role, prices.model_key, max(llm_calls.local_date) as last_date, count(*) as call_count,
        cast(sum(llm_calls.context_tokens) as double) as context_tokens,
        cast(sum(llm_calls.input_tokens) as double) as input_tokens,
        cast(sum(llm_calls.cache_read_tokens) as double) as cache_read_tokens,
        cast(sum(llm_calls.cache_write_5m_tokens) as double) as cache_write_5m_tokens,
        cast(sum(llm_calls.cache_write_1h_tokens) as double) as cache_write_1h_tokens,
        cast(sum(llm_calls.output_tokens) as double) as output_tokens,
        sum(llm_calls.cost_usd) as cost_usd
    from spans
    inner join marts.llm_calls
        on llm_calls.local_date >= spans.period_start and llm_calls.local_date < spans.period_end
    inner join (select distinct price_model, model_key from marts.model_prices) as prices
        on prices.price_model = llm_calls.price_model
    where llm_calls.cost_usd is not null
    group by spans.period_role, prices.model_key
),
dated as (
    select
        usage.*, prices.input_usd, prices.output_usd, prices.cache_read_usd, prices.cache_write_5m_usd,
        prices.cache_write_1h_usd,
        row_number() over (
            partition by usage.period_role, usage.model_key order by prices.effective_from desc, prices.price_model
        ) as price_rank
    from usage
    inner join marts.model_prices as prices
        on prices.model_key = usage.model_key and prices.effective_from <= usage.last_date
),
-- A call of each model in each period: what it sent, how that was made up and priced (for a million tokens of context),
-- and what it cost beyond the plain prices.
shaped as (
    select
        *,
        context_tokens / call_count as context_size,
        output_tokens / call_count as answer_length,
        case when context_tokens = 0 then 0 else input_tokens / context_tokens end as input_share,
        case when context_tokens = 0 then 0 else cache_read_tokens / context_tokens end as cache_read_share,
        case when context_tokens = 0 then 0 else cache_write_5m_tokens / context_tokens end as write_5m_share,
        case when context_tokens = 0 then 0 else cache_write_1h_tokens / context_tokens end as write_1h_share,
        input_tokens * input_usd + cache_read_tokens * cache_read_usd
            + cache_write_5m_tokens * cache_write_5m_usd + cache_write_1h_tokens * cache_write_1h_usd
            + output_tokens * output_usd as plain_microdollars
    from dated
    where price_rank = 1
),
calls as (
    select
        *,
        input_share * input_usd + cache_read_share * cache_read_usd + write_5m_share * cache_write_5m_usd
            + write_1h_share * cache_write_1h_usd as context_usd,
        case when plain_microdollars = 0 then 1 else cast(cost_usd as double) * 1000000 / plain_microdollars end
            as extra_factor
    from shaped
),
totals as (
    select
        sum(case when period_role = 'previous' then cost_usd else 0 end) as previous_usd,
        sum(case when period_role = 'current' then cost_usd else 0 end) as current_usd,
        sum(case when period_role = 'previous' then call_count else 0 end) as previous_calls,
        sum(case when period_role = 'current' then call_count else 0 end) as current_calls
    from calls
),
-- What this period's calls of a model would have cost, with ever more of it as it is. A new model is its own before.
compared as (
    select
        now.call_count, now.context_size, now.answer_length, now.context_usd, now.output_usd,
        now.input_share * before.input_usd + now.cache_read_share * before.cache_read_usd
            + now.write_5m_share * before.cache_write_5m_usd + now.write_1h_share * before.cache_write_1h_usd
            as recached_context_usd,
        before.context_usd as former_context_usd,
        before.output_usd as former_output_usd,
        before.answer_length as former_answer_length,
        before.extra_factor / 1000000 as factor,
        cast(before.cost_usd / before.call_count as double) as former_call_usd
    from calls as now
    left join calls as former on former.model_key = now.model_key and former.period_role = 'previous'
    inner join calls as before
        on before.model_key = now.model_key
        and before.period_role = case when former.model_key is null then 'current' else 'previous' end
    where now.period_role = 'current'
),
counterfactuals as (
    select
        call_count * former_call_usd as as_before,
        call_count * factor * (context_size * former_context_usd + former_answer_length * former_output_usd)
            as with_context,
        call_count * factor * (context_size * recached_context_usd + former_answer_length * former_output_usd)
            as with_cache,
        call_count * factor * (context_size * recached_context_usd + answer_length * former_output_usd)
            as with_answers,
        call_count * factor * (context_size * context_usd + answer_length * output_usd) as with_prices
    from compared
),
-- Rounded sums, of which the steps are differences: so they sum exactly, in whatever order the models were added.
levels as (
    select
        cast(round(totals.previous_usd, 6) as decimal(18, 6)) as previous_usd,
        cast(round(cast(totals.previous_usd as double) * totals.current_calls / totals.previous_calls, 4)
            as decimal(18, 6)) as calls_usd,
        cast(round(sums.as_before, 4) as decimal(18, 6)) as models_usd,
        cast(round(sums.with_context, 4) as decimal(18, 6)) as context_usd,
        cast(round(sums.with_cache, 4) as decimal(18, 6)) as cache_usd,
        cast(round(sums.with_answers, 4) as decimal(18, 6)) as answers_usd,
        cast(round(sums.with_prices, 4) as decimal(18, 6)) as prices_usd,
        cast(round(totals.current_usd, 6) as decimal(18, 6)) as current_usd
    from totals
    cross join (
        select
            sum(as_before) as as_before, sum(with_context) as with_context, sum(with_cache) as with_cache,
            sum(with_answers) as with_answers, sum(with_prices) as with_prices
        from counterfactuals
    ) as sums
    where totals.previous_usd > 0 and totals.current_usd > 0
),
final as (
    select 1 as step_number, 'previous' as step, null as change_usd, previous_usd as cost_usd from levels
    union all
    select 2, 'calls', calls_usd - previous_usd, calls_usd from levels
    union all
    select 3, 'models', models_usd - calls_usd, models_usd from levels
    union all
    select 4, 'context_size', context_usd - models_usd, context_usd from levels
    union all
    select 5, 'cache_share', cache_usd - context_usd, cache_usd from levels
    union all
    select 6, 'answer_length', answers_usd - cache_usd, answers_usd from levels
    union all
    select 7, 'prices', prices_usd - answers_usd, prices_usd from levels
    union all
    select 8, 'extras', current_usd - prices_usd, current_usd from levels
    union all
    select 9, 'current', null, current_usd from levels
)
select * from final
order by step_number
