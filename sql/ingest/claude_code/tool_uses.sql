-- One row per tool call in a message: what was called and on what, without its arguments.
-- grain: file_id, ordinal, block_number
-- reads: messages
with blocks as (
    select
        m.file_id, m.ordinal, m.is_mirror, m.session_id, m.parent_session_id, m.happened_at,
        unnest(m.blocks) as block, generate_subscripts(m.blocks, 1) as block_number
    from messages as m
    where m.role = 'assistant' and m.blocks is not null
),
uses as (
    select *, block.name as tool_name, block.input as input, block.input ->> 'command' as command
    from blocks
    where block."type" = 'tool_use'
),
final as (
    select
        file_id, ordinal, block_number, is_mirror, session_id, parent_session_id,
        block.id as tool_call_id,
        coalesce(tool_name, 'unknown') as tool_name,
        happened_at as called_at,
        case
            when tool_name in ('Read', 'Edit', 'Write', 'MultiEdit') then input ->> 'file_path'
            when tool_name in ('NotebookEdit', 'NotebookRead') then input ->> 'notebook_path'
            when tool_name in ('Grep', 'Glob', 'LS') then input ->> 'path'
            when tool_name = 'Bash' then program_of(command)
            when tool_name = 'WebFetch' then regexp_extract(input ->> 'url', '^[a-z]+://([^/:?#]+)', 1)
            when tool_name in ('Task', 'Agent') then input ->> 'subagent_type'
            when tool_name in ('Skill', 'SlashCommand')
                then regexp_extract(coalesce(input ->> 'skill', command), '^/?([A-Za-z0-9_:-]+)', 1)
        end as target,
        case when tool_name in ('Task', 'Agent') then coalesce(input ->> 'subagent_type', 'general-purpose') end
            as delegated_agent,
        coalesce(tool_name = 'Bash' and regexp_matches(command, '\bgit\s+(-\S+\s+\S+\s+)*commit\b'), false)
            as is_commit,
        coalesce(tool_name = 'Bash' and is_test_command(command), false) as is_test_run,
        hash(tool_name, cast(input as varchar)) as input_hash,
        case when tool_name = 'Write' then line_count_of(input ->> 'content') end as input_line_count
    from uses
)
select * from final
