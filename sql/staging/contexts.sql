-- Where and with what sessions worked, as logged.
-- grain: none
select * from raw.contexts
