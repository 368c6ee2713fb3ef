-- What each session was about, as extracted.
-- grain: session_id
select * from state.facets
