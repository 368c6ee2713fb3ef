-- Sessions that are said to have achieved their goal, where something of the period says otherwise.
-- grain: session_id, contradiction_kind
-- columns:
--   session_id          main session
--   contradiction_kind  tests_failed_last, last_tool_failed or commit_reverted
--   claimed_outcome     fully_achieved or mostly_achieved
--   happened_at         of the failure or the revert, UTC
--   event_number        event in the session's timeline
--   project             repository the session worked in
with final as (
    select
        contradictions.session_id,
        contradictions.contradiction_kind,
        contradictions.claimed_outcome,
        contradictions.happened_at,
        contradictions.event_number,
        sessions.project
    from marts.contradictions
    inner join period
        on contradictions.local_date >= period.period_start and contradictions.local_date < period.period_end
    left join marts.sessions on sessions.session_id = contradictions.session_id
)
select * from final
order by happened_at, session_id, contradiction_kind
