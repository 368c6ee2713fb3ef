-- Token counts are counts.
-- severity: fail
select llm_call_id
from marts.llm_calls
where least(input_tokens, output_tokens, cache_read_tokens, cache_write_5m_tokens, cache_write_1h_tokens) < 0
