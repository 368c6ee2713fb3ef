-- One row per line of the files, typed in one pass; what later steps do not need is not kept.
-- grain: none
-- reads: objects (path, json)
-- columns: path, line_bytes, is_object and nested_json are what the loader asks of every format; the rest is this
-- format's own.
with typed as (
    select
        path, json,
        case when starts_with(ltrim(json), '{') then json_transform(json, '{
            "type": "VARCHAR", "subtype": "VARCHAR", "uuid": "VARCHAR", "sessionId": "VARCHAR", "agentId": "VARCHAR",
            "timestamp": "VARCHAR", "isSidechain": "BOOLEAN", "isMeta": "BOOLEAN", "isCompactSummary": "BOOLEAN",
            "isApiErrorMessage": "BOOLEAN", "version": "VARCHAR", "cwd": "VARCHAR", "gitBranch": "VARCHAR",
            "requestId": "VARCHAR", "entrypoint": "VARCHAR", "promptSource": "VARCHAR",
            "data": {"type": "VARCHAR"},
            "attachment": {"type": "VARCHAR", "prompt": "JSON", "commandMode": "VARCHAR"},
            "toolUseResult": {"type": "VARCHAR", "structuredPatch": [{"lines": ["VARCHAR"]}]},
            "message": {
                "id": "VARCHAR", "model": "VARCHAR",
                "usage": {
                    "input_tokens": "BIGINT", "output_tokens": "BIGINT", "cache_read_input_tokens": "BIGINT",
                    "cache_creation_input_tokens": "BIGINT",
                    "cache_creation": {"ephemeral_5m_input_tokens": "BIGINT", "ephemeral_1h_input_tokens": "BIGINT"},
                    "server_tool_use": {"web_search_requests": "BIGINT"},
                    "speed": "VARCHAR", "inference_geo": "VARCHAR"
                },
                "content": [{
                    "type": "VARCHAR", "text": "VARCHAR", "id": "VARCHAR", "name": "VARCHAR", "input": "JSON",
                    "tool_use_id": "VARCHAR", "is_error": "BOOLEAN"
                }]
            }
        }') end as line
    from objects
),
final as (
    select
        path,
        strlen(json) as line_bytes,
        coalesce(starts_with(ltrim(json), '{'), false) as is_object,
        -- A sub-agent's message that its parent mirrors as progress is a line within the line (rule 18).
        case
            when line."type" = 'progress' and line.data."type" = 'agent_progress' then mirrored_line(json)
        end as nested_json,
        line."type" as line_type,
        coalesce(line.subtype, line.attachment."type") as line_subtype,
        case when line."type" in ('user', 'assistant') then line."type" end as role,
        line.uuid as line_uuid,
        line.requestId as request_id,
        instant(line.timestamp) as happened_at,
        line.sessionId as logged_session_id,
        line.agentId as agent_id,
        coalesce(line.isSidechain, false) as is_sidechain,
        coalesce(line.isMeta, false) as is_meta,
        coalesce(line.isCompactSummary, false) as is_compaction,
        coalesce(line.isApiErrorMessage, false) as is_api_error,
        line.promptSource as prompt_source,
        line.entrypoint as entrypoint,
        line.version as agent_version,
        line.cwd as working_directory,
        nullif(line.gitBranch, '') as git_branch,
        line.message.id as message_id,
        line.message.model as model,
        line.message.usage as usage,
        list_filter(line.message.content, lambda block: block."type" = 'tool_use') as tool_uses,
        list_filter(line.message.content, lambda block: block."type" = 'tool_result') as tool_results,
        -- Of a failed call the answer is read once more, for why it failed; then it is forgotten.
        case
            when role = 'user' and len(list_filter(line.message.content, lambda block: block.is_error)) > 0
                then json_extract(json, '$.message.content')
        end as failed_content,
        case
            when role is distinct from 'user' then null
            when line.message.content is null then json_extract_string(json, '$.message.content')
            else list_aggregate(
                list_transform(
                    list_filter(line.message.content, lambda block: block."type" = 'text'), lambda block: block."text"
                ),
                'string_agg', chr(10)
            )
        end as user_text,
        role = 'user' and len(list_filter(line.message.content, lambda block: block."type" = 'image')) > 0
            as has_image,
        case
            when json_type(line.attachment.prompt) = 'VARCHAR' then line.attachment.prompt ->> '$'
            else line.attachment.prompt ->> '$[0].text'
        end as queued_text,
        coalesce(line.attachment.commandMode, 'prompt') as queued_mode,
        case
            when line.toolUseResult."type" = 'create' then 'create'
            when line.toolUseResult.structuredPatch is not null then 'update'
        end as edit_operation,
        flatten(list_transform(line.toolUseResult.structuredPatch, lambda hunk: hunk.lines)) as patch_lines,
        len(list_filter(patch_lines, lambda patch_line: starts_with(patch_line, '+'))) as lines_added,
        len(list_filter(patch_lines, lambda patch_line: starts_with(patch_line, '-'))) as lines_deleted
    from typed
)
select * exclude (patch_lines) from final
