-- One row per prompt; what a fork or resume repeats belongs to the earliest session that had it.
-- grain: prompt_id
-- columns:
--   prompt_id      the line's uuid, or its place
--   session_id     session it was asked in
--   prompted_at    UTC
--   prompt_source  typed, queued, headless, or as logged
--   char_count     characters, wrappers removed
--   is_correction  it redirects or corrects what was done; a session's first prompt cannot
--   is_thanks      it thanks or praises
--   is_complaint   it complains
--   is_abandoned   the person went back and asked anew instead
with firsts as (
    select p.*
    from staging.prompts as p
    left join intermediate.session_claims as c using (session_id)
    qualify row_number() over (
        partition by p.prompt_id order by p.prompted_at, c.claimed_at, p.session_id, p.file_id, p.ordinal
    ) = 1
),
final as (
    select
        prompt_id, session_id, prompted_at, prompt_source, char_count,
        is_correction and row_number() over (
            partition by session_id order by prompted_at, file_id, ordinal
        ) > 1 as is_correction,
        is_thanks, is_complaint,
        coalesce(is_abandoned, false) as is_abandoned
    from firsts
)
select * from final
