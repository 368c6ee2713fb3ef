-- How many prompts agents' own histories know of, by quarter of an hour.
-- grain: source, place, quarter_at, project, session_id
select * from state.prompt_history
