-- What surprises in a finished period: measures, projects and tools that lie outside all of up to eight periods before,
-- at least four, and far from their median. Far is three times the usual distance from it (the median one, made
-- comparable with a standard deviation by 1.4826), which counts as at least 15 % of the median, and of what is counted
-- as the root of the median, since few things vary by chance. First comes what is far and matters: money, time, goals and
-- failures count in full, sessions and prompts by half, what was produced by a quarter, and past eight far is far.
-- grain: surprise_rank
-- columns:
--   surprise_rank  1 is the greatest, of at most three
--   subject_kind   measure, project or tool
--   subject        the project or the tool; null for a measure
--   metric_name    what was measured
--   metric_value   in the period
--   usual_value    median of the periods before
--   least_value    least of these
--   most_value     most of these
--   period_count   how many these are
--   distance       from the median, by the usual distance; below 0 is less
with steps(periods_back) as (
    values (0), (1), (2), (3), (4), (5), (6), (7), (8)
),
spans as (
    select
        steps.periods_back,
        case
            when period.period_kind = 'monthly'
                then cast(period.period_start - steps.periods_back * interval '1' month as date)
            else cast(
                period.period_start
                - steps.periods_back * (period.period_end - period.period_start) * interval '1' day as date
            )
        end as span_start,
        case
            when period.period_kind = 'monthly'
                then cast(period.period_start - (steps.periods_back - 1) * interval '1' month as date)
            else cast(
                period.period_end
                - steps.periods_back * (period.period_end - period.period_start) * interval '1' day as date
            )
        end as span_end
    from steps
    cross join period
    where not period.is_so_far
),
costs as (
    select
        spans.periods_back,
        spans.span_start,
        spans.span_end,
        count(distinct case when not (days.is_subagent or days.is_extraction) then days.session_id end)
            as session_count,
        cast(sum(days.cost_usd) as double) as cost_usd,
        sum(days.unpriced_call_count) as unpriced_call_count
    from spans
    inner join marts.session_days as days
        on days.local_date >= spans.span_start and days.local_date < spans.span_end
    group by spans.periods_back, spans.span_start, spans.span_end
),
active as (
    select * from costs where session_count > 0
),
project_seconds as (
    select active.periods_back, days.project, sum(days.active_seconds) as active_seconds
    from active
    inner join marts.session_days as days
        on days.local_date >= active.span_start and days.local_date < active.span_end
    where not days.is_subagent and days.project is not null
    group by active.periods_back, days.project
),
-- Known in at least four periods before: a new project is told elsewhere.
projects as (
    select project
    from project_seconds
    where periods_back > 0 and active_seconds > 0
    group by project
    having count(*) >= 4
),
tools as (
    select
        active.periods_back,
        tool_calls.tool_name,
        round(cast(sum(case when tool_calls.is_error then 1 else 0 end) as double) / count(*), 4) as error_share
    from active
    inner join marts.tool_calls
        on tool_calls.local_date >= active.span_start and tool_calls.local_date < active.span_end
    where tool_calls.tool_name is not null
    group by active.periods_back, tool_calls.tool_name
    having count(*) >= 20
),
growth as (
    select
        growth.metric_name,
        growth.metric_value,
        row_number() over (partition by growth.metric_name order by growth.period_start desc) - 1 as periods_back
    from marts.growth
    inner join period
        on period.period_kind = growth.period_kind and growth.period_start <= period.period_start
        and not period.is_so_far
    where growth.metric_name not in ('effectiveness', 'tool_diversity', 'active_day_count')
        -- Without the period itself, the row before it would stand for it.
        and growth.metric_name in (
            select told.metric_name
            from marts.growth as told
            inner join period as now on now.period_kind = told.period_kind and now.period = told.period
        )
),
valued as (
    select 'measure' as subject_kind, cast(null as varchar) as subject, metric_name, metric_value, periods_back
    from growth
    union all
    select 'measure', null, 'cost_usd', round(cost_usd, 6), periods_back
    from active
    where unpriced_call_count = 0 and cost_usd is not null
    union all
    select
        'project', projects.project, 'active_seconds',
        cast(coalesce(project_seconds.active_seconds, 0) as double), active.periods_back
    from projects
    cross join active
    left join project_seconds
        on project_seconds.project = projects.project and project_seconds.periods_back = active.periods_back
    union all
    select 'tool', tool_name, 'error_share', error_share, periods_back from tools
),
medians as (
    select
        subject_kind,
        subject,
        metric_name,
        percentile_cont(0.5) within group (order by metric_value) as usual_value,
        min(metric_value) as least_value,
        max(metric_value) as most_value,
        count(*) as period_count
    from valued
    where periods_back between 1 and 8
    group by subject_kind, subject, metric_name
    having count(*) >= 4
),
distances as (
    select
        medians.subject_kind,
        medians.subject,
        medians.metric_name,
        percentile_cont(0.5) within group (order by abs(valued.metric_value - medians.usual_value)) as usual_distance
    from medians
    inner join valued
        on valued.subject_kind = medians.subject_kind and valued.metric_name = medians.metric_name
        and valued.subject is not distinct from medians.subject
    where valued.periods_back between 1 and 8
    group by medians.subject_kind, medians.subject, medians.metric_name
),
compared as (
    select
        medians.*,
        now.metric_value,
        (now.metric_value - medians.usual_value)
        / nullif(
            greatest(
                1.4826 * distances.usual_distance,
                0.15 * abs(medians.usual_value),
                case
                    when medians.metric_name in ('session_count', 'prompt_count', 'commit_count', 'unique_tools_used')
                        then sqrt(greatest(medians.usual_value, 1))
                    else 0
                end
            ), 0
        ) as distance
    from medians
    inner join distances
        on distances.subject_kind = medians.subject_kind and distances.metric_name = medians.metric_name
        and distances.subject is not distinct from medians.subject
    inner join valued as now
        on now.subject_kind = medians.subject_kind and now.metric_name = medians.metric_name
        and now.subject is not distinct from medians.subject and now.periods_back = 0
),
weighed as (
    select
        compared.*,
        case
            when metric_name in ('commit_count', 'lines_changed', 'unique_tools_used', 'delegation_ratio') then 0.25
            when metric_name in ('session_count', 'prompt_count', 'tool_calls_per_turn', 'time_per_turn_seconds') then 0.5
            else 1.0
        end as weight
    from compared
),
ranked as (
    select
        weighed.*,
        row_number() over (
            order by
                least(abs(round(distance, 4)), 8) * weight desc,
                abs(round(distance, 4)) desc,
                subject_kind,
                metric_name,
                subject
        ) as surprise_rank
    from weighed
    where abs(distance) >= 3
        and (metric_value < least_value or metric_value > most_value)
        -- Half an hour, or of hardly a session, is nothing to be surprised at.
        and (subject_kind <> 'project' or greatest(metric_value, usual_value) >= 1800)
        -- Nor are two points of a tool's failures.
        and (subject_kind <> 'tool' or abs(metric_value - usual_value) >= 0.05)
        and (select max(session_count) from active where periods_back = 0) >= 3
),
final as (
    select
        surprise_rank,
        subject_kind,
        subject,
        metric_name,
        metric_value,
        round(usual_value, 6) as usual_value,
        least_value,
        most_value,
        period_count,
        round(distance, 4) as distance
    from ranked
    where surprise_rank <= 3
)
select * from final
order by surprise_rank
