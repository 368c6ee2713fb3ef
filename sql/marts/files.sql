-- One row per log file ever read, and what became of its lines: lines = loaded + blank + rejected.
-- grain: file_id
-- columns:
--   file_id        number in this ledger
--   source         agent that wrote it
--   path           home shown as ~
--   file_kind      main or subagent
--   size_bytes     when it was read
--   modified_at    when it was read, UTC
--   line_count     lines
--   loaded_line_count    lines that held at least one whole object
--   blank_line_count     empty lines
--   rejected_line_count  lines of which nothing could be read
--   object_count   whole objects; more than lines where lines were glued
--   is_gone        the file has disappeared since
--   read_error     why the file could not be read the last time, null where it could; the next sync tries again
select
    file_id, source,
    shortened_path(replace(path, '\', '/')) as path,
    file_kind, size_bytes,
    make_timestamp(modified_ms * 1000) as modified_at,
    line_count, loaded_line_count, blank_line_count, rejected_line_count, object_count, is_gone, read_error
from staging.files
