-- Price of one use of a tool that the provider runs, in millionths of a millionth of a USD.
-- grain: server_tool
select server_tool, cast(usd_per_use * 1000000 as bigint) * 1000000 as use_rate
from seeds.server_tools
