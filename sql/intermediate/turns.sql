-- One row per turn, the time from a prompt to the next one of its session: how it began and when it ended.
-- grain: session_id, prompted_at
-- columns:
--   session_id        session, main or sub-agent
--   prompted_at       when the prompt was given, UTC
--   next_prompted_at  when the next one was, UTC; null in the last turn
--   is_correction     whether the prompt corrects what was done before
--   has_correction_next  whether the next one does; null in the last turn
--   ended_at          last event before the next prompt, UTC; null in the last turn
--   last_ended_at     last event before this prompt, UTC; null where there is none
with prompts as (
    select session_id, prompted_at, bool_or(is_correction and not is_abandoned) as is_correction
    from marts.prompts
    where prompted_at is not null
    group by session_id, prompted_at
),
preceded as (
    select p.*, e.happened_at as last_ended_at
    from prompts as p
    asof left join marts.events as e on e.session_id = p.session_id and p.prompted_at > e.happened_at
),
final as (
    select
        session_id, prompted_at, lead(prompted_at) over course as next_prompted_at, is_correction,
        lead(is_correction) over course as has_correction_next, lead(last_ended_at) over course as ended_at,
        last_ended_at
    from preceded
    window course as (partition by session_id order by prompted_at)
)
select * from final
