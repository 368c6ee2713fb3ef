-- The tips of the week, or the five largest of the weeks that end in the month; what was dismissed is left out.
-- grain: tip_id
-- columns:
--   tip_rank          order in the report
--   tip_id            tip
--   rule              which rule spoke
--   tip_period        week it is about
--   priority          high, medium or low
--   category          what it is about
--   observation       what was seen
--   recommendation    what to do about it
--   expected_benefit  what that may bring
--   is_helpful        whether the user called it so
--   session_count     sessions behind it, twenty at most
--   project           of the session that weighs most
--   local_date        on which that session began
with weeks as (
    select distinct session_days.week
    from marts.session_days
    cross join period
    where session_days.week_start + 7 > period.period_start and session_days.week_start + 7 <= period.period_end
),
given as (
    select
        tips.*,
        json_extract_string(tips.session_ids, '$[0]') as session_id,
        row_number() over (partition by tips.rule order by tips.period desc) as rule_rank
    from marts.tips
    inner join weeks on weeks.week = tips.period
    where not tips.is_dismissed
),
ranked as (
    select
        given.*,
        row_number() over (
            order by
                case given.priority when 'high' then 1 when 'medium' then 2 else 3 end,
                cast(json_extract_string(given.metric_values, '$.size_share') as double) desc,
                given.rule
        ) as tip_rank
    from given
    where given.rule_rank = 1
),
final as (
    select
        ranked.tip_rank,
        ranked.tip_id,
        ranked.rule,
        ranked.period as tip_period,
        ranked.priority,
        ranked.category,
        ranked.observation,
        ranked.recommendation,
        ranked.expected_benefit,
        coalesce(ranked.feedback = 'helpful', false) as is_helpful,
        json_array_length(ranked.session_ids) as session_count,
        sessions.project,
        sessions.local_date
    from ranked
    left join marts.sessions on sessions.session_id = ranked.session_id
    where ranked.tip_rank <= 5
)
select * from final
order by tip_rank
