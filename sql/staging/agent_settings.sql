-- How long an agent keeps its logs, and what its own totals cover, by place where its logs lie.
-- grain: source, place
select * from state.agent_settings
