-- Every week with activity: what it came to, and what was said of the sessions active in it; each session counts whole.
-- grain: week
-- columns:
--   week                 2026-W07
--   week_start           its first local date
--   session_count        main sessions active in it
--   subagent_count       sub-agents active in it
--   active_seconds       active time of main sessions
--   cost_usd             at list price, priced calls only
--   unpriced_call_count  calls whose model has no price
--   total_tokens         input, output and both kinds of cache
--   prompt_count         what people asked
--   tool_call_count      tools called
--   error_count          tool calls that failed
--   judged_count         sessions with facets
--   known_count          of these, those whose outcome is clear
--   achieved_count       of these, those that achieved what was wanted, fully or mostly
--   friction_count       signs of friction in sessions with facets
with totals as (
    select
        week,
        week_start,
        count(distinct case when not (is_subagent or is_extraction) then session_id end) as session_count,
        count(distinct case when is_subagent then session_id end) as subagent_count,
        sum(case when is_subagent then 0 else active_seconds end) as active_seconds,
        cast(coalesce(sum(cost_usd), 0) as decimal(18, 6)) as cost_usd,
        sum(unpriced_call_count) as unpriced_call_count,
        coalesce(sum(total_tokens), 0) as total_tokens,
        sum(prompt_count) as prompt_count,
        sum(tool_call_count) as tool_call_count,
        sum(error_count) as error_count
    from marts.session_days
    group by week, week_start
),
kinds as (
    select friction_kind
    from (
        values
        ('wrong_approach'), ('misunderstood_request'), ('buggy_code'), ('tool_limitation'),
        ('excessive_changes'), ('user_rejected_action'), ('loop_detected'), ('environment_issue'),
        ('no_results')
    ) as kind_list (friction_kind)
),
friction as (
    select
        session_facets.session_id,
        sum(coalesce(cast(
            json_extract_string(session_facets.friction_counts, '$.' || kinds.friction_kind) as integer
        ), 0)) as friction_count
    from marts.session_facets
    cross join kinds
    group by session_facets.session_id
),
active as (
    select distinct week, session_id
    from marts.session_days
),
judged as (
    select
        active.week,
        count(*) as judged_count,
        sum(case when session_facets.outcome <> 'unclear_from_transcript' then 1 else 0 end) as known_count,
        sum(case when session_facets.outcome in ('fully_achieved', 'mostly_achieved') then 1 else 0 end)
            as achieved_count,
        sum(friction.friction_count) as friction_count
    from active
    inner join marts.session_facets on session_facets.session_id = active.session_id
    inner join friction on friction.session_id = active.session_id
    group by active.week
),
final as (
    select
        totals.*,
        coalesce(judged.judged_count, 0) as judged_count,
        coalesce(judged.known_count, 0) as known_count,
        coalesce(judged.achieved_count, 0) as achieved_count,
        coalesce(judged.friction_count, 0) as friction_count
    from totals
    left join judged on judged.week = totals.week
)
select * from final
order by week_start
