-- What an agent counted itself, as last read from it; kept when its own file is gone.
-- grain: source, place, local_date, measure, model
-- columns:
--   source         agent
--   place          where its logs lie, home shown as ~
--   local_date     day, as the agent tells days apart; null for all time
--   measure        session_count, message_count, tool_call_count, input_output_tokens (by day), input_tokens, output_tokens, cache_read_tokens, cache_write_tokens or web_search_count
--   model          as the agent names it; null where the measure is not told by model
--   amount         how much
--   covered_from   first day of its count, null where it does not say
--   covered_until  last day of its count, null where it does not say
select
    t.source,
    shortened_path(replace(t.place, '\', '/')) as place,
    t.local_date, t.measure, t.model, t.amount,
    s.totals_from as covered_from,
    s.totals_until as covered_until
from staging.agent_totals as t
join staging.agent_settings as s on s.source = t.source and s.place = t.place
