-- Nothing is lost: every line is loaded, blank or rejected.
-- severity: fail
select path, line_count, loaded_line_count, blank_line_count, rejected_line_count
from marts.files
where line_count <> loaded_line_count + blank_line_count + rejected_line_count
