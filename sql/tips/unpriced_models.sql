-- Calls of models that the price table does not know, so that every cost is too low.
-- floor: 20 calls
-- fires: 5 % of them, and 5
-- columns:
--   unpriced_call_count  calls without a price
--   model_count          models without a price
--   model                the one called most
--   session_count        sessions in which it happened
with calls as (
    select llm_calls.*, coalesce(sessions.parent_session_id, sessions.session_id) as main_session_id
    from marts.llm_calls
    inner join marts.sessions on sessions.session_id = llm_calls.session_id and not sessions.is_extraction
    inner join period
        on llm_calls.local_date >= period.period_start and llm_calls.local_date < period.period_end
),
unknown as (
    select
        count(*) as model_count,
        arg_max(model, (call_count, model)) as model
    from (select model, count(*) as call_count from calls where cost_usd is null group by model) as models
),
by_session as (
    select main_session_id, count(*) as call_count, count(*) filter (where cost_usd is null) as unpriced_call_count
    from calls
    group by main_session_id
),
final as (
    select
        'unpriced_call_share' as metric_name,
        round(cast(sum(unpriced_call_count) as double) / sum(call_count), 4) as metric_value,
        cast(sum(call_count) as bigint) as sample_count,
        true as is_less_better,
        sum(unpriced_call_count) >= 5
            and sum(unpriced_call_count) >= 0.05 * sum(call_count) as is_firing,
        round(
            cast(sum(unpriced_call_count) as double) / sum(call_count), 4
        ) as size_share,
        coalesce(
            (list(main_session_id order by unpriced_call_count desc, main_session_id) filter (where unpriced_call_count > 0))[1:20], []
        ) as session_ids,
        cast(sum(unpriced_call_count) as bigint) as unpriced_call_count,
        any_value(model_count) as model_count,
        any_value(model) as model,
        count(*) filter (where unpriced_call_count > 0) as session_count
    from by_session
    cross join unknown
    having sum(call_count) >= 20
)
select * from final
