-- What each session was about, as the rules or a model extracted it; lists and counts as JSON text.
-- grain: session_id
-- columns:
--   session_id         session
--   user_id            whose logs
--   machine_id         from which machine
--   week               of the session's start
--   extractor          rules, the provider that judged, or insights where imported
--   asked_extractor    who was asked; another than the extractor where rules stood in
--   stand_in_reason    why not who was asked: refused, unusable, unavailable or over_budget; null where it was they
--   extraction_model   model, null for rules
--   prompt_version     of the rules or prompt
--   extracted_at       UTC
--   extraction_cost_usd  what it cost
--   underlying_goal    what the user wanted, one line
--   goal_categories    JSON {category: count}
--   outcome            fully_achieved, mostly_achieved, partially_achieved, not_achieved or unclear_from_transcript
--   user_satisfaction_counts  JSON {satisfied, likely_satisfied, dissatisfied, frustrated: count}
--   claude_helpfulness essential, very_helpful, moderately_helpful, slightly_helpful or unhelpful
--   session_type       single_task, multi_task, iterative_refinement, exploration or quick_question
--   friction_counts    JSON {friction kind: count}
--   friction_detail    in words
--   primary_success    what worked best
--   brief_summary      one or two sentences
--   projects           JSON list of slugs
--   businesses         JSON list of slugs
--   priority_alignment aligned, supportive, neutral or drift
--   priority_matched   slug
--   workflow_type      kind of work
--   initiated_by       user-interactive, discord-mention, scheduled-job, sub-agent or webhook
--   completion_chain   JSON {started, completed, abandoned}
--   skills_used        JSON list
--   skills_missed      JSON list
--   course_corrections prompts that redirected
--   retry_loops        actions that failed three times or more
--   pivot_trigger      what made the session turn
--   mcp_failures       failed MCP calls
--   session_cut_short  it ended before its end
--   resumed_from       session it continues
--   people_mentioned   JSON list
--   relationship_actions  JSON list of {person, action}
--   outreach_type      proactive, reactive, automated or none
--   estimated_time_saved_minutes  estimate
--   artifacts_created  files and commits made
--   knowledge_filed    notes filed
--   decisions_made     decisions
--   evidence           JSON list of {field, value, ordinals, quote, is_verified}
--   evidence_count     grounds given
--   verified_evidence_count  those that the log bears out
--   evidence_verified_share  of the grounds, 0 to 1; null where none was given
with final as (
    select
        f.session_id, t.user_id, t.machine_id, s.week,
        f.extractor, f.asked_extractor, f.stand_in_reason, f.model as extraction_model, f.prompt_version, f.extracted_at,
        f.cost_usd as extraction_cost_usd,
        f.facets ->> 'underlying_goal' as underlying_goal,
        f.facets ->> 'goal_categories' as goal_categories,
        f.facets ->> 'outcome' as outcome,
        f.facets ->> 'user_satisfaction_counts' as user_satisfaction_counts,
        f.facets ->> 'claude_helpfulness' as claude_helpfulness,
        f.facets ->> 'session_type' as session_type,
        f.facets ->> 'friction_counts' as friction_counts,
        f.facets ->> 'friction_detail' as friction_detail,
        f.facets ->> 'primary_success' as primary_success,
        f.facets ->> 'brief_summary' as brief_summary,
        f.facets ->> 'projects' as projects,
        f.facets ->> 'businesses' as businesses,
        f.facets ->> 'priority_alignment' as priority_alignment,
        f.facets ->> 'priority_matched' as priority_matched,
        f.facets ->> 'workflow_type' as workflow_type,
        f.facets ->> 'initiated_by' as initiated_by,
        f.facets ->> 'completion_chain' as completion_chain,
        f.facets ->> 'skills_used' as skills_used,
        f.facets ->> 'skills_missed' as skills_missed,
        cast(f.facets ->> 'course_corrections' as integer) as course_corrections,
        cast(f.facets ->> 'retry_loops' as integer) as retry_loops,
        f.facets ->> 'pivot_trigger' as pivot_trigger,
        cast(f.facets ->> 'mcp_failures' as integer) as mcp_failures,
        cast(f.facets ->> 'session_cut_short' as boolean) as session_cut_short,
        f.facets ->> 'resumed_from' as resumed_from,
        f.facets ->> 'people_mentioned' as people_mentioned,
        f.facets ->> 'relationship_actions' as relationship_actions,
        f.facets ->> 'outreach_type' as outreach_type,
        cast(f.facets ->> 'estimated_time_saved_minutes' as integer) as estimated_time_saved_minutes,
        cast(f.facets ->> 'artifacts_created' as integer) as artifacts_created,
        cast(f.facets ->> 'knowledge_filed' as integer) as knowledge_filed,
        cast(f.facets ->> 'decisions_made' as integer) as decisions_made,
        f.facets ->> 'evidence' as evidence,
        f.evidence_count, f.verified_evidence_count,
        round(f.verified_evidence_count / nullif(f.evidence_count, 0), 4) as evidence_verified_share
    from staging.facets as f
    cross join staging.settings as t
    join marts.sessions as s using (session_id)
)
select * from final
