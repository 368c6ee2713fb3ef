-- Logs that their agent deletes within seven days of when the report is as of, and those that are past their time.
-- grain: source
-- columns:
--   source              which agent
--   kept_days           days from its last change that it keeps a log, the least
--   present_count       logs that are there and whose time is known
--   due_main_count      sessions' logs due within seven days
--   due_subagent_count  sub-agents' logs due within seven days
--   overdue_count       logs past their time; they go when the agent next starts
--   oldest_modified_at  last change of the oldest log of these two, UTC, to the hour: a copied file's time may lose its fractions
--   next_deletes_at     when the first log goes that is not past its time, UTC, to the hour
with logs as (
    select
        files.*,
        files.deletes_at < period.as_of as is_overdue,
        files.deletes_at >= period.as_of and files.deletes_at < period.as_of + interval '7' day as is_due
    from marts.files
    cross join period
    where files.deletes_at is not null and not files.is_gone
),
final as (
    select
        source,
        min(kept_days) as kept_days,
        count(*) as present_count,
        sum(case when is_due and file_kind = 'main' then 1 else 0 end) as due_main_count,
        sum(case when is_due and file_kind <> 'main' then 1 else 0 end) as due_subagent_count,
        sum(case when is_overdue then 1 else 0 end) as overdue_count,
        date_trunc('hour', min(case when is_due or is_overdue then modified_at end)) as oldest_modified_at,
        date_trunc('hour', min(case when not is_overdue then deletes_at end)) as next_deletes_at
    from logs
    group by source
)
select * from final
order by source
