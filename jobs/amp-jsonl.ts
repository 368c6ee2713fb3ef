// Sessions of any agent as Amp's session manager logs its own: one event a line, an iteration being a turn.

export interface ExportedSessions {
  /** First and last local date on which a session began. */
  readonly since?: string
  readonly until?: string
  /** One session with its sub-agents. */
  readonly session?: string
}

/** A SELECT of one column, the lines: sessions in the order in which they began, each in the order of time. */
export function ampLinesSql(sessions: ExportedSessions): string {
  return `
with chosen as (
    select session_id, started_at, completion_status
    from sessions
    where ${conditionOf(sessions)}
),
asked as (
    select
        p.session_id, p.prompt_id, p.prompted_at, p.char_count, c.started_at,
        row_number() over (partition by p.session_id order by p.prompted_at, p.prompt_id) as turn
    from prompts as p
    join chosen as c using (session_id)
    where not p.is_abandoned and p.prompted_at is not null
),
-- What comes before the first prompt is of the first turn.
turns as (
    select session_id, turn, if(turn = 1, least(prompted_at, started_at), prompted_at) as starts_at from asked
    union all
    select session_id, 1, started_at from chosen anti join asked using (session_id)
),
places as (
    select session_id, starts_at, max(turn) as turn from turns group by session_id, starts_at
),
calls as (
    select
        t.*, coalesce(t.called_at, c.started_at) as began_at,
        began_at + to_milliseconds(coalesce(t.duration_ms, 0)) as logged_at
    from tool_calls as t
    join chosen as c using (session_id)
),
said as (
    select
        session_id, began_at, logged_at, 3 as place, tool_call_id as reference, 'tool_call' as type,
        json_object(
            'toolName', tool_name,
            'args', case
                when tool_kind = 'delegate' and delegated_agent is not null
                    then json_object('subagent_type', delegated_agent)
                when target is null then json('{}')
                when tool_kind = 'shell' then json_object('cmd', target)
                when tool_kind = 'web' then json_object('url', 'https://' || target)
                when tool_kind in ('read', 'edit', 'write', 'search') then json_object('path', target)
                else json('{}')
            end,
            'startTime', ${instant('began_at')}, 'endTime', ${instant('logged_at')},
            'durationMs', coalesce(duration_ms, 0),
            'success', if(has_answer, not is_error, null), 'errorMessage', error_kind
        ) as data
    from calls
    union all
    select
        e.session_id, c.began_at, c.logged_at, 4, e.file_edit_id, 'file_edit',
        json_object(
            'path', e.path, 'linesAdded', e.lines_added, 'linesDeleted', e.lines_deleted,
            'operation', if(e.operation = 'create', 'create', 'modify')
        )
    from file_edits as e
    join calls as c on c.tool_call_id = e.file_edit_id
    union all
    select
        l.session_id, coalesce(l.called_at, c.started_at) as began_at, began_at, 2, l.llm_call_id, 'llm_usage',
        json_object(
            'model', l.model,
            'promptTokens',
            l.input_tokens + coalesce(l.cache_read_tokens, 0) + coalesce(l.cache_write_tokens, 0),
            'completionTokens', l.output_tokens,
            'totalTokens',
            l.input_tokens + coalesce(l.cache_read_tokens, 0) + coalesce(l.cache_write_tokens, 0) + l.output_tokens,
            'cacheReadTokens', l.cache_read_tokens, 'cacheWriteTokens', l.cache_write_tokens,
            'costUsd', cast(l.cost_usd as double)
        )
    from llm_calls as l
    join chosen as c using (session_id)
    union all
    select e.session_id, e.happened_at, e.happened_at, 0, null, null, null
    from events as e
    semi join chosen using (session_id)
    where e.happened_at is not null
),
placed as (
    select s.*, coalesce(p.turn, 1) as turn
    from said as s
    asof left join places as p on p.session_id = s.session_id and p.starts_at <= s.began_at
),
spans as (
    select session_id, turn, t.starts_at, greatest(t.starts_at, max(p.logged_at)) as ends_at
    from turns as t
    left join placed as p using (session_id, turn)
    group by session_id, turn, t.starts_at
),
lines as (
    select session_id, turn, logged_at, place, reference, type, data from placed where type is not null
    union all
    select
        session_id, turn, starts_at, 0, null, 'iteration_start',
        json_object('iterationNumber', turn, 'gitSha', '')
    from turns
    union all
    -- What was asked is kept nowhere but in the log itself.
    select
        session_id, turn, prompted_at, 1, prompt_id, 'user_message',
        json_object('message', '', 'charCount', char_count)
    from asked
    union all
    select
        s.session_id, s.turn, s.ends_at, 5, null, 'iteration_end',
        json_object(
            'iterationNumber', s.turn,
            'status', if(is_last and c.completion_status = 'error', 'failed', 'success'),
            'durationMs', date_diff('millisecond', s.starts_at, s.ends_at)
        )
    from (select *, turn = max(turn) over (partition by session_id) as is_last from spans) as s
    join chosen as c using (session_id)
    -- As in Amp's own metrics, what was left or still runs has no end.
    where not (s.is_last and c.completion_status in ('abandoned', 'active'))
)
select
    cast(json_object(
        'type', l.type, 'sessionId', l.session_id, 'iterationId', l.session_id || '#' || l.turn,
        'timestamp', ${instant('l.logged_at')}, 'data', l.data
    ) as varchar) as line
from lines as l
join chosen as c using (session_id)
order by c.started_at, l.session_id, l.logged_at, l.turn, l.place, l.reference`
}

function conditionOf({ since, until, session }: ExportedSessions): string {
  const conditions = [
    ...(since === undefined ? [] : [`local_date >= date ${literal(since)}`]),
    ...(until === undefined ? [] : [`local_date <= date ${literal(until)}`]),
    ...(session === undefined ? [] : [`${literal(session)} in (session_id, parent_session_id)`]),
  ]
  return conditions.join(' and ') || 'true'
}

function instant(column: string): string {
  return `strftime(${column}, '%Y-%m-%dT%H:%M:%S.%gZ')`
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}
