-- Friction in dollars: what a session spent between a sign that something went wrong and the recovery from it.
-- A failed tool call recovers at the next success of the same attempt (a shell's same program, another tool's same name)
-- or on the same target, within its turn and the 25 tool calls after it; without one it was given up, and ends with the
-- next success of any tool, else with the turn. A correction lasts for the turn that it opens, so that what
-- the turn did besides is in its cost too, and recovers unless that is interrupted, unanswered, or followed by another. A rejected call and an interruption recover at the next success of
-- any tool, else with the answer of the turn after them. An error of the API recovers at the next call that gets through;
-- it was not billed, so it costs time and no tokens. Spans of one sign that overlap are one. A call belongs to the span
-- that began first of those around it, so none is counted twice and the sum is never more than the session's cost; what
-- was called after midnight of the span's date is left out. The calls are the session's own: what sub-agents did
-- meanwhile is not in them, and what fails within a sub-agent is friction of its own session.
-- grain: session_id, span_number
-- patched by: session_id
-- columns:
--   session_id      session, main or sub-agent
--   span_number     from 1, by beginning
--   friction_sign   correction, tool_failure, interruption, rejection or api_error
--   starts_at       when it went wrong, UTC
--   ends_at         when it was mended or given up, UTC
--   start_event_number  last event at the beginning
--   end_event_number    last event at the end
--   sign_count      signs within it, such as failed calls
--   llm_call_count  calls of the session after its beginning up to its end, that which mended it included
--   total_tokens    of these calls; null where the session's logs do not say, as is the cost
--   cost_usd        of these calls at list price, priced calls only
--   unpriced_call_count  of these calls, those without a price
--   is_recovered    whether it was mended; all of it, where there were several signs
--   local_date      of its first call, else of its beginning, in the configured time zone
--   week            of local_date
-- Where something is looked for in time, its texts are only compared: their hashes take half the time.
with numbered_calls as (
    select
        session_id, hash(session_id) as session_hash, called_at, is_error, has_answer, error_kind,
        -- A shell is tried again when its program is, any other tool when it is.
        hash(session_id, tool_name, case when tool_kind = 'shell' then target end) as attempt_hash,
        case when target is not null then hash(session_id, target) end as target_hash,
        called_at + to_milliseconds(coalesce(duration_ms, 0)) as answered_at,
        row_number() over (partition by session_hash order by called_at, tool_call_id) as call_number
    from marts.tool_calls
    where called_at is not null
),
successes as (
    select * from numbered_calls where has_answer and not is_error
),
attempts as (
    select attempt_hash, called_at, min(call_number) as call_number
    from successes
    group by attempt_hash, called_at
),
targets as (
    select target_hash, called_at, min(call_number) as call_number
    from successes
    where target_hash is not null
    group by target_hash, called_at
),
event_times as (
    select
        hash(session_id) as session_hash, happened_at, max(event_number) as event_number,
        min(local_date) as local_date
    from marts.events
    group by session_hash, happened_at
),
interruptions as (
    select distinct session_id, happened_at from marts.events where kind = 'interruption'
),
llm_times as (
    select hash(session_id) as session_hash, called_at from marts.llm_calls where called_at is not null
),
signs as (
    select
        session_id, 'tool_failure' as friction_sign, answered_at as starts_at, attempt_hash, target_hash, call_number
    from numbered_calls
    where is_error and coalesce(error_kind, 'other') not in ('rejected', 'interrupted', 'cancelled')
    union all by name
    select session_id, 'rejection' as friction_sign, answered_at as starts_at
    from numbered_calls
    where is_error and error_kind = 'rejected'
    union all by name
    select session_id, 'correction' as friction_sign, prompted_at as starts_at
    from intermediate.turns
    where is_correction
    union all by name
    select session_id, 'interruption' as friction_sign, happened_at as starts_at
    from interruptions
    union all by name
    select session_id, 'api_error' as friction_sign, happened_at as starts_at
    from (select distinct session_id, happened_at from marts.events where kind in ('api_error', 'api_retry'))
),
-- Where a recovery is looked for: in the turn, and after what a person stopped in the next one too.
bounded as (
    select
        s.*, hash(s.session_id) as session_hash,
        case when s.friction_sign in ('rejection', 'interruption') then t.next_prompted_at else t.prompted_at end
            as limit_at,
        case when s.friction_sign in ('rejection', 'interruption') then t.ended_at else t.last_ended_at end
            as turn_ended_at,
        coalesce(t.is_correction, false) as has_correction_next
    from signs as s
    asof left join intermediate.turns as t on t.session_id = s.session_id and s.starts_at < t.prompted_at
),
followed as (
    select
        b.*,
        case when a.call_number - b.call_number <= 25 then a.called_at end as again_at,
        case when g.call_number - b.call_number <= 25 then g.called_at end as target_again_at,
        y.called_at as success_at,
        l.called_at as answered_at,
        i.happened_at as interrupted_at
    from bounded as b
    asof left join attempts as a on a.attempt_hash = b.attempt_hash and b.starts_at < a.called_at
    asof left join targets as g on g.target_hash = b.target_hash and b.starts_at < g.called_at
    asof left join successes as y on y.session_hash = b.session_hash and b.starts_at < y.called_at
    asof left join llm_times as l on l.session_hash = b.session_hash and b.starts_at < l.called_at
    asof left join interruptions as i on i.session_id = b.session_id and b.starts_at < i.happened_at
),
limited as (
    select
        session_id, friction_sign, starts_at, turn_ended_at, has_correction_next,
        case when is_within then again_at end as again_at, success_at, answered_at, interrupted_at
    from (
        select
            session_id, friction_sign, starts_at, turn_ended_at, has_correction_next,
            least(again_at, target_again_at) as again_at,
            coalesce(least(again_at, target_again_at) < limit_at, true) as is_within,
            case when coalesce(success_at < limit_at, true) then success_at end as success_at,
            case when coalesce(answered_at < limit_at, true) then answered_at end as answered_at,
            case when coalesce(interrupted_at < limit_at, true) then interrupted_at end as interrupted_at
        from followed
    )
),
session_ends as (
    select session_id, max(happened_at) as ended_at from marts.events group by session_id
),
turn_ends as (
    select
        l.* exclude (turn_ended_at), coalesce(l.turn_ended_at, e.ended_at, l.starts_at) as turn_ended_at
    from limited as l
    left join session_ends as e on e.session_id = l.session_id
),
ended as (
    select
        session_id, friction_sign, starts_at,
        greatest(starts_at, case friction_sign
            when 'tool_failure' then coalesce(again_at, success_at, turn_ended_at)
            when 'correction' then turn_ended_at
            when 'api_error' then coalesce(answered_at, turn_ended_at)
            else coalesce(success_at, turn_ended_at)
        end) as ends_at,
        case friction_sign
            when 'tool_failure' then again_at is not null
            when 'correction' then answered_at is not null and interrupted_at is null and not has_correction_next
            else answered_at is not null or success_at is not null
        end as is_recovered
    from turn_ends
),
reached as (
    select
        *,
        max(ends_at) over (
            partition by session_id, friction_sign order by starts_at, ends_at
            rows between unbounded preceding and 1 preceding
        ) as reached_at
    from ended
),
islands as (
    select
        *,
        count(*) filter (where reached_at is null or starts_at > reached_at) over (
            partition by session_id, friction_sign order by starts_at, ends_at
            rows between unbounded preceding and current row
        ) as island_number
    from reached
),
spans as (
    select
        session_id, friction_sign, min(starts_at) as starts_at, max(ends_at) as ends_at, count(*) as sign_count,
        bool_and(is_recovered) as is_recovered,
        row_number() over (
            partition by session_id order by min(starts_at), max(ends_at), friction_sign
        ) as span_number
    from islands
    group by session_id, friction_sign, island_number
),
-- Each call once: in the span that began first of those around it.
span_calls as (
    select
        c.llm_call_id, c.called_at, c.local_date, c.cost_usd, c.session_id,
        coalesce(c.input_tokens, 0) + coalesce(c.output_tokens, 0) + coalesce(c.cache_read_tokens, 0)
        + coalesce(c.cache_write_tokens, 0) as total_tokens,
        min(s.span_number) as span_number
    from marts.llm_calls as c
    join spans as s
        on s.session_id = c.session_id and s.friction_sign <> 'api_error'
        and c.called_at > s.starts_at and c.called_at <= s.ends_at
    group by all
),
costs as (
    select
        session_id, span_number, local_date, count(*) as llm_call_count, sum(total_tokens) as total_tokens,
        sum(cost_usd) as cost_usd, count(*) filter (where cost_usd is null) as unpriced_call_count
    from span_calls
    group by session_id, span_number, local_date
    qualify row_number() over (partition by session_id, span_number order by local_date) = 1
),
edges as (
    select session_id, span_number, false as is_end, starts_at as edge_at from spans
    union all
    select session_id, span_number, true as is_end, ends_at as edge_at from spans
),
edge_events as (
    select d.session_id, d.span_number, d.is_end, e.event_number, e.local_date
    from edges as d
    asof left join event_times as e on e.session_hash = hash(d.session_id) and d.edge_at >= e.happened_at
),
placed as (
    select
        s.*, b.event_number as start_event_number, e.event_number as end_event_number,
        b.local_date as start_date
    from spans as s
    join edge_events as b on b.session_id = s.session_id and b.span_number = s.span_number and not b.is_end
    join edge_events as e on e.session_id = s.session_id and e.span_number = s.span_number and e.is_end
),
final as (
    select
        p.session_id, p.span_number, p.friction_sign, p.starts_at, p.ends_at, p.start_event_number,
        p.end_event_number, p.sign_count,
        coalesce(c.llm_call_count, 0) as llm_call_count,
        cast(case when u.session_id is null then coalesce(c.total_tokens, 0) end as bigint) as total_tokens,
        cast(case when u.session_id is null then coalesce(c.cost_usd, 0) end as decimal(24, 12)) as cost_usd,
        coalesce(c.unpriced_call_count, 0) as unpriced_call_count,
        p.is_recovered,
        coalesce(c.local_date, p.start_date) as local_date,
        d.week
    from placed as p
    left join costs as c using (session_id, span_number)
    left join intermediate.sessions_without_usage as u on u.session_id = p.session_id
    left join intermediate.calendar as d on d.local_date = coalesce(c.local_date, p.start_date)
)
select * from final
