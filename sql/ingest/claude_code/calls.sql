-- One row per line that carries usage: what the model was sent and answered, as logged; and one for each advisor that
-- was asked along the way, whose tokens the reply's own do not include (rules 1, 2, 7, 13, 18).
-- grain: file_id, ordinal, advisor_number
-- reads: messages
with advisors as (
    select *, unnest(advisor_usage) as part, generate_subscripts(advisor_usage, 1) as advisor_number
    from messages
    where role = 'assistant' and len(advisor_usage) > 0
),
used as (
    select
        *, 0 as advisor_number
    from messages
    where role = 'assistant' and has_usage
    union all by name
    select
        * exclude (part) replace (
            part.model as model,
            try_cast(part.input_tokens as bigint) as input_tokens,
            try_cast(part.output_tokens as bigint) as output_tokens,
            try_cast(part.cache_read_input_tokens as bigint) as cache_read_tokens,
            try_cast(part.cache_creation_input_tokens as bigint) as cache_write_tokens,
            try_cast(part.cache_creation.ephemeral_5m_input_tokens as bigint) as cache_write_5m_tokens,
            try_cast(part.cache_creation.ephemeral_1h_input_tokens as bigint) as cache_write_1h_tokens,
            0 as web_search_count
        )
    from advisors
)
select
    file_id, ordinal, advisor_number, is_mirror, session_id,
    parent_session_id is not null as is_subagent,
    message_id, request_id, line_uuid,
    happened_at as called_at,
    nullif(model, '') as model,
    agent_version,
    coalesce(model, '') <> '<synthetic>' and not is_api_error as is_billed,
    coalesce(input_tokens, 0) as input_tokens,
    coalesce(output_tokens, 0) as output_tokens,
    coalesce(cache_read_tokens, 0) as cache_read_tokens,
    -- What the tiers do not name was written for five minutes, the only tier there was.
    greatest(coalesce(cache_write_tokens, 0) - coalesce(cache_write_1h_tokens, 0), coalesce(cache_write_5m_tokens, 0), 0)
        as cache_write_5m_tokens,
    coalesce(cache_write_1h_tokens, 0) as cache_write_1h_tokens,
    coalesce(web_search_count, 0) as web_search_count,
    speed, inference_geo
from used
