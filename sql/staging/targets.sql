-- What months set for the month after.
-- grain: target_id
select * from state.targets
