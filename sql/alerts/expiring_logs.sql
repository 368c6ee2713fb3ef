-- Logs that their agent deletes within three days. What they hold is loaded and stays; the words of their sessions go.
-- columns:
--   cause            the agent and the week in which the first of them goes
--   source           which agent
--   log_count        logs of main sessions that go
--   kept_days        days from its last change that the agent keeps a log, the least
--   next_deletes_on  the day on which the first goes, UTC
with due as (
    select files.*
    from marts.files
    cross join moment
    where
        not files.is_gone and files.file_kind = 'main'
        and files.deletes_at between moment.now_at and moment.now_at + interval '3' day
),
final as (
    select
        source || '/' || strftime(min(deletes_at), '%G-W%V') as cause,
        source,
        count(*) as log_count,
        min(kept_days) as kept_days,
        cast(cast(min(deletes_at) as date) as varchar) as next_deletes_on
    from due
    group by source
)
select * from final
order by cause
