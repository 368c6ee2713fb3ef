-- Log files ever read, with what their lines came to.
-- grain: file_id
select * from state.files
