-- How many prompts an agent's own history knows of on each local date in each project: at least so much was done, also
-- on days whose logs are gone.
-- grain: source, local_date, project
-- columns:
--   source                 agent
--   local_date             date in the configured time zone
--   project                where the agent was started, worktrees folded, home shown as ~
--   prompt_count           prompts that the history knows of; commands are none
--   session_count          sessions that it names
--   unlogged_prompt_count  prompts of sessions of which no log was ever read; where it names no session, of days without logs
--   has_logs               whether logs tell of anything that the agent did on that date, in any project
with days as (
    select distinct source, local_date from marts.session_days
),
known as (
    select
        h.source,
        cast(timezone(z.timezone, timezone('UTC', h.quarter_at)) as date) as local_date,
        shortened_path(coalesce(r.repository_root, project_root(coalesce(h.project, '(unknown)')))) as project,
        h.session_id, h.prompt_count,
        s.session_id is not null as is_logged
    from staging.prompt_history as h
    cross join staging.settings as z
    left join staging.repositories as r on r.working_directory = h.project
    left join marts.sessions as s on s.session_id = h.session_id
),
final as (
    select
        k.source, k.local_date, k.project,
        cast(sum(k.prompt_count) as bigint) as prompt_count,
        count(distinct k.session_id) as session_count,
        cast(coalesce(sum(k.prompt_count) filter (
            where case when k.session_id is null then d.local_date is null else not k.is_logged end
        ), 0) as bigint) as unlogged_prompt_count,
        d.local_date is not null as has_logs
    from known as k
    left join days as d on d.source = k.source and d.local_date = k.local_date
    group by k.source, k.local_date, k.project, d.local_date
)
select * from final
