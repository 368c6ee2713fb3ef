-- Sessions in which an agent worked though no log of theirs says with how many tokens: what they used is not known.
-- grain: session_id
-- columns:
--   session_id  session
with
-- A copy, a side question or an error of the API counts towards no call of the session, but says what it used.
logged as (
    select session_id from staging.calls
    union all
    select session_id from intermediate.llm_calls_deduplicated
),
final as (
    select p.session_id
    from intermediate.session_spine as p
    anti join logged using (session_id)
    where p.assistant_message_count > 0
)
select * from final
