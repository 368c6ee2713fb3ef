-- One row per prompt that a human or a headless caller asked; wrappers, tool results and interruptions are none.
-- grain: prompt_id
-- patched by: session_id
-- columns:
--   prompt_id      as logged
--   session_id     session it was asked in
--   source         agent that wrote the log
--   project        of the session
--   prompted_at    UTC
--   local_date     in the configured time zone
--   local_hour     0 to 23
--   local_weekday  1 Monday to 7 Sunday
--   week           2026-W07
--   prompt_source  typed, queued, headless, or as logged
--   char_count     characters, wrappers removed
--   is_correction  it redirects or corrects what was done
--   is_thanks      it thanks or praises
--   is_complaint   it complains
--   is_abandoned   the person went back and asked anew instead: off the thread, so in no count of prompts
with localized as (
    select
        p.*,
        p.prompted_at + q.utc_offset as local_at
    from intermediate.prompts_deduplicated as p
    left join intermediate.local_quarters as q on q.quarter_at = time_bucket(interval 15 minutes, p.prompted_at)
),
final as (
    select
        l.prompt_id, l.session_id, p.source, p.project, l.prompted_at,
        cast(l.local_at as date) as local_date,
        hour(l.local_at) as local_hour,
        d.local_weekday, d.week,
        l.prompt_source, l.char_count, l.is_correction, l.is_thanks, l.is_complaint, l.is_abandoned
    from localized as l
    left join intermediate.session_spine as p using (session_id)
    left join intermediate.calendar as d on d.local_date = cast(l.local_at as date)
)
select * from final
