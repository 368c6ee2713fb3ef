-- What a user was advised, week by week, with the numbers and sessions behind it and what was said of it.
-- grain: tip_id
-- columns:
--   tip_id           rule, weekly and week
--   rule             which rule spoke: its SQL lies in sql/tips
--   period_kind      weekly
--   period           2026-W07
--   generated_at     what it is as of: the week's end, or of a running one its last event, UTC
--   priority         high, medium or low, by the share of the week it is about
--   category         tool_usage, delegation, error_handling, prompting, cost, focus or skills
--   observation      what was seen
--   recommendation   what to do about it
--   expected_benefit what that may bring
--   metric_name      the share by which it is judged later
--   metric_value     of that week, 0 to 1
--   is_less_better   whether the metric should fall
--   metric_values    JSON {name: number}: all that the words rest on
--   session_ids      JSON list of the main sessions behind it, at most twenty, those that weigh most first
--   extractor        rules, or the provider that phrased it
--   feedback         helpful or dismissed, null where nothing was said
--   feedback_at      UTC
--   is_dismissed     whether it was dismissed
with final as (
    select
        t.tip_id, t.rule, t.period_kind, t.period, t.generated_at, t.priority, t.category,
        t.observation, t.recommendation, t.expected_benefit,
        t.metric_name, t.metric_value, t.is_less_better,
        cast(t.metric_values as varchar) as metric_values,
        cast(t.session_ids as varchar) as session_ids,
        t.extractor, f.feedback, f.feedback_at,
        coalesce(f.feedback = 'dismissed', false) as is_dismissed
    from staging.tips as t
    left join staging.tip_feedback as f using (tip_id)
)
select * from final
