-- Tool calls as logged; one without an id is known by its place.
-- grain: file_id, ordinal, block_number
select * replace (
    coalesce(tool_call_id, 'file ' || file_id || ' object ' || ordinal || ' block ' || block_number) as tool_call_id
)
from raw.tool_uses
