-- The common kind of each tool name.
-- grain: tool_name
select * from seeds.tool_kinds
