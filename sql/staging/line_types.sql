-- How many lines of each type a file holds.
-- grain: file_id, line_type
select * from raw.line_types
