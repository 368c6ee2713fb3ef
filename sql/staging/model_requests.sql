-- What Debrief itself asked of models, as recorded.
-- grain: request_id
select * from state.model_requests
