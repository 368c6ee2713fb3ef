-- Which sessions are to have facets and have them: what is left out, why, and who judged the others.
-- grain: session_id
-- columns:
--   session_id         session, main or sub-agent
--   is_eligible        facets are to be extracted from it
--   ineligible_reason  subagent, own_extraction, warm_up, too_few_prompts or still_active; null where it is eligible
--   has_facets         of whatever version
--   extractor          who judged: rules, a provider, or insights; null without facets
--   asked_extractor    who was asked; another than the extractor where rules stood in
--   is_stand_in        rules stood in for who was asked
--   stand_in_reason    why not who was asked: refused, unusable, unavailable or over_budget
--   evidence_count     grounds given for the judgements
--   verified_evidence_count  those that the log bears out
with reasons as (
    select
        s.session_id,
        case
            when s.is_extraction then 'own_extraction'
            when w.session_id is not null then 'warm_up'
            when s.is_subagent then 'subagent'
            when s.prompt_count < t.min_prompts then 'too_few_prompts'
            when s.completion_status = 'active' then 'still_active'
        end as ineligible_reason
    from marts.sessions as s
    cross join staging.settings as t
    left join intermediate.warm_up_sessions as w using (session_id)
),
final as (
    select
        r.session_id,
        r.ineligible_reason is null as is_eligible,
        r.ineligible_reason,
        f.session_id is not null as has_facets,
        f.extractor, f.asked_extractor,
        coalesce(f.extractor = 'rules' and f.stand_in_reason is not null, false) as is_stand_in,
        f.stand_in_reason,
        coalesce(f.evidence_count, 0) as evidence_count,
        coalesce(f.verified_evidence_count, 0) as verified_evidence_count
    from reasons as r
    left join staging.facets as f using (session_id)
)
select * from final
