-- One row per tool call in a message: what was called and on what, as named there, without its arguments.
-- grain: file_id, ordinal, block_number
-- reads: messages
with blocks as (
    select
        file_id, ordinal, is_mirror, session_id, happened_at,
        unnest(tool_uses) as block, generate_subscripts(tool_uses, 1) as block_number
    from messages
    where role = 'assistant' and len(tool_uses) > 0
),
uses as (
    select
        *, block.name as tool_name, block.input as input,
        case when block.name = 'Bash' then program_of(block.input.command) end as program
    from blocks
),
final as (
    select
        file_id, ordinal, block_number, is_mirror, session_id,
        block.id as tool_call_id,
        tool_name,
        happened_at as called_at,
        case
            when tool_name in ('Read', 'Edit', 'Write', 'MultiEdit') then input.file_path
            when tool_name in ('NotebookEdit', 'NotebookRead') then input.notebook_path
            when tool_name in ('Grep', 'Glob', 'LS') then input.path
            when tool_name = 'Bash' then with_verb(program, input.command)
            when tool_name = 'WebFetch' then regexp_extract(input.url, '^[a-z]+://(?:[^/?#]*@)?([^/:?#@]+)', 1)
            when tool_name in ('Task', 'Agent') then input.subagent_type
            when tool_name in ('Skill', 'SlashCommand')
                then regexp_extract(coalesce(input.skill, input.command), '^/?([A-Za-z0-9_:-]+)', 1)
        end as named_target,
        case
            when tool_name = 'Bash' and contains(input.command, 'commit')
                then regexp_matches(input.command, '\bgit\s+(-\S+\s+\S+\s+)*commit\b')
            else false
        end as is_commit,
        case when tool_name = 'Bash' then coalesce(is_test_command(input.command), false) else false end as is_test_run,
        block.input_hash as input_hash,
        block.written_line_count as input_line_count
    from uses
)
select * from final
