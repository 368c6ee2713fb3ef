-- How many lines of each type a file holds.
-- grain: none
select * from raw.line_types
