-- What a session must measure to carry a tag: all rules of the tag must hold.
-- grain: tag, measure
select
    tag, measure, comparison, cast(threshold as decimal(18, 4)) as threshold,
    cast(needs_facets as boolean) as is_from_facets,
    count(*) over (partition by tag) as rule_count
from seeds.session_tags
