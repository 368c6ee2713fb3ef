-- Line types that are known, and whether they are read or hold nothing to count.
-- grain: source, line_type
select * from seeds.line_types
