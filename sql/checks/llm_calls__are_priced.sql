-- Models without a price make a cost a lower bound; the report lists them.
-- severity: warn
select coalesce(model, '(no model)') as model, count(*) as call_count
from marts.llm_calls
where cost_usd is null
group by model
order by call_count desc, model
