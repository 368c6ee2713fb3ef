-- One row per log file ever read, and what became of its lines: lines = loaded + blank + rejected.
-- grain: file_id
-- columns:
--   file_id        number in this ledger
--   source         agent that wrote it
--   path           home shown as ~
--   file_kind      main or subagent
--   size_bytes     when it was read
--   modified_at    when it was read, UTC
--   kept_days      days from its last change that the agent keeps it, null where that is not known
--   deletes_at     from when on the agent deletes it, UTC; null where that is not known
--   line_count     lines
--   loaded_line_count    lines that held at least one whole object
--   blank_line_count     empty lines
--   rejected_line_count  lines of which nothing could be read
--   object_count   whole objects; more than lines where lines were glued
--   is_gone        the file has disappeared since
--   read_error     why the file could not be read the last time, null where it could; the next sync tries again
with kept as (
    select f.file_id, min(s.cleanup_days) as kept_days
    from staging.files as f
    join staging.agent_settings as s
        on s.source = f.source
        and starts_with(replace(f.path, '\', '/'), replace(s.place, '\', '/') || '/')
    group by f.file_id
),
final as (
    select
        f.file_id, f.source,
        shortened_path(replace(f.path, '\', '/')) as path,
        f.file_kind, f.size_bytes,
        make_timestamp(f.modified_ms * 1000) as modified_at,
        k.kept_days,
        make_timestamp(f.modified_ms * 1000) + k.kept_days * interval 1 day as deletes_at,
        f.line_count, f.loaded_line_count, f.blank_line_count, f.rejected_line_count, f.object_count, f.is_gone,
        f.read_error
    from staging.files as f
    left join kept as k on k.file_id = f.file_id
)
select * from final
