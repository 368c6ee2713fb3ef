-- The plans that agents keep as files, latest first; they have a title only where words are kept.
-- grain: source, place, document_id
-- columns:
--   source         which agent
--   place          where its logs lie
--   document_id    digest of the file's name
--   session_id     the first session that names it
--   project        of that session
--   title          its first heading
--   session_count  sessions that name it
--   modified_at    last change, UTC
select source, place, document_id, session_id, project, title, session_count, modified_at
from marts.session_documents
where document_kind = 'plan' and title is not null
order by modified_at desc, source, place, document_id
