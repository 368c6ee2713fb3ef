-- What an agent counted itself.
-- grain: none
select * from state.agent_totals
