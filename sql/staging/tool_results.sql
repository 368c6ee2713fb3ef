-- Answers of tools as logged.
-- grain: file_id, ordinal, block_number
select * from raw.tool_results
