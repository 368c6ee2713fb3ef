-- The metrics whose growth is told: which way is better, and whether getting better is a skill or only more of something.
-- grain: metric_name
select
    metric_name, cast(is_less_better as boolean) as is_less_better, cast(is_skill as boolean) as is_skill
from seeds.growth_metrics
