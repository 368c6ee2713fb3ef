-- One row per name that the rows to be loaded give to anything: to be looked through for secrets before they are kept.
-- grain: name
-- reads: lines, nested_lines, messages, places, user_texts, called_tools
with models as (
    select distinct model, agent_version, speed, inference_geo
    from messages
    where role = 'assistant'
),
types as (
    select distinct line_type, line_subtype from lines
    union
    select distinct line_type, line_subtype from nested_lines
),
names as (
    select unnest([working_directory, git_branch, agent_version, entrypoint]) as name from places
    union
    select unnest([model, agent_version, speed, inference_geo]) from models
    union
    select unnest([line_type, line_subtype]) from types
    union
    select prompt_source from user_texts
    union
    select command_name from user_texts
    union
    select named_target from called_tools
    union
    select tool_name from called_tools
    union
    select unnest(list_transform(advisor_usage, lambda part: part.model)) from messages
)
select name from names where name is not null
