-- Usage lines as logged, with the key that identifies one API call (rule 1).
-- grain: file_id, ordinal, advisor_number
select
    *,
    case
        when message_id is not null and request_id is not null then message_id || ':' || request_id
        else coalesce(message_id, line_uuid, 'file ' || file_id || ' object ' || ordinal)
    end || case when advisor_number > 0 then '/advisor ' || advisor_number else '' end as llm_call_id
from raw.calls
