-- Facets describe main sessions that exist.
-- severity: fail
select f.session_id
from marts.session_facets as f
left join marts.sessions as s using (session_id)
where s.session_id is null or s.is_subagent
