-- One row per API call: of the lines that share a key the whole record with most output, at the earliest time and
-- in the earliest session that had it (rules 1, 2, 4, 5, 7, 13, 18). Synthetic replies and API errors are no calls.
-- grain: llm_call_id
-- columns:
--   llm_call_id            message id and request id, or what there is of them; an advisor's ends in /advisor and a number
--   file_id                file of the record that was kept
--   session_id             session that made the call; copies belong to the earliest
--   called_at              earliest time logged for it, UTC
--   model                  as logged
--   agent_version          version of the agent that wrote the record
--   input_tokens           not from the cache
--   output_tokens          answered
--   cache_read_tokens      read from the cache
--   cache_write_5m_tokens  written to the cache for five minutes
--   cache_write_1h_tokens  written to the cache for an hour
--   web_search_count       searches the server made, or the client for it
--   speed                  fast, standard or null, as logged
--   inference_geo          region of inference, as logged
--   is_subagent            a sub-agent made the call
--   line_count             lines that carried it
with billed as (
    select * from staging.calls where is_billed
),
-- A side question repeats the reply it was asked beside under a request of its own: the parent's counts (rule 4).
replied_twice as (
    select message_id
    from billed
    where message_id is not null
    group by message_id
    having bool_or(is_subagent) and not bool_and(is_subagent)
        and (min(request_id) <> max(request_id) or count(request_id) between 1 and count(*) - 1)
),
replays as (
    select s.llm_call_id
    from billed as s
    semi join replied_twice as r on r.message_id = s.message_id
    group by s.llm_call_id
    having bool_and(s.is_subagent)
),
lines as (
    select * from billed anti join replays using (llm_call_id)
),
groups as (
    select
        llm_call_id,
        count(*) as line_count,
        max(output_tokens) as most_output_tokens,
        min(called_at) as first_called_at,
        min(session_id) as session_id,
        bool_and(is_subagent) as is_subagent,
        min(session_id) <> max(session_id) as is_copied
    from lines
    group by llm_call_id
),
copied_homes as (
    select
        l.llm_call_id,
        arg_min(
            struct_pack(session_id := l.session_id, is_subagent := l.is_subagent),
            struct_pack(
                called_at := l.called_at, is_mirror := l.is_mirror, claimed_at := c.claimed_at,
                session_id := l.session_id
            )
        ) as home
    from lines as l
    join groups as g using (llm_call_id)
    left join intermediate.session_claims as c on c.session_id = l.session_id
    where g.is_copied
    group by l.llm_call_id
),
repeated as (
    select l.*
    from lines as l
    join groups as g using (llm_call_id)
    where g.line_count > 1 and l.output_tokens = g.most_output_tokens
),
kept as (
    select * exclude (rank)
    from (
        select *, row_number() over (partition by llm_call_id order by called_at desc, file_id, ordinal desc) as rank
        from repeated
    )
    where rank = 1
    union all by name
    select l.*
    from lines as l
    join groups as g using (llm_call_id)
    where g.line_count = 1
),
-- A search through a call of the client's own is billed, but the reply that asked for it counts none (rule 13).
answered_searches as (
    select tool_call_id, max(web_search_count) as web_search_count
    from staging.tool_results
    where web_search_count > 0
    group by tool_call_id
),
searches as (
    select llm_call_id, sum(web_search_count) as web_search_count
    from (
        select distinct l.llm_call_id, u.tool_call_id, a.web_search_count
        from answered_searches as a
        join staging.tool_uses as u using (tool_call_id)
        join lines as l on l.file_id = u.file_id and l.ordinal = u.ordinal and l.advisor_number = 0
    )
    group by llm_call_id
),
final as (
    select
        k.llm_call_id, k.file_id,
        coalesce(h.home.session_id, g.session_id) as session_id,
        g.first_called_at as called_at, k.model,
        k.agent_version, k.input_tokens, k.output_tokens, k.cache_read_tokens, k.cache_write_5m_tokens,
        k.cache_write_1h_tokens,
        k.web_search_count + cast(coalesce(s.web_search_count, 0) as bigint) as web_search_count,
        k.speed, k.inference_geo,
        coalesce(h.home.is_subagent, g.is_subagent) as is_subagent,
        g.line_count
    from kept as k
    join groups as g using (llm_call_id)
    left join copied_homes as h using (llm_call_id)
    left join searches as s using (llm_call_id)
)
select * from final
