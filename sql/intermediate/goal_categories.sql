-- One row per session with facets: the category of its main goal, as the evidence names it, else the most counted.
-- grain: session_id
-- columns:
--   session_id     session
--   goal_category  implement_feature, fix_bug, refactor, write_tests, review_code, explain_explore, docs, config_devops, git_ops, plan_design, research or other
with judged as (
    select
        session_id,
        facets -> 'goal_categories' as goal_categories,
        list_filter(
            from_json(facets -> 'evidence', '[{"field": "VARCHAR", "value": "VARCHAR"}]'),
            lambda item: item.field = 'goal_categories'
        )[1]."value" as named_category
    from staging.facets
),
counted as (
    select session_id, goal_categories, named_category, unnest(json_keys(goal_categories)) as goal_category
    from judged
),
ranked as (
    select
        session_id, goal_category,
        row_number() over (
            partition by session_id
            order by
                goal_category is not distinct from named_category desc,
                cast(json_extract_string(goal_categories, '$."' || goal_category || '"') as integer) desc,
                goal_category
        ) as rank
    from counted
)
select session_id, goal_category
from ranked
where rank = 1
