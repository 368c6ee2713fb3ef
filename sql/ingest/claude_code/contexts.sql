-- One row per place and version that a session's lines name: where and with what it worked, and when (rule 16).
-- grain: file_id, session_id, working_directory, git_branch, agent_version, entrypoint, plan_id
-- reads: places
select
    * exclude (plan_slug),
    -- The name may be made of the prompt's words; its digest is enough to know the plan's file by.
    cast(md5(plan_slug) as uuid) as plan_id
from places
