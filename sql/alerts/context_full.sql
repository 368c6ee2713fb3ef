-- Main sessions at work in the last half hour whose latest call filled at least nine tenths of what its model can read.
-- Logs do not say how much that is: 200,000 tokens for a Claude model, or a million in a session that went beyond; other
-- models are left out.
-- columns:
--   cause           the session
--   session_id      the session
--   source          which agent
--   model           of the latest call
--   context_tokens  that it sent
--   window_tokens   that the model can read
with latest as (
    select
        session_id,
        max(called_at) as last_called_at,
        arg_max(model, (called_at, llm_call_id)) as model,
        arg_max(context_tokens, (called_at, llm_call_id)) as context_tokens,
        max(context_tokens) as largest_tokens
    from marts.llm_calls
    where not is_subagent
    group by session_id
),
windows as (
    select
        latest.*,
        case when largest_tokens > 200000 then 1000000 else 200000 end as window_tokens
    from latest
    cross join moment
    where
        model like 'claude-%'
        and last_called_at between moment.now_at - interval '30' minute and moment.now_at
),
final as (
    select
        sessions.session_id as cause,
        sessions.session_id,
        sessions.source,
        windows.model,
        windows.context_tokens,
        windows.window_tokens
    from windows
    inner join marts.sessions on windows.session_id = sessions.session_id
    where not sessions.is_extraction and 10 * windows.context_tokens >= 9 * windows.window_tokens
)
select * from final
order by cause
