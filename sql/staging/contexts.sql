-- Where and with what sessions worked, as logged.
-- grain: file_id, session_id, working_directory, git_branch, agent_version, entrypoint
select * from raw.contexts
