-- One row per API call that was billed: tokens and list price, each call once however often it was logged.
-- grain: llm_call_id
-- patched by: session_id
-- columns:
--   llm_call_id      message id and request id, or what the log has of them
--   session_id       session that made the call
--   source           agent that wrote the log
--   project          of the session
--   called_at        UTC
--   local_date       of called_at in the configured time zone
--   local_hour       0 to 23
--   local_weekday    1 Monday to 7 Sunday
--   week             2026-W07
--   model            as logged
--   agent_version    version of the agent that wrote the record
--   input_tokens     not from the cache
--   output_tokens    answered
--   cache_read_tokens      read from the cache
--   cache_write_5m_tokens  written to the cache for five minutes
--   cache_write_1h_tokens  written to the cache for an hour
--   cache_write_tokens     both
--   context_tokens   all that was sent: input, cache reads and writes
--   web_search_count searches the server made
--   speed            fast, standard or null, as logged
--   inference_geo    region of inference, as logged
--   speed_multiplier   what fast mode multiplies token prices by, null where the price table does not say
--   region_multiplier  what the region multiplies token prices by, null where the price table does not say
--   cost_usd         at list price, null when the model has no price
--   logged_cost_usd  what the agent itself says it cost, null where it does not say; in no sum
--   price_model      row of the price table that applied, null without one
--   is_subagent      a sub-agent made the call
with localized as (
    select
        c.*,
        c.called_at + q.utc_offset as local_at
    from intermediate.llm_calls_priced as c
    left join intermediate.local_quarters as q on q.quarter_at = time_bucket(interval 15 minutes, c.called_at)
),
final as (
    select
        c.llm_call_id, c.session_id, p.source, p.project, c.called_at,
        cast(c.local_at as date) as local_date,
        hour(c.local_at) as local_hour,
        d.local_weekday, d.week,
        c.model, c.agent_version, c.input_tokens, c.output_tokens, c.cache_read_tokens, c.cache_write_5m_tokens,
        c.cache_write_1h_tokens, c.cache_write_tokens, c.context_tokens, c.web_search_count, c.speed,
        c.inference_geo, c.speed_multiplier, c.region_multiplier, c.cost_usd, c.logged_cost_usd, c.price_model,
        c.is_subagent
    from localized as c
    left join intermediate.session_spine as p using (session_id)
    left join intermediate.calendar as d on d.local_date = cast(c.local_at as date)
)
select * from final
