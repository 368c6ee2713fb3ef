-- One row per tool call in a message: what was called and on what, without its arguments.
-- grain: file_id, ordinal, block_number
-- reads: called_tools
with final as (
    select
        * exclude (named_target),
        kept_name(named_target) as target,
        case when tool_name in ('Task', 'Agent') then coalesce(kept_name(named_target), 'general-purpose') end
            as delegated_agent
    from called_tools
)
select * from final
