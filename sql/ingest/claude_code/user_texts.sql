-- One row per text that reached a main session as the user: typed, queued, wrapped or a notice (rules 6, 8, 9).
-- grain: file_id, ordinal
-- reads: messages, lines, batch_files
with spoken as (
    select
        file_id, ordinal, session_id, parent_session_id, line_uuid, happened_at, is_meta, is_compaction,
        coalesce(prompt_source, case when entrypoint like 'sdk-%' then 'headless' else 'typed' end) as prompt_source,
        coalesce(plain_text, list_aggregate(
            list_transform(
                list_filter(blocks, lambda block: block."type" = 'text'), lambda block: block."text"
            ),
            'string_agg', chr(10)
        )) as logged_text,
        list_contains(block_types, 'image') as has_image,
        list_contains(block_types, 'tool_result') as has_tool_result
    from messages
    where role = 'user' and not is_mirror
),
queued as (
    select
        l.file_id, l.ordinal,
        coalesce(l.line.sessionId, f.file_stem) as session_id, null as parent_session_id,
        l.line.uuid as line_uuid, instant(l.line.timestamp) as happened_at,
        coalesce(l.line.isMeta, false) as is_meta, false as is_compaction, 'queued' as prompt_source,
        case
            when json_type(l.line.attachment.prompt) = 'VARCHAR' then l.line.attachment.prompt ->> '$'
            else l.line.attachment.prompt ->> '$[0].text'
        end as logged_text,
        false as has_image,
        false as has_tool_result
    from lines as l
    join batch_files as f using (file_id)
    where l.line."type" = 'attachment'
        and l.line.attachment."type" = 'queued_command'
        and coalesce(l.line.attachment.commandMode, 'prompt') = 'prompt'
        and f.file_kind = 'main'
        and not coalesce(l.line.isSidechain, false)
),
texts as (
    select *, human_text(logged_text) as prompt_text, coalesce(has_image, false) as is_picture
    from spoken
    -- Beside a tool's answer only what a person added counts.
    where not coalesce(has_tool_result, false)
        or starts_with(logged_text, '[Request interrupted')
        or human_text(logged_text) is not null
    union all
    select *, human_text(logged_text) as prompt_text, false as is_picture
    from queued
),
final as (
    select
        *,
        nullif(regexp_extract(logged_text, '<command-name>\s*/?([A-Za-z0-9_:.-]+)', 1), '') as command_name,
        case
            when is_compaction or starts_with(logged_text, 'This session is being continued') then 'compaction'
            when parent_session_id is not null then 'delegation'
            when starts_with(logged_text, '[Request interrupted') then 'interruption'
            when is_meta then 'wrapper'
            when contains(logged_text, '<command-name>') then 'command'
            when prompt_text is not null or is_picture then 'prompt'
            else 'wrapper'
        end as text_kind
    from texts
)
select * from final
