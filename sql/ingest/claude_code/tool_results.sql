-- One row per answer of a tool: whether and why it failed, and how many lines an edit changed,
-- and how many searches a search made (rule 13).
-- grain: file_id, ordinal, block_number
-- reads: messages
with blocks as (
    select
        file_id, ordinal, is_mirror, session_id, happened_at, edit_operation, lines_added, lines_deleted,
        search_count, failed_content,
        unnest(tool_results) as block, generate_subscripts(tool_results, 1) as block_number
    from messages
    where role = 'user' and len(tool_results) > 0
),
results as (
    select
        *,
        coalesce(block.is_error, false) as is_error,
        case
            when block.is_error then list_filter(
                from_json(failed_content, '[{"tool_use_id": "VARCHAR", "content": "JSON"}]'),
                lambda answer: answer.tool_use_id = block.tool_use_id
            )[1].content
        end as error_content
    from blocks
),
final as (
    select
        file_id, ordinal, block_number, is_mirror, session_id,
        block.tool_use_id as tool_call_id,
        happened_at as answered_at,
        is_error,
        error_kind_of(
            is_error,
            case
                when json_type(error_content) = 'ARRAY' then error_content ->> '$[0].text'
                else error_content ->> '$'
            end
        ) as error_kind,
        case when not is_error then edit_operation end as edit_operation,
        lines_added, lines_deleted,
        search_count as web_search_count
    from results
)
select * from final
