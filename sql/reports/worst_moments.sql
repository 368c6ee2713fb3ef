-- The three moments of friction that cost most, with what began them and where in their session they are.
-- grain: moment_rank
-- columns:
--   moment_rank          1 is the dearest
--   session_id           main session, of which it may be a sub-agent's moment
--   is_subagent          whether it was a sub-agent's
--   project              of the session
--   friction_sign        correction, tool_failure, interruption, rejection or api_error
--   sign_count           signs within it, such as failed calls
--   starts_at            when it went wrong, UTC
--   ends_at              when it was mended or given up, UTC
--   length_seconds       whole seconds between
--   turn_number          turn of the main session in which it began, as in session_turns; 0 before the first prompt
--   tool_name            whose call failed or was refused first; null for other signs
--   error_kind           of that call
--   tool_call_count      calls of tools within it
--   failed_call_count    of these, those that failed
--   llm_call_count       calls of models within it
--   cost_usd             of these, at list price, priced calls only; null where no log has usage
--   unpriced_call_count  of these, those without a price
--   is_recovered         whether it was mended
with moments as (
    select
        friction_spans.*,
        coalesce(sessions.parent_session_id, sessions.session_id) as main_session_id,
        coalesce(sessions.is_subagent, false) as is_subagent,
        sessions.project,
        row_number() over (
            order by coalesce(friction_spans.cost_usd, 0) desc, friction_spans.llm_call_count desc,
                friction_spans.session_id, friction_spans.span_number
        ) as moment_rank
    from marts.friction_spans
    inner join period
        on friction_spans.local_date >= period.period_start and friction_spans.local_date < period.period_end
    inner join marts.sessions on sessions.session_id = friction_spans.session_id
    where friction_spans.llm_call_count > 0 and not sessions.is_extraction
),
worst as (
    select * from moments where moment_rank <= 3
),
turns as (
    select worst.moment_rank, count(*) as turn_number
    from worst
    inner join marts.prompts
        on prompts.session_id = worst.main_session_id and prompts.prompted_at <= worst.starts_at
    inner join period on prompts.local_date >= period.period_start and prompts.local_date < period.period_end
    where not prompts.is_abandoned
    group by worst.moment_rank
),
called as (
    select
        worst.moment_rank,
        tool_calls.tool_call_id,
        tool_calls.tool_name,
        tool_calls.error_kind,
        coalesce(tool_calls.is_error, false) as is_error,
        coalesce(tool_calls.is_error, false) and worst.friction_sign in ('tool_failure', 'rejection')
            and tool_calls.called_at + to_milliseconds(coalesce(tool_calls.duration_ms, 0)) = worst.starts_at
            as is_beginning
    from worst
    inner join marts.tool_calls
        on tool_calls.session_id = worst.session_id
        and tool_calls.called_at <= worst.ends_at
        and tool_calls.called_at + to_milliseconds(coalesce(tool_calls.duration_ms, 0)) >= worst.starts_at
),
calls as (
    select
        moment_rank,
        count(*) as tool_call_count,
        sum(case when is_error then 1 else 0 end) as failed_call_count,
        arg_min(case when is_beginning then tool_name end, case when is_beginning then tool_call_id end) as tool_name,
        arg_min(case when is_beginning then error_kind end, case when is_beginning then tool_call_id end) as error_kind
    from called
    group by moment_rank
),
final as (
    select
        worst.moment_rank,
        worst.main_session_id as session_id,
        worst.is_subagent,
        worst.project,
        worst.friction_sign,
        worst.sign_count,
        worst.starts_at,
        worst.ends_at,
        date_diff('second', date_trunc('second', worst.starts_at), date_trunc('second', worst.ends_at))
            as length_seconds,
        coalesce(turns.turn_number, 0) as turn_number,
        calls.tool_name,
        calls.error_kind,
        coalesce(calls.tool_call_count, 0) as tool_call_count,
        coalesce(calls.failed_call_count, 0) as failed_call_count,
        worst.llm_call_count,
        cast(worst.cost_usd as decimal(18, 6)) as cost_usd,
        worst.unpriced_call_count,
        worst.is_recovered
    from worst
    left join turns on turns.moment_rank = worst.moment_rank
    left join calls on calls.moment_rank = worst.moment_rank
)
select * from final
order by moment_rank
