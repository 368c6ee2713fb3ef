-- Why a frozen period comes to other numbers today, over the instants it was frozen with; no row where it does not.
-- grain: period_kind, period, reason
-- columns:
--   period_kind      weekly or monthly
--   period           2026-W07 or 2026-02
--   reason           late_session (was not there), late_data (has more), new_price, mended_parser, forgotten (is gone)
--   frozen_at        when the period was first reported, UTC
--   session_count    main sessions concerned, with their sub-agents
--   cost_change_usd  today's list price less that of then
--   token_change     likewise, all four kinds
--   prompt_change    likewise
--   tool_call_change likewise
with periods as (
    select * from staging.periods where starts_at is not null
),
-- A local midnight is on a quarter of an hour in every time zone, so quarters find a call's periods without a range join.
quarters as (
    select period_kind, period, unnest(generate_series(starts_at, ends_at - interval 15 minutes, interval 15 minutes))
        as quarter_at
    from periods
),
measured as (
    select
        session_id, time_bucket(interval 15 minutes, called_at) as quarter_at, coalesce(cost_usd, 0) as cost_usd,
        coalesce(input_tokens, 0) + coalesce(output_tokens, 0)
        + coalesce(cache_read_tokens, 0) + coalesce(cache_write_tokens, 0) as total_tokens,
        0 as prompt_count, 0 as tool_call_count
    from marts.llm_calls
    union all
    select session_id, time_bucket(interval 15 minutes, prompted_at), 0, 0, 1, 0 from marts.prompts
    union all
    select session_id, time_bucket(interval 15 minutes, called_at), 0, 0, 0, 1 from marts.tool_calls
),
today as (
    select
        q.period_kind, q.period, m.session_id, sum(m.cost_usd) as cost_usd, sum(m.total_tokens) as total_tokens,
        sum(m.prompt_count) as prompt_count, sum(m.tool_call_count) as tool_call_count
    from measured as m
    join quarters as q on q.quarter_at = m.quarter_at
    group by q.period_kind, q.period, m.session_id
),
frozen as (
    select s.* from staging.period_sessions as s
    join periods as p on p.period_kind = s.period_kind and p.period = s.period
),
differences as (
    select
        coalesce(f.period_kind, t.period_kind) as period_kind,
        coalesce(f.period, t.period) as period,
        coalesce(f.session_id, t.session_id) as session_id,
        f.session_id is not null as is_known,
        f.log_bytes, f.parser_version,
        coalesce(t.cost_usd, 0) - coalesce(f.cost_usd, 0) as cost_change_usd,
        coalesce(t.total_tokens, 0) - coalesce(f.total_tokens, 0) as token_change,
        coalesce(t.prompt_count, 0) - coalesce(f.prompt_count, 0) as prompt_change,
        coalesce(t.tool_call_count, 0) - coalesce(f.tool_call_count, 0) as tool_call_change
    from frozen as f
    full join today as t
        on t.period_kind = f.period_kind and t.period = f.period and t.session_id = f.session_id
    where
        f.session_id is null
        or coalesce(t.cost_usd, 0) <> f.cost_usd
        or coalesce(t.total_tokens, 0) <> f.total_tokens
        or coalesce(t.prompt_count, 0) <> f.prompt_count
        or coalesce(t.tool_call_count, 0) <> f.tool_call_count
),
explained as (
    select
        d.*, p.frozen_at, split_part(d.session_id, '/', 1) as main_session_id,
        case
            when not d.is_known and l.last_file_id <= p.last_file_id and l.modified_at <= p.files_read_at
                then 'mended_parser'
            when not d.is_known and m.session_id is null then 'late_session'
            when d.is_known and s.session_id is null then 'forgotten'
            when d.token_change = 0 and d.prompt_change = 0 and d.tool_call_change = 0
                then if(p.price_digest = c.price_digest, 'mended_parser', 'new_price')
            when l.log_bytes = d.log_bytes and l.parser_version > d.parser_version then 'mended_parser'
            else 'late_data'
        end as reason
    from differences as d
    cross join staging.settings as c
    join periods as p on p.period_kind = d.period_kind and p.period = d.period
    left join marts.sessions as s on s.session_id = d.session_id
    left join intermediate.session_logs as l on l.session_id = d.session_id
    left join frozen as m
        on m.period_kind = d.period_kind and m.period = d.period
        and m.session_id = split_part(d.session_id, '/', 1)
),
final as (
    select
        period_kind, period, reason, any_value(frozen_at) as frozen_at,
        count(distinct main_session_id) as session_count,
        cast(sum(cost_change_usd) as decimal(24, 12)) as cost_change_usd,
        cast(sum(token_change) as bigint) as token_change,
        cast(sum(prompt_change) as bigint) as prompt_change,
        cast(sum(tool_call_change) as bigint) as tool_call_change
    from explained
    group by period_kind, period, reason
)
select * from final
