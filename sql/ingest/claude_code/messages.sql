-- One row per user or assistant message, written directly or mirrored by a parent as progress (rule 18).
-- grain: file_id, ordinal
-- reads: lines (the batch as parsed), batch_files
with direct as (
    select
        file_id, ordinal, line, false as is_mirror,
        line."type" as role, line.uuid as line_uuid, line.requestId as request_id, line.timestamp as logged_at,
        line.message as message, line.toolUseResult as tool_use_result,
        line.isSidechain as is_sidechain, line.agentId as agent_id
    from lines
    where line."type" in ('user', 'assistant')
),
mirrored as (
    select
        file_id, ordinal, line, true as is_mirror,
        line.data.message."type" as role, line.data.message.uuid as line_uuid,
        line.data.message.requestId as request_id, line.data.message.timestamp as logged_at,
        line.data.message.message as message, line.data.message.toolUseResult as tool_use_result,
        true as is_sidechain, line.data.agentId as agent_id
    from lines
    where line."type" = 'progress'
        and line.data."type" = 'agent_progress'
        and line.data.message."type" in ('user', 'assistant')
),
messages as (
    select * from direct
    union all
    select * from mirrored
),
final as (
    select
        m.file_id, m.ordinal, m.is_mirror, m.role, m.line_uuid, m.request_id, m.tool_use_result,
        instant(m.logged_at) as happened_at,
        session_of(f.file_kind, f.file_stem, m.line.sessionId, m.is_sidechain, m.agent_id) as session_id,
        parent_of(f.file_kind, f.file_stem, m.line.sessionId, m.is_sidechain) as parent_session_id,
        m.message.id as message_id,
        m.message.model as model,
        m.message.usage as usage,
        case when json_type(m.message.content) = 'VARCHAR' then m.message.content ->> '$' end as plain_text,
        from_json(m.message.content, '[{
            "type": "VARCHAR", "text": "VARCHAR", "id": "VARCHAR", "name": "VARCHAR", "input": "JSON",
            "tool_use_id": "VARCHAR", "content": "JSON", "is_error": "BOOLEAN"
        }]') as blocks,
        list_transform(blocks, lambda block: block."type") as block_types,
        coalesce(m.line.isApiErrorMessage, false) as is_api_error,
        coalesce(m.line.isMeta, false) as is_meta,
        coalesce(m.line.isCompactSummary, false) as is_compaction,
        m.line.promptSource as prompt_source,
        m.line.entrypoint as entrypoint,
        m.line.version as agent_version,
        m.line.cwd as working_directory,
        nullif(m.line.gitBranch, '') as git_branch
    from messages as m
    join batch_files as f using (file_id)
)
select * from final
