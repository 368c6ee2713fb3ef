-- One row per quarter of an hour in which anything happened: how far local time is from UTC. No zone changes its
-- clock within a quarter, so times are made local by a join on it instead of one conversion each.
-- grain: quarter_at
-- columns:
--   quarter_at  begin of the quarter, UTC
--   utc_offset  to add to UTC for local time
with times as (
    select happened_at from staging.events
    union all
    select called_at as happened_at from staging.calls
    union all
    select called_at as happened_at from staging.tool_uses
    union all
    select prompted_at as happened_at from staging.prompts
),
quarters as (
    select distinct time_bucket(interval 15 minutes, happened_at) as quarter_at
    from times
    where happened_at is not null
)
select
    q.quarter_at,
    timezone(s.timezone, timezone('UTC', q.quarter_at)) - q.quarter_at as utc_offset
from quarters as q, staging.settings as s
