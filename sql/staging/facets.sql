-- What each session was about, as extracted, and how much of its evidence the log bears out.
-- grain: session_id
select
    * replace (coalesce(asked_extractor, extractor) as asked_extractor),
    coalesce(json_array_length(facets, '$.evidence'), 0)::bigint as evidence_count,
    len(list_filter(
        cast(facets -> '$.evidence[*].is_verified' as boolean[]), lambda is_verified : is_verified
    ))::bigint as verified_evidence_count
from state.facets
