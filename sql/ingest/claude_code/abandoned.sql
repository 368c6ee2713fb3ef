-- One row per line on a branch that was left: where two prompts follow the same line, the person went back and asked
-- anew, so the earlier one and all that follows from it are off the thread (rule 5).
-- grain: file_id, uuid_hash
-- reads: user_texts, lines
with recursive alternatives as (
    select
        l.file_id, l.uuid_hash,
        row_number() over (partition by l.file_id, l.parent_uuid_hash order by l.ordinal desc) as newest_rank
    from user_texts as t
    join lines as l using (file_id, ordinal)
    where t.text_kind = 'prompt' and t.prompt_source <> 'queued' and l.parent_uuid_hash is not null
),
abandoned as (
    select file_id, uuid_hash
    from alternatives
    where newest_rank > 1
    union
    select l.file_id, l.uuid_hash
    from abandoned as a
    join lines as l on l.file_id = a.file_id and l.parent_uuid_hash = a.uuid_hash
    where l.uuid_hash is not null
)
select * from abandoned
