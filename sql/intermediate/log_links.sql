-- One row per log file that has something in common with another one: with the earliest of those that have it.
-- grain: file_id, linked_file_id
-- columns:
--   file_id         log file
--   linked_file_id  the earliest that shares an event, reply, tool call, prompt or session with it
with keys as materialized (
    select * from intermediate.log_keys
),
shared as (
    select key_hash, min(file_id) as linked_file_id
    from keys
    group by key_hash
    having min(file_id) <> max(file_id)
)
select distinct k.file_id, s.linked_file_id
from keys as k
join shared as s using (key_hash)
where k.file_id <> s.linked_file_id
