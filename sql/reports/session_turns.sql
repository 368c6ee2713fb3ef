-- The replay: each session's turns in the period, with what was called in each and its timeline as marks. A turn is a
-- prompt up to the next; what comes before the period's first prompt is turn 0. Calls of sub-agents are in the turn in
-- which they happened.
-- grain: session_id, turn_number
-- columns:
--   session_id          id of the main session
--   turn_number         from 1; 0 for what comes before the first prompt
--   started_at          first mark, UTC
--   ended_at            last mark, UTC
--   pause_seconds       whole seconds since the turn before ended, null for the first
--   reply_count         lines in which the assistant spoke or called a tool
--   read_count          calls that read
--   edit_count          calls that edit or write
--   search_count        calls that search
--   shell_count         calls of a shell
--   web_count           calls that fetch or search the web
--   delegate_count      calls of sub-agents
--   mcp_count           calls of MCP servers
--   other_count         other calls
--   subagent_call_count  calls that a sub-agent made, counted above too
--   error_count         calls that failed
--   interruption_count  times a person interrupted
--   timeline            a letter a mark, each after the whole seconds since the one before where there are any: P prompt,
--                       A assistant, R read, E edit, S search, B shell, W web, D delegate, M MCP, O other, K command,
--                       I interruption, C compaction, F error of the API; after a call ~ by a sub-agent, ! failed
with marks as (
    select session_id, prompt_id as mark_id, prompted_at as happened_at, local_date, 'P' as mark, false as is_call,
        false as is_error, false as is_subagent
    from marts.prompts
    where not is_abandoned
    union all
    select session_id, reference, happened_at, local_date,
        case kind
            when 'assistant' then 'A' when 'command' then 'K' when 'interruption' then 'I'
            when 'compaction' then 'C' else 'F'
        end,
        false, false, false
    from marts.events
    where kind in ('assistant', 'command', 'interruption', 'compaction', 'api_error') and not is_abandoned
    union all
    select session_id, tool_call_id, called_at, local_date,
        case tool_kind
            when 'read' then 'R' when 'edit' then 'E' when 'write' then 'E' when 'search' then 'S' when 'shell' then 'B'
            when 'web' then 'W' when 'delegate' then 'D' when 'mcp' then 'M' else 'O'
        end,
        true, coalesce(is_error, false), is_subagent
    from marts.tool_calls
),
placed as (
    select
        coalesce(sessions.parent_session_id, marks.session_id) as session_id,
        marks.happened_at,
        marks.mark,
        marks.is_call,
        case when marks.is_call then marks.mark end as call_mark,
        marks.is_error,
        marks.is_subagent,
        row_number() over (
            partition by coalesce(sessions.parent_session_id, marks.session_id)
            -- The line that says a tool is called comes before the call; a prompt before all.
            order by marks.happened_at, marks.mark <> 'P', marks.mark <> 'K', marks.is_call, marks.mark_id, marks.mark
        ) as place
    from marks
    inner join period on marks.local_date >= period.period_start and marks.local_date < period.period_end
    left join marts.sessions on sessions.session_id = marks.session_id
    -- What a sub-agent said and was asked is between agents; what it called is shown.
    where marks.happened_at is not null and (marks.is_call or sessions.parent_session_id is null)
),
numbered as (
    select
        *,
        sum(case when mark = 'P' then 1 else 0 end) over (
            partition by session_id order by place rows between unbounded preceding and current row
        ) as turn_number,
        date_diff(
            'second',
            date_trunc('second', lag(happened_at) over (partition by session_id order by place)),
            date_trunc('second', happened_at)
        ) as gap_seconds
    from placed
),
final as (
    select
        session_id,
        cast(turn_number as bigint) as turn_number,
        min(happened_at) as started_at,
        max(happened_at) as ended_at,
        arg_min(gap_seconds, place) as pause_seconds,
        count(case when mark = 'A' then 1 end) as reply_count,
        count(case when call_mark = 'R' then 1 end) as read_count,
        count(case when call_mark = 'E' then 1 end) as edit_count,
        count(case when call_mark = 'S' then 1 end) as search_count,
        count(case when call_mark = 'B' then 1 end) as shell_count,
        count(case when call_mark = 'W' then 1 end) as web_count,
        count(case when call_mark = 'D' then 1 end) as delegate_count,
        count(case when call_mark = 'M' then 1 end) as mcp_count,
        count(case when call_mark = 'O' then 1 end) as other_count,
        count(case when is_call and is_subagent then 1 end) as subagent_call_count,
        count(case when is_error then 1 end) as error_count,
        count(case when mark = 'I' then 1 end) as interruption_count,
        string_agg(
            case when gap_seconds > 0 then cast(gap_seconds as varchar) else '' end
            || mark
            || case when is_call and is_subagent then '~' else '' end
            || case when is_error then '!' else '' end,
            '' order by place
        ) as timeline
    from numbered
    group by session_id, turn_number
)
select * from final
order by session_id, turn_number
