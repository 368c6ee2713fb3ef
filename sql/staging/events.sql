-- Timed lines as logged.
-- grain: file_id, ordinal
select * from raw.events
