-- One row per session, main or sub-agent. Its own columns exclude its sub-agents' sessions.
-- grain: session_id
-- patched by: session_id
-- columns:
--   session_id         as logged; <parent>/<agent id> for a sub-agent
--   source             agent that wrote the log
--   user_id            whose logs
--   machine_id         from which machine
--   project            the repository's root, worktrees folded, home shown as ~
--   parent_session_id  null for a main session
--   is_subagent        whether it has a parent
--   is_extraction      Debrief's own headless extraction: billed, but in no count of sessions
--   entrypoint         cli, or sdk-… for a headless caller, as logged
--   started_at         first event, UTC
--   ended_at           last event, UTC
--   duration_seconds   from first to last event
--   active_seconds     gaps between events, each at most five minutes
--   prompt_count       prompts
--   turn_count         turns: a prompt up to the next
--   correction_count   prompts that correct
--   abandoned_prompt_count  prompts from which the person went back, in none of the counts before
--   assistant_message_count  lines in which the assistant spoke or called a tool
--   llm_call_count     API calls
--   tool_call_count    tool calls
--   error_count        tool calls that failed
--   api_error_count    errors of the API that reached the session
--   rejection_count    tool calls a person rejected
--   retry_loop_count   calls that failed three times or more, unchanged
--   delegation_count   sub-agents called
--   commit_count       shell calls that commit
--   interruption_count times a person interrupted
--   compaction_count   times the context was compacted
--   command_count      slash commands
--   model              the one with most output tokens
--   agent_version      the latest logged
--   git_branch         the latest logged
--   files_touched_count     files edited
--   repos_accessed_count    the project, and repositories or directories outside it
--   lines_added        by edits
--   lines_deleted      by edits
--   input_tokens       not from the cache; like all tokens and the cost null where the session's logs do not say
--   output_tokens      answered
--   cache_read_tokens  read from the cache
--   cache_write_tokens written to the cache
--   total_tokens       all four, as far as logged
--   cost_usd           at list price, priced calls only; null where the session's logs have no usage
--   cost_with_subagents_usd  with those of its sub-agents, as far as logged
--   unpriced_call_count  calls of models without a price
--   completion_status  as ending, but active where the last event was within 30 minutes of the newest load
--   ending             completed, abandoned or error, as the log ends
--   tags               what its log shows it to be, comma-separated, by the rules of sql/seeds/session_tags.csv; session_tags has those of its facets too
--   local_date         of started_at in the configured time zone
--   week               of local_date
--   month              of local_date
with measures as (
    select
        session_id,
        sum(active_seconds) as active_seconds, sum(prompt_count) as prompt_count, sum(turn_count) as turn_count,
        sum(correction_count) as correction_count, sum(abandoned_prompt_count) as abandoned_prompt_count,
        sum(llm_call_count) as llm_call_count,
        sum(tool_call_count) as tool_call_count, sum(error_count) as error_count,
        sum(rejection_count) as rejection_count, sum(delegation_count) as delegation_count,
        sum(commit_count) as commit_count, sum(lines_added) as lines_added, sum(lines_deleted) as lines_deleted,
        sum(input_tokens) filter (where llm_call_count > 0) as input_tokens,
        sum(output_tokens) filter (where llm_call_count > 0) as output_tokens,
        sum(cache_read_tokens) filter (where llm_call_count > 0) as cache_read_tokens,
        sum(cache_write_tokens) filter (where llm_call_count > 0) as cache_write_tokens,
        sum(total_tokens) as total_tokens, sum(cost_usd) as cost_usd,
        sum(unpriced_call_count) as unpriced_call_count
    from marts.session_days
    group by session_id
),
model_shares as (
    select session_id, model, sum(output_tokens) as output_tokens
    from marts.llm_calls
    where model is not null
    group by session_id, model
),
models as (
    select session_id, model
    from model_shares
    qualify row_number() over (partition by session_id order by output_tokens desc, model) = 1
),
files as (
    select session_id, count(distinct path) as files_touched_count
    from marts.file_edits
    group by session_id
),
failures as (
    select session_id, input_hash, tool_name, count(*) as failure_count
    from intermediate.tool_calls_answered
    where is_error and coalesce(error_kind, '') not in ('rejected', 'interrupted', 'cancelled')
    group by session_id, tool_name, input_hash
),
loops as (
    select session_id, count(*) as retry_loop_count
    from failures
    where failure_count >= 3
    group by session_id
),
tests as (
    select session_id, count(*) as test_run_count
    from marts.tool_calls
    where is_test_run
    group by session_id
),
children as (
    select s.parent_session_id as session_id, sum(m.cost_usd) as cost_usd
    from intermediate.session_spine as s
    join measures as m using (session_id)
    where s.parent_session_id is not null
    group by s.parent_session_id
),
newest_load as (
    select max(loaded_at) as loaded_at
    from staging.files
),
last_events as (
    select session_id, arg_max(kind, event_number) as kind
    from marts.events
    where kind not in ('system', 'attachment', 'wrapper', 'command', 'compaction', 'compaction_boundary')
    group by session_id
),
endings as (
    select
        s.session_id,
        case
            when e.kind = 'api_error' then 'error'
            when e.kind in ('interruption', 'prompt', 'tool_call', 'api_retry') then 'abandoned'
            when s.assistant_message_count = 0 then 'abandoned'
            else 'completed'
        end as ending
    from intermediate.session_spine as s
    left join last_events as e using (session_id)
),
measured as (
    select
        s.session_id, s.source, t.user_id, t.machine_id, s.project, s.parent_session_id, s.is_subagent, s.is_extraction,
        s.entrypoint, s.started_at, s.ended_at,
        date_diff('second', s.started_at, s.ended_at) as duration_seconds,
        cast(coalesce(m.active_seconds, 0) as bigint) as active_seconds,
        cast(coalesce(m.prompt_count, 0) as bigint) as prompt_count,
        cast(coalesce(m.turn_count, 0) as bigint) as turn_count,
        cast(coalesce(m.correction_count, 0) as bigint) as correction_count,
        cast(coalesce(m.abandoned_prompt_count, 0) as bigint) as abandoned_prompt_count,
        s.assistant_message_count,
        cast(coalesce(m.llm_call_count, 0) as bigint) as llm_call_count,
        cast(coalesce(m.tool_call_count, 0) as bigint) as tool_call_count,
        cast(coalesce(m.error_count, 0) as bigint) as error_count,
        s.api_error_count,
        cast(coalesce(m.rejection_count, 0) as bigint) as rejection_count,
        coalesce(l.retry_loop_count, 0) as retry_loop_count,
        cast(coalesce(m.delegation_count, 0) as bigint) as delegation_count,
        cast(coalesce(m.commit_count, 0) as bigint) as commit_count,
        s.interruption_count, s.compaction_count, s.command_count,
        o.model, s.agent_version, s.git_branch,
        coalesce(f.files_touched_count, 0) as files_touched_count,
        s.repos_accessed_count,
        cast(coalesce(m.lines_added, 0) as bigint) as lines_added,
        cast(coalesce(m.lines_deleted, 0) as bigint) as lines_deleted,
        cast(case when u.session_id is null then if(coalesce(m.llm_call_count, 0) = 0, 0, m.input_tokens) end as bigint) as input_tokens,
        cast(case when u.session_id is null then if(coalesce(m.llm_call_count, 0) = 0, 0, m.output_tokens) end as bigint) as output_tokens,
        cast(case when u.session_id is null then if(coalesce(m.llm_call_count, 0) = 0, 0, m.cache_read_tokens) end as bigint) as cache_read_tokens,
        cast(case when u.session_id is null then if(coalesce(m.llm_call_count, 0) = 0, 0, m.cache_write_tokens) end as bigint) as cache_write_tokens,
        cast(case when u.session_id is null then coalesce(m.total_tokens, 0) end as bigint) as total_tokens,
        cast(case when u.session_id is null then coalesce(m.cost_usd, 0) end as decimal(24, 12)) as cost_usd,
        cast(
            case
                when u.session_id is null or c.cost_usd is not null then coalesce(m.cost_usd, 0) + coalesce(c.cost_usd, 0)
            end as decimal(24, 12)
        ) as cost_with_subagents_usd,
        cast(coalesce(m.unpriced_call_count, 0) as bigint) as unpriced_call_count,
        case when s.ended_at > n.loaded_at - interval 30 minute then 'active' else g.ending end as completion_status,
        g.ending, s.local_date, d.week, d.month, d.local_weekday, coalesce(e.test_run_count, 0) as test_run_count
    from intermediate.session_spine as s
    cross join staging.settings as t
    cross join newest_load as n
    left join intermediate.sessions_without_usage as u using (session_id)
    left join measures as m using (session_id)
    left join models as o using (session_id)
    left join files as f using (session_id)
    left join loops as l using (session_id)
    left join tests as e using (session_id)
    left join children as c using (session_id)
    join endings as g using (session_id)
    left join intermediate.calendar as d on d.local_date = s.local_date
),
tag_measures as (
    select
        m.session_id, unnest([
            {'measure': 'is_extraction', 'amount': cast(m.is_extraction as decimal(18, 4))},
            {'measure': 'is_subagent', 'amount': cast(m.is_subagent as integer)},
            {'measure': 'is_headless', 'amount': cast(m.entrypoint like 'sdk-%' as integer)},
            {'measure': 'is_abandoned', 'amount': cast(m.ending = 'abandoned' as integer)},
            {
                'measure': 'is_at_night',
                'amount': cast(hour(m.started_at + q.utc_offset) not between 6 and 21 as integer)
            },
            {'measure': 'is_at_weekend', 'amount': cast(m.local_weekday >= 6 as integer)},
            {'measure': 'active_seconds', 'amount': m.active_seconds},
            {'measure': 'prompt_count', 'amount': m.prompt_count},
            {'measure': 'correction_count', 'amount': m.correction_count},
            {'measure': 'tool_call_count', 'amount': m.tool_call_count},
            {'measure': 'error_count', 'amount': m.error_count},
            {
                'measure': 'error_rate',
                'amount': cast(round(cast(m.error_count as double) / nullif(m.tool_call_count, 0), 4) as decimal(18, 4))
            },
            {'measure': 'api_error_count', 'amount': m.api_error_count},
            {'measure': 'rejection_count', 'amount': m.rejection_count},
            {'measure': 'retry_loop_count', 'amount': m.retry_loop_count},
            {'measure': 'delegation_count', 'amount': m.delegation_count},
            {'measure': 'commit_count', 'amount': m.commit_count},
            {'measure': 'test_run_count', 'amount': m.test_run_count},
            {'measure': 'interruption_count', 'amount': m.interruption_count},
            {'measure': 'compaction_count', 'amount': m.compaction_count},
            {'measure': 'files_touched_count', 'amount': m.files_touched_count},
            {'measure': 'lines_changed', 'amount': m.lines_added + m.lines_deleted},
            {'measure': 'cost_usd', 'amount': cast(m.cost_usd as decimal(18, 4))}
        ], recursive := true)
    from measured as m
    left join intermediate.local_quarters as q on q.quarter_at = time_bucket(interval 15 minutes, m.started_at)
),
tags_met as (
    select m.session_id, r.tag
    from tag_measures as m
    join staging.session_tag_rules as r on r.measure = m.measure
    where not r.is_from_facets and is_met(m.amount, r.comparison, r.threshold)
    group by m.session_id, r.tag, r.rule_count
    having count(*) = r.rule_count
),
tags as (
    select session_id, string_agg(tag, ',' order by tag) as tags
    from tags_met
    group by session_id
),
final as (
    select m.* exclude (local_weekday, test_run_count), coalesce(t.tags, '') as tags
    from measured as m
    left join tags as t using (session_id)
)
select * from final
