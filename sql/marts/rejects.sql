-- One row per line that could not be read, in part or as a whole.
-- grain: file_id, line_number
-- columns:
--   file_id      file
--   source       agent that wrote it
--   path         home shown as ~
--   line_number  from 1
--   reason       what was expected and what came, of each part that was not read
select
    f.file_id, f.source, f.path, r.line_number,
    string_agg(distinct r.reason, ' and ' order by r.reason) as reason
from staging.rejects as r
join marts.files as f using (file_id)
group by f.file_id, f.source, f.path, r.line_number
