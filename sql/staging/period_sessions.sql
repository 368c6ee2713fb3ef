-- What each session came to within a frozen period, as it was first reported.
-- grain: period_kind, period, session_id
select * from state.period_sessions
