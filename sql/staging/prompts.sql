-- Prompts as logged; one without an id is known by its place.
-- grain: file_id, ordinal
select
    * exclude (prompt_uuid),
    coalesce(prompt_uuid, 'file ' || file_id || ' object ' || ordinal) as prompt_id
from raw.prompts
