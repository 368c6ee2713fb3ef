-- The metrics that a month can set a target for, in every month, and whether the month holds enough to tell by them.
-- Enough are a hundred tool or API calls, thirty prompts or ten sessions; of a share of the cost, with a price each.
-- grain: user_id, period, metric_name
-- columns:
--   user_id         whose logs
--   period          2026-02
--   period_start    first local date
--   metric_name     as in growth
--   metric_value    in the month
--   is_less_better  whether less of it is better
--   sample_count    of how many calls, prompts or sessions
--   is_enough       whether that is enough to tell
with counted as (
    select
        g.user_id, g.period, g.period_start, g.metric_name, g.metric_value, g.is_less_better,
        case g.metric_name
            when 'error_rate' then m.tool_call_count
            when 'friction_cost_share' then m.llm_call_count
            when 'corrections_per_prompt' then m.prompt_count
            else m.session_count
        end as sample_count,
        case g.metric_name
            when 'error_rate' then 100
            when 'friction_cost_share' then 100
            when 'corrections_per_prompt' then 30
            else 10
        end as least_count,
        g.metric_name <> 'friction_cost_share' or m.unpriced_call_count = 0 as is_known
    from marts.growth as g
    join marts.period_metrics as m
        on m.user_id = g.user_id and m.period_kind = g.period_kind and m.period = g.period
    where
        g.period_kind = 'monthly'
        and g.metric_name in (
            'friction_cost_share', 'error_rate', 'corrections_per_prompt', 'interruptions_per_session',
            'rejections_per_session', 'completion_share'
        )
),
final as (
    select
        user_id, period, period_start, metric_name, metric_value, is_less_better,
        cast(sample_count as bigint) as sample_count,
        sample_count >= least_count and is_known as is_enough
    from counted
)
select * from final
