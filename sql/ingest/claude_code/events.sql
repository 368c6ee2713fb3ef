-- One row per timed line that is part of a session's course; progress ticks are not (later versions log none).
-- grain: file_id, ordinal
-- reads: messages, lines, batch_files, user_texts
with noted as (
    select
        l.*,
        false as is_mirror,
        session_of(f.file_kind, f.file_stem, l.logged_session_id, l.is_sidechain, l.agent_id) as session_id,
        parent_of(f.file_kind, f.file_stem, l.logged_session_id, l.is_sidechain) as parent_session_id
    from lines as l
    join batch_files as f using (file_id)
    where l.role is null and l.line_type in ('system', 'attachment')
),
placed as (
    select * from messages where happened_at is not null
    union all
    select * from noted where happened_at is not null
),
final as (
    select
        p.file_id, p.ordinal, p.is_mirror, p.session_id, p.parent_session_id,
        case
            when p.role = 'assistant' and p.is_api_error then 'api_error'
            when p.role = 'assistant' and len(p.tool_uses) > 0 then 'tool_call'
            when p.role = 'assistant' then 'assistant'
            when t.text_kind is not null then t.text_kind
            when p.role is null and p.line_subtype = 'compact_boundary' then 'compaction_boundary'
            when p.role is null and p.line_subtype = 'api_error' then 'api_retry'
            when p.role is null then p.line_type
            when p.failed_content is not null then 'tool_error'
            when len(p.tool_results) > 0 then 'tool_result'
            else 'delegation'
        end as event_kind,
        coalesce(try_cast(p.line_uuid as uuid), cast(md5(p.line_uuid) as uuid)) as event_uuid,
        p.happened_at, p.working_directory, p.git_branch, p.agent_version, p.entrypoint,
        case
            when t.text_kind = 'command' then t.command_name
            when len(p.tool_uses) > 0 then p.tool_uses[1].id
            when len(p.tool_results) > 0 then p.tool_results[1].tool_use_id
            when p.role = 'assistant' then p.message_id
            when p.role is null and t.text_kind is null then p.line_subtype
            else p.line_uuid
        end as reference
    from placed as p
    left join user_texts as t using (file_id, ordinal)
)
select * from final
