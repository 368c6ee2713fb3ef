-- The log files that a session's calls and prompts were read from: what tells late data from a mended parser.
-- grain: session_id
-- columns:
--   session_id      as logged
--   log_bytes       size of the files together
--   parser_version  the newest that read one of them
--   last_file_id    the file known last
--   modified_at     when the agent last wrote one of them, UTC
with sessions as (
    select distinct session_id, file_id from staging.calls
    union
    select distinct session_id, file_id from staging.prompts
),
final as (
    select
        s.session_id,
        cast(sum(f.size_bytes) as bigint) as log_bytes,
        max(f.parser_version) as parser_version,
        max(f.file_id) as last_file_id,
        max(make_timestamp_ms(f.modified_ms)) as modified_at
    from sessions as s
    join staging.files as f using (file_id)
    group by s.session_id
)
select * from final
