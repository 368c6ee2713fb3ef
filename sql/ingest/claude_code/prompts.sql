-- One row per prompt of a person or headless caller: its size and what it signals, never its words (rule 8).
-- grain: file_id, ordinal
-- reads: user_texts, lines, abandoned
select
    file_id, ordinal, session_id,
    line_uuid as prompt_uuid,
    happened_at as prompted_at,
    prompt_source,
    length(coalesce(prompt_text, '')) as char_count,
    coalesce(is_correction(prompt_text), false) as is_correction,
    coalesce(is_thanks(prompt_text), false) as is_thanks,
    coalesce(is_complaint(prompt_text), false) as is_complaint,
    (file_id, ordinal) in (
        select (l.file_id, l.ordinal)
        from abandoned as a
        join lines as l using (file_id, uuid_hash)
    ) as is_abandoned
from user_texts
where text_kind = 'prompt'
