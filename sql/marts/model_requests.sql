-- What Debrief itself asked of language models: the ledger of its own costs, in no figure of the agents' work.
-- grain: request_id
-- columns:
--   request_id         id
--   run_id             run that asked
--   month              2026-02, in the configured time zone; max_cost_usd.month counts by it
--   requested_at       UTC
--   purpose            facets, summary (of a part of a long session), repair, letter or tips
--   subject            the session's id, or period kind and period; (forgotten) where the session was
--   provider           anthropic, openai-compatible or claude-cli
--   model              as the provider names it
--   is_batch           in a batch, at half the price
--   status             answered, refused, unusable or unavailable
--   input_tokens       not from the cache; null where the provider does not say, as with all tokens
--   output_tokens      answered
--   cache_read_tokens  read from the cache
--   cache_write_tokens written to the cache
--   cost_usd           null where neither the provider nor the price table knows it
select
    r.request_id, r.run_id, m.month, r.requested_at, r.purpose, r.subject, r.provider, r.model, r.is_batch, r.status,
    r.input_tokens, r.output_tokens, r.cache_read_tokens, r.cache_write_tokens, r.cost_usd
from staging.model_requests as r
join intermediate.model_request_months as m using (request_id)
