-- Commands that wrote to the ledger, as of the last build of this warehouse; out/runs has each in full.
-- grain: run_id
-- columns:
--   run_id         id
--   command        as typed, without its flags
--   started_at     UTC
--   ended_at       UTC, null where it was cut off
--   exit_code      0 done, 1 bug, 2 user error, 3 undelivered, 4 check failed
--   warning_count  warnings it gave
select run_id, command, started_at, ended_at, exit_code, warning_count
from staging.runs
