-- One row per answer of a tool: whether and why it failed, and how many lines an edit changed.
-- grain: file_id, ordinal, block_number
-- reads: messages
with blocks as (
    select
        m.file_id, m.ordinal, m.is_mirror, m.session_id, m.happened_at, m.tool_use_result,
        unnest(m.blocks) as block, generate_subscripts(m.blocks, 1) as block_number
    from messages as m
    where m.role = 'user' and m.blocks is not null
),
results as (
    select
        *,
        coalesce(block.is_error, false) as is_error,
        case
            when not coalesce(block.is_error, false) then null
            when json_type(block.content) = 'ARRAY' then block.content ->> '$[0].text'
            else block.content ->> '$'
        end as error_text,
        flatten(list_transform(tool_use_result.structuredPatch, lambda hunk: hunk.lines)) as patch_lines
    from blocks
    where block."type" = 'tool_result'
),
final as (
    select
        file_id, ordinal, block_number, is_mirror, session_id,
        block.tool_use_id as tool_call_id,
        happened_at as answered_at,
        is_error,
        error_kind_of(is_error, error_text) as error_kind,
        case
            when is_error then null
            when tool_use_result."type" = 'create' then 'create'
            when patch_lines is not null then 'update'
        end as edit_operation,
        len(list_filter(patch_lines, lambda patch_line: starts_with(patch_line, '+'))) as lines_added,
        len(list_filter(patch_lines, lambda patch_line: starts_with(patch_line, '-'))) as lines_deleted
    from results
)
select * from final
