-- What is known to be missing from logs: versions, as numbers that compare, or tools.
-- grain: none
select
    source, undercount_kind, first_version, last_version, tool_name,
    list_transform(string_split(first_version, '.'), lambda part: cast(part as integer)) as first_version_numbers,
    list_transform(string_split(last_version, '.'), lambda part: cast(part as integer)) as last_version_numbers
from seeds.known_undercounts
