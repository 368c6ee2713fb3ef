-- Agents that were at work in each of the three weeks before a silence, while another agent went on: a source that moved,
-- cannot be read any more, or is not used.
-- columns:
--   cause           the agent and its last day
--   source          which agent
--   silent_days     days since
--   unread_count    of its logs, those that could not be read the last time
with days as (
    select distinct source, local_date from marts.session_days
),
silences as (
    select
        days.source,
        max(days.local_date) as last_date,
        date_diff('day', max(days.local_date), max(moment.today)) as silent_days
    from days
    cross join moment
    group by days.source
    having date_diff('day', max(days.local_date), max(moment.today)) between 7 and 28
),
steady as (
    select silences.source
    from silences
    inner join days
        on days.source = silences.source and days.local_date > silences.last_date - 21
    group by silences.source
    having count(distinct date_diff('day', days.local_date, silences.last_date) // 7) = 3
),
unread as (
    select
        source,
        count(*) filter (where read_error is not null) as unread_count
    from marts.files
    group by source
),
final as (
    select
        silences.source || '/' || cast(silences.last_date as varchar) as cause,
        silences.source,
        silences.silent_days,
        coalesce(unread.unread_count, 0) as unread_count
    from silences
    inner join steady on silences.source = steady.source
    left join unread on silences.source = unread.source
    where exists (select 1 from days where days.source <> silences.source and days.local_date > silences.last_date)
        or coalesce(unread.unread_count, 0) > 0
)
select * from final
order by cause
