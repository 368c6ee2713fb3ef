-- One row per local date: time in which at least one main session was active, parallel sessions counted once.
-- grain: local_date
-- columns:
--   local_date            in the configured time zone
--   active_union_seconds  of that date, never more than the sum over its sessions
with main_sessions as (
    select session_id
    from intermediate.session_spine
    where not is_subagent
),
numbered as (
    select
        *,
        coalesce(
            sum(cast(is_cut as integer)) over (
                partition by session_id, local_date order by event_number
                rows between unbounded preceding and 1 preceding
            ), 0
        ) as stretch_number
    from intermediate.active_gaps
    semi join main_sessions using (session_id)
),
stretches as (
    select
        local_date,
        min(started_at) as started_at,
        max(started_at + to_seconds(active_seconds)) as ended_at
    from numbered
    group by session_id, local_date, stretch_number
),
reached as (
    select
        *,
        max(ended_at) over (
            partition by local_date order by started_at, ended_at rows between unbounded preceding and 1 preceding
        ) as reached_at
    from stretches
),
final as (
    select
        local_date,
        sum(greatest(
            0, date_diff('second', greatest(started_at, coalesce(reached_at, started_at)), ended_at)
        )) as active_union_seconds
    from reached
    group by local_date
)
select * from final
