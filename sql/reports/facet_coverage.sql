-- How many of the sessions active in the period have facets, by why they are not to have any, who judged, and why rules
-- stood in.
-- grain: ineligible_reason, extractor, asked_extractor, stand_in_reason
-- columns:
--   ineligible_reason  null where facets are to be extracted
--   extractor          who judged; null without facets
--   asked_extractor    who was asked; null without facets
--   stand_in_reason    why rules stood in; null where they did not
--   session_count      sessions active in the period, sub-agents too
--   evidence_count     grounds given for the judgements
--   verified_evidence_count  those that the log bears out
with active_sessions as (
    select distinct session_days.session_id
    from marts.session_days
    inner join period
        on session_days.local_date >= period.period_start and session_days.local_date < period.period_end
),
final as (
    select
        coverage.ineligible_reason, coverage.extractor, coverage.asked_extractor, coverage.stand_in_reason,
        count(*) as session_count,
        cast(sum(coverage.evidence_count) as bigint) as evidence_count,
        cast(sum(coverage.verified_evidence_count) as bigint) as verified_evidence_count
    from marts.facet_coverage as coverage
    inner join active_sessions on active_sessions.session_id = coverage.session_id
    group by
        coverage.ineligible_reason, coverage.extractor, coverage.asked_extractor, coverage.stand_in_reason
)
select * from final
order by ineligible_reason, extractor, asked_extractor, stand_in_reason
