-- A call without a time belongs to no day, so no period counts it.
-- severity: warn
select llm_call_id, session_id from marts.llm_calls where called_at is null
