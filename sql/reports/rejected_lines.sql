-- Every line that could not be read, with the reason.
-- grain: source, path, line_number, reason
-- columns:
--   source       which agent
--   path         the log file
--   line_number  the line in it, from 1
--   reason       why it could not be read
with final as (
    select distinct source, path, line_number, reason from marts.rejects
)
select * from final
order by source, path, line_number, reason
