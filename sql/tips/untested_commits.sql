-- Commits after edits with no test run since the last of them, in projects whose tests an agent has run.
-- floor: 4 commits after edits, in projects with a test run in the eight weeks up to the period's end
-- fires: half of them, and 3
-- columns:
--   untested_commit_count  commits without a test run since the last edit
--   session_count          sessions in which it happened
with tested as (
    select distinct tool_calls.project
    from marts.tool_calls
    inner join period
        on tool_calls.local_date >= period.period_end - 56 and tool_calls.local_date < period.period_end
    where tool_calls.is_test_run
),
calls as (
    select tool_calls.*, coalesce(sessions.parent_session_id, sessions.session_id) as main_session_id
    from marts.tool_calls
    inner join marts.sessions on sessions.session_id = tool_calls.session_id and not sessions.is_extraction
    inner join period
        on tool_calls.local_date >= period.period_start and tool_calls.local_date < period.period_end
),
steps as (
    select
        calls.main_session_id,
        calls.called_at,
        calls.is_commit,
        max(case when calls.tool_kind in ('edit', 'write') then calls.called_at end) over thread as edited_at,
        max(case when calls.is_test_run then calls.called_at end) over thread as tested_at
    from calls
    inner join tested on tested.project = calls.project
    where not calls.is_error
    window thread as (partition by calls.main_session_id order by calls.called_at, calls.tool_call_id)
),
by_session as (
    select
        main_session_id,
        count(*) as commit_count,
        count(*) filter (where tested_at is null or tested_at < edited_at) as untested_commit_count
    from steps
    where is_commit and edited_at is not null
    group by main_session_id
),
final as (
    select
        'untested_commit_share' as metric_name,
        round(cast(sum(untested_commit_count) as double) / sum(commit_count), 4) as metric_value,
        cast(sum(commit_count) as bigint) as sample_count,
        true as is_less_better,
        sum(untested_commit_count) >= 3
            and sum(untested_commit_count) >= 0.5 * sum(commit_count) as is_firing,
        round(0.5 * cast(sum(untested_commit_count) as double) / sum(commit_count), 4) as size_share,
        coalesce(
            (list(main_session_id order by untested_commit_count desc, main_session_id) filter (where untested_commit_count > 0))[1:20], []
        ) as session_ids,
        cast(sum(untested_commit_count) as bigint) as untested_commit_count,
        count(*) filter (where untested_commit_count > 0) as session_count
    from by_session
    having sum(commit_count) >= 4
)
select * from final
