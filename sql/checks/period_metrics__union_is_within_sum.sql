-- Parallel sessions counted once cannot be more than counted each.
-- severity: fail
select period, active_seconds, active_union_seconds
from marts.period_metrics
where active_union_seconds > active_seconds
