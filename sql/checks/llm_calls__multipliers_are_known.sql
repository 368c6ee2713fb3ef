-- Fast mode and regions that the price table does not know are priced as if they cost nothing more.
-- severity: warn
select
    coalesce(model, '(no model)') as model, coalesce(speed, 'standard') as speed,
    coalesce(inference_geo, '(no region)') as inference_geo, count(*) as call_count
from marts.llm_calls
where cost_usd is not null and (speed_multiplier is null or region_multiplier is null)
group by model, speed, inference_geo
order by call_count desc, model, speed, inference_geo
