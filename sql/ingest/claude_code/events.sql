-- One row per timed line that is part of a session's course; progress ticks are not (later versions log none).
-- grain: file_id, ordinal
-- reads: messages, user_texts, lines, batch_files
with spoken as (
    select
        m.file_id, m.ordinal, m.is_mirror, m.session_id, m.parent_session_id, m.line_uuid, m.happened_at,
        m.working_directory, m.git_branch, m.agent_version, m.entrypoint,
        case
            when m.role = 'assistant' and m.is_api_error then 'api_error'
            when m.role = 'assistant' and list_contains(m.block_types, 'tool_use') then 'tool_call'
            when m.role = 'assistant' then 'assistant'
            when t.text_kind is not null then t.text_kind
            when not list_contains(m.block_types, 'tool_result') then 'delegation'
            when len(list_filter(m.blocks, lambda block: block.is_error)) > 0 then 'tool_error'
            else 'tool_result'
        end as event_kind,
        case
            when t.text_kind = 'command' then t.command_name
            when m.role = 'assistant' and list_contains(m.block_types, 'tool_use')
                then m.blocks[list_position(m.block_types, 'tool_use')].id
            when m.role = 'assistant' then m.message_id
            when list_contains(m.block_types, 'tool_result')
                then m.blocks[list_position(m.block_types, 'tool_result')].tool_use_id
            else m.line_uuid
        end as reference
    from messages as m
    left join user_texts as t using (file_id, ordinal)
),
noted as (
    select
        l.file_id, l.ordinal, false as is_mirror,
        session_of(f.file_kind, f.file_stem, l.line.sessionId, l.line.isSidechain, l.line.agentId) as session_id,
        parent_of(f.file_kind, f.file_stem, l.line.sessionId, l.line.isSidechain) as parent_session_id,
        l.line.uuid as line_uuid,
        instant(l.line.timestamp) as happened_at,
        l.line.cwd as working_directory, nullif(l.line.gitBranch, '') as git_branch,
        l.line.version as agent_version, l.line.entrypoint as entrypoint,
        case
            when t.text_kind is not null then t.text_kind
            when l.line.subtype = 'compact_boundary' then 'compaction_boundary'
            when l.line.subtype = 'api_error' then 'api_retry'
            else l.line."type"
        end as event_kind,
        coalesce(l.line.subtype, l.line.attachment."type") as reference
    from lines as l
    join batch_files as f using (file_id)
    left join user_texts as t using (file_id, ordinal)
    where l.line."type" in ('system', 'attachment')
),
events as (
    select * from spoken
    union all by name
    select * from noted
)
select
    file_id, ordinal, is_mirror, session_id, parent_session_id, event_kind,
    coalesce(try_cast(line_uuid as uuid), cast(md5(line_uuid) as uuid)) as event_uuid,
    happened_at, working_directory, git_branch, agent_version, entrypoint, reference
from events
where happened_at is not null
