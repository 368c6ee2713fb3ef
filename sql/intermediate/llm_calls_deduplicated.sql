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
--   logged_cost_usd        what the agent says it cost, null where it does not say
--   is_subagent            a sub-agent made the call
--   line_count             lines that carried it
-- Tables of millions of long texts cost more than reading the lines twice: groups have hashes of what they only compare.
with billed as not materialized (
    select * from staging.calls where is_billed
),
groups as materialized (
    select
        llm_call_id,
        any_value(case when message_id is not null then hash(message_id) end) as message_hash,
        any_value(advisor_number) as advisor_number,
        count(*) as line_count,
        -- The record to keep: with most output, then the latest, then in the earliest file.
        max(struct_pack(
            output_tokens := output_tokens, called_at := called_at, file_rank := -file_id, ordinal := ordinal
        )) as best,
        min(called_at) as first_called_at,
        min(hash(session_id)) <> max(hash(session_id)) as is_copied,
        bool_and(is_subagent) as is_subagent
    from billed
    group by llm_call_id
),
-- A side question repeats the reply it was asked beside under a request of its own: the parent's counts (rule 4).
replays as (
    select s.llm_call_id
    from groups as s
    semi join (select message_hash from groups where not is_subagent) as m using (message_hash)
    where s.is_subagent
),
calls as materialized (
    select
        llm_call_id, advisor_number, line_count, -best.file_rank as file_id, best.ordinal as ordinal, first_called_at,
        is_copied, is_subagent
    from groups
    anti join replays using (llm_call_id)
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
    from billed as l
    join calls as g using (llm_call_id)
    left join intermediate.session_claims as c on c.session_id = l.session_id
    where g.is_copied and l.session_id is not null
    group by l.llm_call_id
),
kept as (
    select
        l.* exclude (is_subagent, message_id, advisor_number),
        g.line_count, g.is_subagent, g.first_called_at
    from billed as l
    join calls as g using (file_id, ordinal, advisor_number)
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
        join billed as l on l.file_id = u.file_id and l.ordinal = u.ordinal and l.advisor_number = 0
    )
    group by llm_call_id
),
final as (
    select
        k.llm_call_id, k.file_id,
        coalesce(h.home.session_id, k.session_id) as session_id,
        k.first_called_at as called_at, k.model,
        k.agent_version, k.input_tokens, k.output_tokens, k.cache_read_tokens, k.cache_write_5m_tokens,
        k.cache_write_1h_tokens,
        k.web_search_count + cast(coalesce(s.web_search_count, 0) as bigint) as web_search_count,
        k.speed, k.inference_geo, k.logged_cost_usd,
        coalesce(h.home.is_subagent, k.is_subagent) as is_subagent,
        k.line_count
    from kept as k
    left join copied_homes as h using (llm_call_id)
    left join searches as s using (llm_call_id)
)
select * from final
