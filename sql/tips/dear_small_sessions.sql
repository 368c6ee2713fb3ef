-- Small sessions on the dearest of the models that you use.
-- floor: 5 small sessions (at most two prompts, ten tool calls and no edit) in a week with two models or more, of 20 calls and more in four weeks
-- fires: half of them, and 3, ran on the dearest model, and cost $0.25
-- columns:
--   dear_session_count  small sessions on the dearest model
--   session_count       small sessions
--   dear_model          the dearest model by the token
--   cheap_model         the cheapest
--   dear_cost_usd       what those sessions cost
--   price_ratio         how many times the cheapest the dearest costs by the token, as you used both
--   saving_usd          what the same tokens would have saved on the cheapest
with used as (
    select
        llm_calls.model,
        sum(llm_calls.cost_usd) / sum(llm_calls.context_tokens + llm_calls.output_tokens) as token_usd
    from marts.llm_calls
    inner join period
        on llm_calls.local_date >= period.period_end - 28 and llm_calls.local_date < period.period_end
    where llm_calls.cost_usd > 0
    group by llm_calls.model
    having count(*) >= 20
),
models as (
    select
        count(*) as model_count,
        arg_max(model, (token_usd, model)) as dear_model,
        arg_min(model, (token_usd, model)) as cheap_model,
        max(token_usd) / min(token_usd) as price_ratio
    from used
),
mains as (
    select sessions.*
    from marts.sessions
    inner join period
        on sessions.local_date >= period.period_start and sessions.local_date < period.period_end
    where not sessions.is_subagent and not sessions.is_extraction and sessions.prompt_count > 0
),
small as (
    select
        mains.session_id as main_session_id,
        mains.cost_usd,
        coalesce(mains.model = models.dear_model, false) as is_dear
    from mains
    cross join models
    where mains.prompt_count <= 2 and mains.tool_call_count <= 10 and mains.files_touched_count = 0
        and mains.cost_usd is not null and models.model_count >= 2
),
totals as (
    select
        count(*) as session_count,
        count(*) filter (where is_dear) as dear_session_count,
        coalesce(sum(cost_usd) filter (where is_dear), 0) as dear_cost_usd,
        coalesce(
            (list(main_session_id order by cost_usd desc, main_session_id) filter (where is_dear))[1:20], []
        ) as session_ids
    from small
),
final as (
    select
        'dear_small_session_share' as metric_name,
        round(cast(dear_session_count as double) / session_count, 4) as metric_value,
        session_count as sample_count,
        true as is_less_better,
        dear_session_count >= 3 and 2 * dear_session_count >= session_count and dear_cost_usd >= 0.25
            and price_ratio >= 1.5 as is_firing,
        round(
            cast(dear_cost_usd as double) / nullif((select sum(cost_with_subagents_usd) from mains), 0), 4
        ) as size_share,
        session_ids,
        dear_session_count,
        session_count,
        dear_model,
        cheap_model,
        round(cast(dear_cost_usd as double), 4) as dear_cost_usd,
        round(cast(price_ratio as double), 1) as price_ratio,
        round(cast(dear_cost_usd as double) * (1 - 1 / cast(price_ratio as double)), 4) as saving_usd
    from totals
    cross join models
    where session_count >= 5
)
select * from final
