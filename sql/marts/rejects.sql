-- One row per line, or part of a line, that could not be read.
-- grain: file_id, line_number
-- columns:
--   file_id      file
--   source       agent that wrote it
--   path         home shown as ~
--   line_number  from 1
--   reason       what was expected and what came
select f.file_id, f.source, f.path, r.line_number, r.reason
from staging.rejects as r
join marts.files as f using (file_id)
