-- Whom the sessions were about, of the people that the user named.
-- grain: person
-- columns:
--   person                   as configured
--   session_count            main sessions active in the period
--   active_seconds           their active time in the period
--   active_share             of the active time of all sessions with facets, 0 to 1
--   cost_usd                 at list price with their sub-agents, priced calls only, in the period; null where no log of
--                            theirs has usage
--   unpriced_call_count      their calls of models without a price, in the period
--   previous_session_count   in the period before
--   previous_active_seconds  in the period before
--   previous_active_share    in the period before
with days as (
    select
        days.session_id,
        session_facets.people_mentioned,
        days.active_seconds,
        days.cost_usd,
        days.unpriced_call_count,
        days.local_date,
        days.local_date >= period.period_start as is_current
    from marts.main_session_days as days
    inner join period on days.local_date >= period.previous_start and days.local_date < period.period_end
    inner join marts.session_facets on session_facets.session_id = days.session_id
),
positions as (
    select list_position
    from (
        values (0), (1), (2), (3), (4), (5), (6), (7), (8), (9), (10), (11), (12), (13), (14), (15), (16), (17), (18), (19)
    ) as position_list (list_position)
),
named as (
    -- A name that a session has twice counts once.
    select distinct
        days.*,
        json_extract_string(people_mentioned, '$[' || cast(positions.list_position as varchar) || ']') as person
    from days
    cross join positions
),
totals as (
    select
        sum(case when is_current then active_seconds else 0 end) as active_seconds,
        sum(case when is_current then 0 else active_seconds end) as previous_active_seconds
    from days
),
summed as (
    select
        person,
        count(distinct case when is_current then session_id end) as session_count,
        sum(case when is_current then active_seconds else 0 end) as active_seconds,
        cast(sum(case when is_current then cost_usd end) as decimal(18, 6)) as cost_usd,
        sum(case when is_current then unpriced_call_count else 0 end) as unpriced_call_count,
        count(distinct case when not is_current then session_id end) as previous_session_count,
        sum(case when is_current then 0 else active_seconds end) as previous_active_seconds
    from named
    where person is not null
    group by person
),
final as (
    select
        summed.person,
        summed.session_count,
        summed.active_seconds,
        round(coalesce(cast(summed.active_seconds as double) / nullif(totals.active_seconds, 0), 0), 4) as active_share,
        summed.cost_usd,
        summed.unpriced_call_count,
        summed.previous_session_count,
        summed.previous_active_seconds,
        round(coalesce(cast(summed.previous_active_seconds as double) / nullif(totals.previous_active_seconds, 0), 0), 4)
            as previous_active_share
    from summed
    cross join totals
)
select * from final
order by active_seconds desc, session_count desc, person
