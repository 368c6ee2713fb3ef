-- One row per line of the files, typed in one pass; what later steps do not need is not kept.
-- grain: none
-- reads: objects (file_id, file_kind, file_stem, ordinal, line_number, json)
-- columns: file_id, ordinal, line_number, line_bytes, is_object, problem and nested_json are what the loader asks of every
-- format: problem says what is wrong with a whole object, which is then rejected; the rest is this format's own.
with typed as (
    select
        *,
        -- Numbers, times and flags are read as text, so that one of a wrong type is seen and not taken for none.
        case when is_object then json_transform(json, '{
            "type": "VARCHAR", "subtype": "VARCHAR", "uuid": "VARCHAR", "parentUuid": "VARCHAR",
            "sessionId": "VARCHAR", "agentId": "VARCHAR", "timestamp": "VARCHAR", "isSidechain": "VARCHAR",
            "isMeta": "VARCHAR", "isCompactSummary": "VARCHAR", "isApiErrorMessage": "VARCHAR", "version": "VARCHAR",
            "cwd": "VARCHAR", "gitBranch": "VARCHAR", "requestId": "VARCHAR", "entrypoint": "VARCHAR",
            "promptSource": "VARCHAR", "slug": "VARCHAR",
            "data": {"type": "VARCHAR"},
            "attachment": {"type": "VARCHAR", "prompt": "JSON", "commandMode": "VARCHAR"},
            "toolUseResult": {
                "type": "VARCHAR", "searchCount": "VARCHAR", "structuredPatch": [{"lines": ["VARCHAR"]}]
            },
            "message": {
                "id": "VARCHAR", "model": "VARCHAR",
                "usage": {
                    "input_tokens": "VARCHAR", "output_tokens": "VARCHAR", "cache_read_input_tokens": "VARCHAR",
                    "cache_creation_input_tokens": "VARCHAR",
                    "cache_creation": {"ephemeral_5m_input_tokens": "VARCHAR", "ephemeral_1h_input_tokens": "VARCHAR"},
                    "server_tool_use": "JSON",
                    "speed": "VARCHAR", "inference_geo": "VARCHAR",
                    "iterations": [{
                        "type": "VARCHAR", "model": "VARCHAR", "input_tokens": "VARCHAR", "output_tokens": "VARCHAR",
                        "cache_read_input_tokens": "VARCHAR", "cache_creation_input_tokens": "VARCHAR",
                        "cache_creation": {
                            "ephemeral_5m_input_tokens": "VARCHAR", "ephemeral_1h_input_tokens": "VARCHAR"
                        }
                    }]
                },
                "content": [{
                    "type": "VARCHAR", "text": "VARCHAR", "id": "VARCHAR", "name": "VARCHAR", "input": "JSON",
                    "tool_use_id": "VARCHAR", "is_error": "VARCHAR"
                }]
            }
        }') end as line
    from (
        -- Few lines begin with white space, and trimming copies them.
        select
            *,
            case
                when starts_with(json, '{') then true
                else coalesce(starts_with(ltrim(left(json, 64)), '{'), false)
            end as is_object
        from objects
    )
),
lines as (
    select
        file_id, ordinal, line_number, json, is_object,
        strlen(json) as line_bytes,
        -- A sub-agent's message that its parent mirrors as progress is a line within the line (rule 18).
        case
            when line."type" = 'progress' and line.data."type" = 'agent_progress' then mirrored_line(json)
        end as nested_json,
        line."type" as line_type,
        coalesce(line.subtype, line.attachment."type") as line_subtype,
        case when line."type" in ('user', 'assistant') then line."type" end as role,
        instant(line.timestamp) as happened_at,
        session_of(file_kind, file_stem, line.sessionId, line.isSidechain = 'true', line.agentId) as session_id,
        parent_of(file_kind, file_stem, line.sessionId, line.isSidechain = 'true') as parent_session_id,
        coalesce(line.isMeta = 'true', false) as is_meta,
        coalesce(line.isCompactSummary = 'true', false) as is_compaction,
        coalesce(line.isApiErrorMessage = 'true', false) as is_api_error,
        line.promptSource as prompt_source,
        line.entrypoint as entrypoint,
        line.version as agent_version,
        line.cwd as working_directory,
        line.slug as plan_slug,
        nullif(line.gitBranch, '') as git_branch,
        line.message.id as message_id,
        line.requestId as request_id,
        line.message.model as model,
        try_cast(line.message.usage.input_tokens as bigint) as input_tokens,
        try_cast(line.message.usage.output_tokens as bigint) as output_tokens,
        try_cast(line.message.usage.cache_read_input_tokens as bigint) as cache_read_tokens,
        try_cast(line.message.usage.cache_creation_input_tokens as bigint) as cache_write_tokens,
        try_cast(line.message.usage.cache_creation.ephemeral_5m_input_tokens as bigint) as cache_write_5m_tokens,
        try_cast(line.message.usage.cache_creation.ephemeral_1h_input_tokens as bigint) as cache_write_1h_tokens,
        case
            when contains(line.message.usage.server_tool_use, 'web_search_requests')
                then line.message.usage.server_tool_use ->> '$.web_search_requests'
        end as logged_search_count,
        try_cast(logged_search_count as bigint) as web_search_count,
        line.message.usage.speed as speed,
        nullif(line.message.usage.inference_geo, '') as inference_geo,
        case
            when line.message.usage.iterations is not null
                then list_filter(line.message.usage.iterations, lambda part: part."type" = 'advisor_message')
        end as advisor_usage,
        case
            when role = 'assistant' then list_transform(
                list_filter(line.message.content, lambda block: block."type" = 'tool_use'),
                lambda block: struct_pack(
                    id := block.id, name := coalesce(block.name, 'unknown'),
                    input := json_transform(block.input, '{
                        "file_path": "VARCHAR", "notebook_path": "VARCHAR", "path": "VARCHAR", "command": "VARCHAR",
                        "url": "VARCHAR", "subagent_type": "VARCHAR", "skill": "VARCHAR"
                    }'),
                    input_hash := hash(block.name, cast(block.input as varchar)),
                    written_line_count := case
                        when block.name = 'Write' then line_count_of(block.input ->> 'content')
                    end
                )
            )
        end as tool_uses,
        case
            when role = 'user' then list_transform(
                list_filter(line.message.content, lambda block: block."type" = 'tool_result'),
                lambda block: struct_pack(tool_use_id := block.tool_use_id, is_error := block.is_error = 'true')
            )
        end as tool_results,
        -- Of a failed call the answer is read once more, for why it failed; then it is forgotten.
        case
            when role = 'user' and len(list_filter(line.message.content, lambda block: block.is_error = 'true')) > 0
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
        -- What knows no other name is known by its line's.
        case
            when role = 'user' and user_text is not null or role is null or line.message.id is null then line.uuid
        end as line_uuid,
        coalesce(try_cast(line.uuid as uuid), cast(md5(line.uuid) as uuid)) as event_uuid,
        -- What a line follows is only ever compared within its file: a hash does, and takes a tenth of the time.
        case when line.uuid is not null then hash(line.uuid) end as uuid_hash,
        case when line.parentUuid is not null then hash(line.parentUuid) end as parent_uuid_hash,
        case
            when line.attachment.prompt is null then null
            when json_type(line.attachment.prompt) = 'VARCHAR' then line.attachment.prompt ->> '$'
            else line.attachment.prompt ->> '$[0].text'
        end as queued_text,
        case when queued_text is not null then coalesce(line.attachment.commandMode, 'prompt') end as queued_mode,
        try_cast(line.toolUseResult.searchCount as bigint) as search_count,
        case
            when line.toolUseResult."type" = 'create' then 'create'
            when line.toolUseResult.structuredPatch is not null then 'update'
        end as edit_operation,
        flatten(list_transform(line.toolUseResult.structuredPatch, lambda hunk: hunk.lines)) as patch_lines,
        len(list_filter(patch_lines, lambda patch_line: starts_with(patch_line, '+'))) as lines_added,
        len(list_filter(patch_lines, lambda patch_line: starts_with(patch_line, '-'))) as lines_deleted,
        -- Where a field is missing or of another type, the line itself says which (the struct says null for both).
        case
            when role is not null and line.message.content is null
                then json_type(json, ['$.message', '$.message.content'])
        end as message_types,
        case
            when role = 'assistant' and (
                line.message.usage.input_tokens is null
                or line.message.usage.cache_creation.ephemeral_5m_input_tokens is null and cache_write_tokens > 0
            ) then json_type(json, ['$.message.usage', '$.message.usage.cache_creation'])
        end as usage_types,
        line
    from typed
),
final as (
    select
        * exclude (json, line, patch_lines, message_types, usage_types, logged_search_count),
        coalesce(
            input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, cache_write_5m_tokens,
            cache_write_1h_tokens
        ) is not null as has_usage,
        case
            when not is_object then null
            when is_nested(line_type) or is_number(line_type) or is_flag(line_type)
                then 'expected text in type'
            when line.timestamp is not null and happened_at is null
                then 'expected an instant from 1970 to 2199 in timestamp'
            when not is_flag(line.isSidechain) then 'expected true or false in isSidechain'
            when not is_flag(line.isMeta) then 'expected true or false in isMeta'
            when not is_flag(line.isCompactSummary) then 'expected true or false in isCompactSummary'
            when not is_flag(line.isApiErrorMessage) then 'expected true or false in isApiErrorMessage'
            when is_nested(line.uuid) then 'expected text in uuid'
            when is_nested(line.parentUuid) then 'expected text in parentUuid'
            when is_nested(line.sessionId) then 'expected text in sessionId'
            when is_nested(line.agentId) then 'expected text in agentId'
            when is_nested(line.version) then 'expected text in version'
            when is_nested(line.cwd) then 'expected text in cwd'
            when is_nested(line.gitBranch) then 'expected text in gitBranch'
            when role is null then null
            when is_nested(line.requestId) then 'expected text in requestId'
            when is_nested(message_id) then 'expected text in message.id'
            when is_nested(model) then 'expected text in message.model'
            when message_types[1] not in ('OBJECT', 'NULL') then 'expected an object in message'
            when message_types[2] not in ('VARCHAR', 'NULL') then 'expected text or blocks in message.content'
            when len(list_filter(line.message.content, lambda block: block."type" is null)) > 0
                then 'expected blocks with a type in message.content'
            when no_count(line.toolUseResult.searchCount) then 'expected a whole number in toolUseResult.searchCount'
            when role = 'user' then null
            when len(list_filter(usage_types, lambda kind: kind not in ('OBJECT', 'NULL'))) > 0
                then 'expected an object in message.usage'
            when no_count(line.message.usage.input_tokens)
                then 'expected a whole number in message.usage.input_tokens'
            when no_count(line.message.usage.output_tokens)
                then 'expected a whole number in message.usage.output_tokens'
            when no_count(line.message.usage.cache_read_input_tokens)
                then 'expected a whole number in message.usage.cache_read_input_tokens'
            when no_count(line.message.usage.cache_creation_input_tokens)
                then 'expected a whole number in message.usage.cache_creation_input_tokens'
            when no_count(line.message.usage.cache_creation.ephemeral_5m_input_tokens)
                then 'expected a whole number in message.usage.cache_creation.ephemeral_5m_input_tokens'
            when no_count(line.message.usage.cache_creation.ephemeral_1h_input_tokens)
                then 'expected a whole number in message.usage.cache_creation.ephemeral_1h_input_tokens'
            when no_count(logged_search_count)
                or line.message.usage.server_tool_use is not null
                and not starts_with(line.message.usage.server_tool_use, '{')
                then 'expected a whole number in message.usage.server_tool_use.web_search_requests'
            when len(list_filter(advisor_usage, lambda part:
                no_count(part.input_tokens) or no_count(part.output_tokens)
                or no_count(part.cache_read_input_tokens) or no_count(part.cache_creation_input_tokens)
            )) > 0 then 'expected whole numbers in message.usage.iterations'
        end as problem
    from lines
)
select * from final
