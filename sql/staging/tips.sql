-- What a user was advised.
-- grain: tip_id
select * from state.tips
