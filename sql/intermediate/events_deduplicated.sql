-- One row per event of a session's course, copies in forks and mirrors removed, in time and place order.
-- grain: session_id, event_number
-- columns:
--   session_id         the earliest session that had the event
--   event_number       from 1
--   parent_session_id  of a sub-agent's session
--   event_kind         as in raw.events
--   happened_at        UTC
--   local_at           in the configured time zone
--   local_date         of local_at
--   working_directory  at that time
--   git_branch         at that time
--   agent_version      at that time
--   entrypoint         at that time
--   reference          what it was about, by kind
--   file_id            file it was read from
with firsts as (
    select *
    from staging.events
    where event_uuid is null
    union all by name
    select e.*
    from staging.events as e
    semi join (
        select event_uuid, min(struct_pack(is_mirror := is_mirror, session_id := session_id, file_id := file_id, ordinal := ordinal)) as place
        from staging.events
        where event_uuid is not null
        group by event_uuid
    ) as f on f.event_uuid = e.event_uuid and f.place.file_id = e.file_id and f.place.ordinal = e.ordinal
),
final as (
    select
        e.session_id,
        row_number() over (partition by e.session_id order by e.happened_at, e.file_id, e.ordinal) as event_number,
        e.parent_session_id, e.event_kind, e.happened_at,
        timezone(s.timezone, timezone('UTC', e.happened_at)) as local_at,
        cast(timezone(s.timezone, timezone('UTC', e.happened_at)) as date) as local_date,
        e.working_directory, e.git_branch, e.agent_version, e.entrypoint, e.reference, e.file_id
    from firsts as e, staging.settings as s
)
select * from final
