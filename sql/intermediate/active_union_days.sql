-- One row per local date: time in which at least one main session was active, parallel sessions counted once.
-- grain: local_date
-- columns:
--   local_date            in the configured time zone
--   active_union_seconds  of that date, never more than the sum over its sessions
with spells as (
    select a.local_date, a.started_at, a.ended_at
    from marts.active_spells as a
    join marts.sessions as s using (session_id)
    where not s.is_subagent
),
reached as (
    select
        *,
        max(ended_at) over (
            partition by local_date order by started_at, ended_at rows between unbounded preceding and 1 preceding
        ) as reached_at
    from spells
)
select
    local_date,
    sum(greatest(
        0, date_diff('second', greatest(started_at, coalesce(reached_at, started_at)), ended_at)
    )) as active_union_seconds
from reached
group by local_date
