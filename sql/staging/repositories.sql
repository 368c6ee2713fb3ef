-- Working directories whose repository git named.
-- grain: working_directory
select * from state.repositories
