-- One row per API call: of the lines that share a key the whole record with most output, at the earliest time and
-- in the earliest session that had it (rules 1, 2, 5, 7, 18). Synthetic replies and API errors are no calls.
-- grain: llm_call_id
-- columns:
--   llm_call_id            message id and request id, or what there is of them
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
--   web_search_count       searches the server made
--   speed                  fast, standard or null, as logged
--   inference_geo          region of inference, as logged
--   is_subagent            a sub-agent made the call
--   line_count             lines that carried it
with lines as (
    select l.*, c.claimed_at
    from staging.calls as l
    left join intermediate.session_claims as c using (session_id)
    where l.is_billed
),
firsts as (
    select
        llm_call_id,
        count(*) as line_count,
        max(output_tokens) as most_output_tokens,
        min(called_at) as first_called_at,
        arg_min(
            struct_pack(session_id := session_id, parent_session_id := parent_session_id),
            struct_pack(
                called_at := called_at, is_mirror := is_mirror, claimed_at := claimed_at, session_id := session_id
            )
        ) as home
    from lines
    group by llm_call_id
),
repeated as (
    select l.*
    from lines as l
    join firsts as f using (llm_call_id)
    where f.line_count > 1 and l.output_tokens = f.most_output_tokens
),
kept as (
    select * exclude (rank, claimed_at)
    from (
        select *, row_number() over (partition by llm_call_id order by called_at desc, file_id, ordinal desc) as rank
        from repeated
    )
    where rank = 1
    union all by name
    select l.* exclude (claimed_at)
    from lines as l
    join firsts as f using (llm_call_id)
    where f.line_count = 1
),
final as (
    select
        k.llm_call_id, k.file_id, f.home.session_id as session_id, f.first_called_at as called_at, k.model,
        k.agent_version, k.input_tokens, k.output_tokens, k.cache_read_tokens, k.cache_write_5m_tokens,
        k.cache_write_1h_tokens, k.web_search_count, k.speed, k.inference_geo,
        f.home.parent_session_id is not null as is_subagent,
        f.line_count
    from kept as k
    join firsts as f using (llm_call_id)
)
select * from final
