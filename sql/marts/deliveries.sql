-- What was sent where, recorded before each request and settled after its answer.
-- grain: delivery_id
-- columns:
--   delivery_id  target, period kind and period
--   target       s3, or discord: and the webhook's id
--   period_kind  weekly or monthly
--   period       2026-W07 or 2026-02
--   status       intended, delivered, failed or unknown
--   remote_id    message id or object key
--   intended_at  UTC
--   settled_at   UTC, null where no answer came
--   error        what went wrong
select delivery_id, target, period_kind, period, status, remote_id, intended_at, settled_at, error
from staging.deliveries
