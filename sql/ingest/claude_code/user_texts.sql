-- One row per text that reached a session as the user: typed, queued, wrapped or a notice (rules 6, 8, 9).
-- grain: file_id, ordinal
-- reads: messages, lines
with spoken as (
    select
        file_id, ordinal, session_id, parent_session_id, line_uuid, happened_at, is_meta, is_compaction,
        coalesce(prompt_source, case when entrypoint like 'sdk-%' then 'headless' else 'typed' end) as prompt_source,
        parent_uuid_hash, user_text as logged_text, has_image,
        len(tool_results) > 0 as has_tool_result
    from messages
    where role = 'user' and not is_mirror and (user_text is not null or has_image)
),
queued as (
    select
        file_id, ordinal, session_id, parent_session_id, line_uuid, happened_at, is_meta, false as is_compaction,
        'queued' as prompt_source, null as parent_uuid_hash, queued_text as logged_text, false as has_image, false as has_tool_result
    from lines
    where line_type = 'attachment' and line_subtype = 'queued_command' and queued_mode = 'prompt'
        and parent_session_id is null
),
texts as (
    select *, human_text(logged_text) as prompt_text
    from (select * from spoken union all select * from queued)
),
-- A refused call is followed by a notice of the interruption that it is: one act, which counts as the rejection.
refusals as (
    select file_id, uuid_hash as parent_uuid_hash
    from lines
    where failed_content is not null and is_rejection(cast(failed_content as varchar)) and uuid_hash is not null
),
final as (
    select
        * exclude (parent_uuid_hash),
        nullif(regexp_extract(logged_text, '<command-name>\s*/?([A-Za-z0-9_:.-]+)', 1), '') as command_name,
        case
            when is_compaction or starts_with(logged_text, 'This session is being continued') then 'compaction'
            when parent_session_id is not null then 'delegation'
            when starts_with(logged_text, '[Request interrupted') and (file_id, parent_uuid_hash) in (from refusals)
                then 'wrapper'
            when starts_with(logged_text, '[Request interrupted') then 'interruption'
            when is_meta then 'wrapper'
            when contains(logged_text, '<command-name>') then 'command'
            when prompt_text is not null or coalesce(has_image, false) then 'prompt'
            else 'wrapper'
        end as text_kind
    from texts
    -- Beside a tool's answer only what a person added counts.
    where not coalesce(has_tool_result, false)
        or starts_with(logged_text, '[Request interrupted')
        or prompt_text is not null
)
select * from final
