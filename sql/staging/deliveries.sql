-- What was sent where.
-- grain: delivery_id
select * from state.deliveries
