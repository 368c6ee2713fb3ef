-- No call counts towards friction twice, so a session's friction on a day cannot cost more than the session did on it.
-- severity: fail
with friction as (
    select
        session_id, local_date, sum(llm_call_count) as llm_call_count, sum(total_tokens) as total_tokens,
        sum(cost_usd) as cost_usd
    from marts.friction_spans
    where llm_call_count > 0
    group by session_id, local_date
)
select f.session_id, f.local_date, f.cost_usd as friction_cost_usd, d.cost_usd
from friction as f
left join marts.session_days as d on d.session_id = f.session_id and d.local_date = f.local_date
where
    d.session_id is null or f.llm_call_count > d.llm_call_count or f.total_tokens > d.total_tokens
    or f.cost_usd > d.cost_usd
