-- What each session did on each local date: the only source of period measures, so that everything adds up.
-- grain: session_id, local_date
-- patched by: session_id
-- columns:
--   session_id     session
--   local_date     in the configured time zone
--   user_id        whose logs
--   machine_id     from which machine
--   source         agent that wrote the log
--   project        of the session
--   is_subagent    a sub-agent's session
--   is_extraction  Debrief's own headless extraction: billed, but in no count of sessions
--   parent_session_id  of a sub-agent
--   week           2026-W07
--   week_start     first date of that week
--   month          2026-02
--   month_start    first date of that month
--   active_seconds active time, gaps of at most five minutes
--   prompt_count   prompts
--   turn_count     turns: a prompt up to the next
--   correction_count  prompts that correct
--   abandoned_prompt_count  prompts from which the person went back, in none of the counts before
--   tool_call_count   tool calls
--   error_count    tool calls that failed
--   rejection_count   tool calls a person rejected
--   delegation_count  sub-agents called
--   commit_count   shell calls that commit
--   interruption_count  times a person interrupted
--   llm_call_count    API calls
--   input_tokens   not from the cache; like all tokens and the cost null where the session's logs do not say
--   output_tokens  answered
--   cache_read_tokens   read from the cache
--   cache_write_tokens  written to the cache
--   total_tokens   all four, as far as logged
--   cost_usd       at list price, priced calls only; null where the session's logs have no usage
--   unpriced_call_count  calls of models without a price
--   lines_added    by edits
--   lines_deleted  by edits
with days as (
    select session_id, local_date, count(*) filter (where kind = 'interruption') as interruption_count
    from marts.events
    group by session_id, local_date
),
active as (
    select session_id, local_date, sum(active_seconds) as active_seconds
    from marts.active_spells
    group by session_id, local_date
),
asked as (
    select
        session_id, local_date,
        count(*) filter (where not is_abandoned) as prompt_count,
        count(*) filter (where is_correction and not is_abandoned) as correction_count,
        count(*) filter (where is_abandoned) as abandoned_prompt_count
    from marts.prompts
    group by session_id, local_date
),
tools as (
    select
        session_id, local_date,
        count(*) as tool_call_count,
        count(*) filter (where is_error) as error_count,
        count(*) filter (where error_kind = 'rejected') as rejection_count,
        count(*) filter (where is_delegation) as delegation_count,
        count(*) filter (where is_commit and not is_error) as commit_count
    from marts.tool_calls
    group by session_id, local_date
),
calls as (
    select
        session_id, local_date,
        count(*) as llm_call_count,
        sum(input_tokens) as input_tokens,
        sum(output_tokens) as output_tokens,
        sum(cache_read_tokens) as cache_read_tokens,
        sum(cache_write_tokens) as cache_write_tokens,
        sum(
            coalesce(input_tokens, 0) + coalesce(output_tokens, 0)
            + coalesce(cache_read_tokens, 0) + coalesce(cache_write_tokens, 0)
        ) as total_tokens,
        sum(cost_usd) as cost_usd,
        count(*) filter (where cost_usd is null) as unpriced_call_count
    from marts.llm_calls
    group by session_id, local_date
),
edits as (
    select session_id, local_date, sum(lines_added) as lines_added, sum(lines_deleted) as lines_deleted
    from marts.file_edits
    group by session_id, local_date
),
spine as (
    select session_id, local_date from days
    union
    select session_id, local_date from calls where local_date is not null
    union
    select session_id, local_date from tools where local_date is not null
    union
    select session_id, local_date from asked where local_date is not null
),
final as (
    select
        k.session_id, k.local_date, s.user_id, s.machine_id, p.source, p.project, p.is_subagent, p.is_extraction,
        p.parent_session_id, c.week, c.week_start, c.month, c.month_start,
        cast(coalesce(g.active_seconds, 0) as bigint) as active_seconds,
        coalesce(a.prompt_count, 0) as prompt_count,
        coalesce(a.prompt_count, 0) as turn_count,
        coalesce(a.correction_count, 0) as correction_count,
        coalesce(a.abandoned_prompt_count, 0) as abandoned_prompt_count,
        coalesce(t.tool_call_count, 0) as tool_call_count,
        coalesce(t.error_count, 0) as error_count,
        coalesce(t.rejection_count, 0) as rejection_count,
        coalesce(t.delegation_count, 0) as delegation_count,
        coalesce(t.commit_count, 0) as commit_count,
        coalesce(d.interruption_count, 0) as interruption_count,
        coalesce(l.llm_call_count, 0) as llm_call_count,
        cast(case when u.session_id is null then if(l.session_id is null, 0, l.input_tokens) end as bigint) as input_tokens,
        cast(case when u.session_id is null then if(l.session_id is null, 0, l.output_tokens) end as bigint) as output_tokens,
        cast(case when u.session_id is null then if(l.session_id is null, 0, l.cache_read_tokens) end as bigint) as cache_read_tokens,
        cast(case when u.session_id is null then if(l.session_id is null, 0, l.cache_write_tokens) end as bigint) as cache_write_tokens,
        cast(case when u.session_id is null then coalesce(l.total_tokens, 0) end as bigint) as total_tokens,
        cast(case when u.session_id is null then coalesce(l.cost_usd, 0) end as decimal(24, 12)) as cost_usd,
        coalesce(l.unpriced_call_count, 0) as unpriced_call_count,
        cast(coalesce(e.lines_added, 0) as bigint) as lines_added,
        cast(coalesce(e.lines_deleted, 0) as bigint) as lines_deleted
    from spine as k
    cross join staging.settings as s
    join intermediate.session_spine as p on p.session_id = k.session_id
    left join intermediate.sessions_without_usage as u on u.session_id = k.session_id
    left join intermediate.calendar as c on c.local_date = k.local_date
    left join days as d on d.session_id = k.session_id and d.local_date = k.local_date
    left join active as g on g.session_id = k.session_id and g.local_date = k.local_date
    left join asked as a on a.session_id = k.session_id and a.local_date = k.local_date
    left join tools as t on t.session_id = k.session_id and t.local_date = k.local_date
    left join calls as l on l.session_id = k.session_id and l.local_date = k.local_date
    left join edits as e on e.session_id = k.session_id and e.local_date = k.local_date
)
select * from final
