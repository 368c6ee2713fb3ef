-- One row per line that carries usage: what the model was sent and answered, as logged (rules 1, 2, 7, 18).
-- grain: file_id, ordinal
-- reads: messages
select
    file_id, ordinal, is_mirror, session_id, parent_session_id, message_id, request_id, line_uuid,
    happened_at as called_at,
    nullif(model, '') as model,
    agent_version,
    coalesce(model, '') <> '<synthetic>' and not is_api_error as is_billed,
    greatest(coalesce(usage.input_tokens, 0), 0) as input_tokens,
    greatest(coalesce(usage.output_tokens, 0), 0) as output_tokens,
    greatest(coalesce(usage.cache_read_input_tokens, 0), 0) as cache_read_tokens,
    -- What the tiers do not name was written for five minutes, the only tier there was.
    greatest(
        coalesce(usage.cache_creation_input_tokens, 0)
        - coalesce(usage.cache_creation.ephemeral_1h_input_tokens, 0),
        coalesce(usage.cache_creation.ephemeral_5m_input_tokens, 0),
        0
    ) as cache_write_5m_tokens,
    greatest(coalesce(usage.cache_creation.ephemeral_1h_input_tokens, 0), 0) as cache_write_1h_tokens,
    greatest(coalesce(usage.server_tool_use.web_search_requests, 0), 0) as web_search_count,
    usage.speed as speed,
    nullif(usage.inference_geo, '') as inference_geo
from messages
where role = 'assistant' and usage is not null
