-- Lines, or parts of lines, that could not be read.
-- grain: none
select * from raw.rejects
