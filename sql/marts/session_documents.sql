-- One row per plan or todo list that an agent keeps as a file of its own, as last read; kept when the file is gone.
-- grain: source, place, document_id
-- columns:
--   source          agent
--   place           where its logs lie, home shown as ~
--   document_id     digest of the file's name
--   session_id      the session it belongs to; of a plan the first that names it
--   project         of that session
--   document_kind   plan or todo_list
--   path            home shown as ~; null for a plan where no words are kept, as its name may hold some
--   title           a plan's first heading, cleared of secrets; null where it has none or no words are kept
--   pending_count   items of a list that are not begun; null for a plan
--   in_progress_count  items of a list that are being done; null for a plan
--   completed_count items of a list that are done; null for a plan
--   open_count      items of a list that are not done; null for a plan
--   session_count   sessions whose lines name the plan, such as one that plans and one that carries it out; 1 for a list
--   modified_at     last change of the file when it was read, UTC
with named as (
    select plan_id, count(distinct coalesce(parent_session_id, session_id)) as session_count
    from staging.contexts
    where plan_id is not null
    group by plan_id
),
final as (
    select
        d.source,
        shortened_path(replace(d.place, '\', '/')) as place,
        cast(d.document_id as varchar) as document_id, d.session_id, s.project, d.document_kind,
        shortened_path(replace(d.path, '\', '/')) as path,
        d.title, d.pending_count, d.in_progress_count, d.completed_count,
        d.pending_count + d.in_progress_count as open_count,
        case when d.document_kind = 'plan' then coalesce(n.session_count, 1) else 1 end as session_count,
        make_timestamp(d.modified_ms * 1000) as modified_at
    from staging.session_documents as d
    left join named as n on n.plan_id = d.document_id
    left join marts.sessions as s on s.session_id = d.session_id
)
select * from final
