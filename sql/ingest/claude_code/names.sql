-- One row per name that the rows to be loaded give to anything: to be looked through for secrets before they are kept.
-- grain: name
-- reads: lines, nested_lines, user_texts, called_tools
with combinations as (
    select distinct
        working_directory, git_branch, agent_version, entrypoint, model, speed, inference_geo, prompt_source, line_type,
        line_subtype
    from lines
    union
    select distinct
        working_directory, git_branch, agent_version, entrypoint, model, speed, inference_geo, prompt_source, line_type,
        line_subtype
    from nested_lines
),
names as (
    select unnest([
        working_directory, git_branch, agent_version, entrypoint, model, speed, inference_geo, prompt_source, line_type,
        line_subtype
    ]) as name
    from combinations
    union
    select named_target from called_tools
    union
    select tool_name from called_tools
    union
    select command_name from user_texts
    union
    select unnest(list_transform(advisor_usage, lambda part: part.model)) from lines
    union
    select unnest(list_transform(advisor_usage, lambda part: part.model)) from nested_lines
)
select name from names where name is not null
