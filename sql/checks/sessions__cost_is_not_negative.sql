-- A session cannot have cost less than nothing.
-- severity: fail
select session_id, cost_usd from marts.sessions where cost_usd < 0
