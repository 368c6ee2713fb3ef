-- One row per request that Debrief itself made of a model: the month in which the user's budget counts it.
-- grain: request_id
-- columns:
--   request_id  request
--   month       2026-02, in the configured time zone
select
    r.request_id,
    strftime(timezone(s.timezone, timezone('UTC', r.requested_at)), '%Y-%m') as month
from staging.model_requests as r
cross join staging.settings as s
