-- One row per timed line that is part of a session's course; progress ticks are not (later versions log none).
-- grain: file_id, ordinal
-- reads: messages, lines, user_texts, abandoned
with placed as (
    select * from messages where happened_at is not null
    union all
    select *, false as is_mirror
    from lines
    where role is null and line_type in ('system', 'attachment') and happened_at is not null
),
final as (
    select
        p.file_id, p.ordinal, p.is_mirror, p.session_id,
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
        p.event_uuid, p.happened_at,
        case
            when t.text_kind = 'command' then t.command_name
            when t.text_kind = 'wrapper' and is_extraction(t.logged_text) then 'debrief-extraction'
            when t.text_kind in ('prompt', 'delegation') and is_warm_up(t.logged_text) then 'warm-up'
            when len(p.tool_uses) > 0 then p.tool_uses[1].id
            when len(p.tool_results) > 0 then p.tool_results[1].tool_use_id
            when p.role = 'assistant' then p.message_id
            when p.role is null and t.text_kind is null then p.line_subtype
            else p.line_uuid
        end as reference,
        a.uuid_hash is not null as is_abandoned
    from placed as p
    left join user_texts as t using (file_id, ordinal)
    left join abandoned as a on a.file_id = p.file_id and a.uuid_hash = p.uuid_hash
)
select * from final
