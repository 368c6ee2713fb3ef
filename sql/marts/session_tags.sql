-- What kind of session each was, in tags: those of the column `tags` of sessions, which follow from its log, and those
-- that its facets add. All rules are in sql/seeds/session_tags.csv. The column cannot hold the facets' tags: rows of
-- sessions are made anew from the logs alone.
-- grain: session_id, tag
-- columns:
--   session_id      session
--   tag             as in the table of rules
--   is_from_facets  whether it follows from the session's facets, not from its log
--   week            of the session's start
with measures as (
    select
        f.session_id, s.week, unnest([
            {'measure': 'is_cut_short', 'amount': cast(f.session_cut_short as integer)},
            {'measure': 'is_drifting', 'amount': cast(f.priority_alignment = 'drift' as integer)},
            {'measure': 'is_exploration', 'amount': cast(f.session_type = 'exploration' as integer)},
            {'measure': 'is_quick_question', 'amount': cast(f.session_type = 'quick_question' as integer)},
            {
                'measure': 'is_unachieved',
                'amount': cast(f.outcome in ('not_achieved', 'partially_achieved') as integer)
            }
        ], recursive := true)
    from marts.session_facets as f
    join marts.sessions as s using (session_id)
),
from_facets as (
    select m.session_id, m.week, r.tag, true as is_from_facets
    from staging.session_tag_rules as r
    join measures as m on m.measure = r.measure
    where r.is_from_facets and is_met(m.amount, r.comparison, r.threshold)
    group by m.session_id, m.week, r.tag, r.rule_count
    having count(*) = r.rule_count
),
from_logs as (
    select session_id, week, unnest(string_split(tags, ',')) as tag, false as is_from_facets
    from marts.sessions
    where tags <> ''
),
final as (
    select session_id, tag, is_from_facets, week from from_logs
    union all
    select session_id, tag, is_from_facets, week from from_facets
)
select * from final
