-- One row per event id that more than one line has: in forks and resumes, in mirrors, or in the same file again.
-- grain: event_uuid
-- columns:
--   event_uuid  as logged
select event_uuid
from staging.events
where event_uuid is not null
group by event_uuid
having count(*) > 1
