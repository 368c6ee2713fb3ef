-- Of events that several lines have, such as copies in forks and mirrors: the line that counts, which is no mirror and of
-- the session that claimed its events first.
-- grain: event_uuid
-- columns:
--   event_uuid  as logged, of those on more than one line
--   file_id     file of the line that counts
--   ordinal     its place there
with places as (
    select
        e.event_uuid,
        min(struct_pack(
            is_mirror := e.is_mirror, claimed_at := c.claimed_at, session_id := e.session_id,
            file_id := e.file_id, ordinal := e.ordinal
        )) as place
    from staging.events as e
    semi join intermediate.repeated_events using (event_uuid)
    left join intermediate.session_claims as c on c.session_id = e.session_id
    group by e.event_uuid
),
final as (
    select event_uuid, place.file_id, place.ordinal from places
)
select * from final
