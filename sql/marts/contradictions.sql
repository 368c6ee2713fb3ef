-- Sessions whose facets say fully or mostly achieved where the log says otherwise, by the session's own last word on it.
-- Tests: the last test run that came to a result failed; one whose output was piped through a program that succeeds
-- counts as passed, since the log says no more. Tool: the very last call failed, in the last turn, as nobody would go on
-- prompting without a word about it. Rejected, interrupted and cancelled calls are no failures, nor results of tests. Commit: `git revert` succeeded, in the session or within seven days in another one of the
-- project, and the session made the last commit before it; or `git reset` in the session itself, with nothing staged,
-- committed or pushed since its commit, since only then it takes that back.
-- grain: session_id, contradiction_kind
-- columns:
--   session_id          session with facets
--   contradiction_kind  tests_failed_last, last_tool_failed or commit_reverted
--   claimed_outcome     fully_achieved or mostly_achieved, as the facets say
--   event_number        event of the failure; of a commit that was reverted the commit's
--   happened_at         of the failure or the revert, UTC
--   local_date          of happened_at in the configured time zone
--   week                of local_date
--   evidence_tool       tool that failed or reverted
with claims as (
    select f.session_id, f.outcome as claimed_outcome, s.project
    from marts.session_facets as f
    join marts.sessions as s using (session_id)
    where f.outcome in ('fully_achieved', 'mostly_achieved')
),
calls as (
    select
        tool_call_id, session_id, project, called_at, local_date, week, tool_name, tool_kind, target, is_test_run,
        is_commit, has_answer, is_error,
        is_error and coalesce(error_kind, 'other') not in ('rejected', 'interrupted', 'cancelled') as has_failed
    from marts.tool_calls
    where called_at is not null
),
last_tests as (
    select c.*, 'tests_failed_last' as contradiction_kind
    from calls as c
    semi join claims using (session_id)
    where is_test_run and has_answer and (has_failed or not is_error)
    qualify row_number() over (partition by session_id order by called_at desc, tool_call_id desc) = 1
),
last_prompts as (
    select session_id, max(prompted_at) as prompted_at
    from marts.prompts
    where not is_abandoned
    group by session_id
),
last_calls as (
    select c.*, p.prompted_at, 'last_tool_failed' as contradiction_kind
    from calls as c
    semi join claims using (session_id)
    left join last_prompts as p using (session_id)
    qualify row_number() over (partition by session_id order by called_at desc, tool_call_id desc) = 1
),
failures as (
    select session_id, contradiction_kind, tool_call_id, called_at, local_date, week, tool_name
    from last_tests
    where has_failed
    union all
    select session_id, contradiction_kind, tool_call_id, called_at, local_date, week, tool_name
    from last_calls
    where has_failed and coalesce(called_at >= prompted_at, true)
),
git_steps as (
    select
        *,
        case
            when target = 'git revert' then 'revert'
            when target = 'git reset' then 'reset'
            when is_commit then 'commit'
            else 'step'
        end as git_step
    from calls
    where tool_kind = 'shell' and not is_error and (is_commit or target in ('git revert', 'git reset', 'git add', 'git push'))
),
commits as (
    select session_id, project, called_at, min(tool_call_id) as tool_call_id
    from git_steps
    where git_step = 'commit'
    group by session_id, project, called_at
),
project_commits as (
    select project, called_at, min(session_id) as session_id, min(tool_call_id) as tool_call_id
    from commits
    group by project, called_at
),
reverts as (
    select c.session_id, c.tool_call_id, r.called_at, r.local_date, r.week, r.tool_name
    from git_steps as r
    asof join project_commits as c on c.project = r.project and r.called_at > c.called_at
    where r.git_step = 'revert' and r.called_at <= c.called_at + interval 7 days
),
steps as (
    select
        *,
        lag(git_step) over course as step_before,
        lag(tool_call_id) over course as call_before
    from git_steps
    where git_step <> 'revert'
    window course as (partition by session_id order by called_at, tool_call_id)
),
resets as (
    select session_id, call_before as tool_call_id, called_at, local_date, week, tool_name
    from steps
    where git_step = 'reset' and step_before = 'commit'
),
taken_back as (
    select session_id, 'commit_reverted' as contradiction_kind, tool_call_id, called_at, local_date, week, tool_name
    from (select * from reverts union all select * from resets)
    qualify row_number() over (partition by session_id order by called_at desc, tool_call_id desc) = 1
),
found as (
    select * from failures
    union all
    select * from taken_back
),
numbers as (
    select session_id, reference, kind, min(event_number) as event_number
    from marts.events
    where kind in ('tool_call', 'tool_error') and reference in (select tool_call_id from found)
    group by session_id, reference, kind
),
final as (
    select
        f.session_id, f.contradiction_kind, c.claimed_outcome,
        coalesce(e.event_number, t.event_number) as event_number,
        f.called_at as happened_at, f.local_date, f.week, f.tool_name as evidence_tool
    from found as f
    join claims as c using (session_id)
    left join numbers as e
        on e.session_id = f.session_id and e.reference = f.tool_call_id and e.kind = 'tool_error'
        and f.contradiction_kind <> 'commit_reverted'
    left join numbers as t
        on t.session_id = f.session_id and t.reference = f.tool_call_id and t.kind = 'tool_call'
)
select * from final
