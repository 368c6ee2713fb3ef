-- The period's sessions in which something got in the way, those with most of it first.
-- grain: session_id
-- columns:
--   session_id            id of the main session
--   friction_count        frictions in its facets, all kinds together
--   top_friction_kind     the kind seen most often
--   top_friction_count    how often
--   correction_count      prompts that redirected
--   retry_loop_count      actions that failed three times or more
--   is_cut_short          it ended before its end
--   failed_call_count     tool calls that failed in the period, sub-agents' included
with active as (
    select
        coalesce(days.parent_session_id, days.session_id) as session_id,
        sum(days.error_count) as failed_call_count
    from period
    inner join marts.session_days as days
        on days.local_date >= period.period_start and days.local_date < period.period_end
    where not days.is_extraction
    group by coalesce(days.parent_session_id, days.session_id)
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
counted as (
    select
        active.session_id,
        kinds.friction_kind,
        coalesce(
            cast(json_extract_string(session_facets.friction_counts, '$.' || kinds.friction_kind) as integer), 0
        ) as friction_count
    from active
    inner join marts.session_facets on session_facets.session_id = active.session_id
    cross join kinds
),
ranked as (
    select
        counted.*,
        sum(friction_count) over (partition by session_id) as total_count,
        row_number() over (partition by session_id order by friction_count desc, friction_kind) as kind_rank
    from counted
),
final as (
    select
        ranked.session_id,
        ranked.total_count as friction_count,
        ranked.friction_kind as top_friction_kind,
        ranked.friction_count as top_friction_count,
        coalesce(session_facets.course_corrections, 0) as correction_count,
        coalesce(session_facets.retry_loops, 0) as retry_loop_count,
        coalesce(session_facets.session_cut_short, false) as is_cut_short,
        active.failed_call_count
    from ranked
    inner join active on active.session_id = ranked.session_id
    inner join marts.session_facets on session_facets.session_id = ranked.session_id
    where ranked.kind_rank = 1 and ranked.total_count > 0
)
select * from final
order by friction_count desc, failed_call_count desc, session_id
