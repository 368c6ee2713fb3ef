-- Usage lines that count towards no call, by session, day and the rule that left them out. With them added to llm_calls,
-- one has what a plain sum over all lines would say.
-- grain: source, session_id, local_date, duplicate_rule
-- patched by: session_id
-- columns:
--   source              agent that wrote the log
--   session_id          session that logged the line
--   local_date          of the line in the configured time zone, null where it has no time
--   duplicate_rule      streamed: more lines of one reply (rule 2); mirrored: a sub-agent's reply in its parent's log (18); copied: by a fork or resume (5); replayed: in a side question (4); synthetic: errors and made-up replies, which nobody bills (7)
--   line_count          lines left out
--   input_tokens        what they say, not from the cache
--   output_tokens       what they say was answered
--   cache_read_tokens   what they say was read from the cache
--   cache_write_tokens  what they say was written to the cache
with own_lines as (
    -- Every line but mirrors, on the day its call is counted. Those of the streamed include the one line that counts.
    select
        case
            when not l.is_billed then 'synthetic'
            when c.llm_call_id is null then 'replayed'
            when l.session_id <> c.session_id then 'copied'
            else 'streamed'
        end as duplicate_rule,
        l.file_id, l.session_id,
        time_bucket(interval 15 minutes, coalesce(c.called_at, l.called_at)) as quarter_at,
        count(*) as line_count,
        sum(l.input_tokens) as input_tokens,
        sum(l.output_tokens) as output_tokens,
        sum(l.cache_read_tokens) as cache_read_tokens,
        sum(l.cache_write_5m_tokens + l.cache_write_1h_tokens) as cache_write_tokens
    from staging.calls as l
    left join intermediate.llm_calls_deduplicated as c on c.llm_call_id = l.llm_call_id
    where not l.is_mirror
    group by all
),
mirrored_calls as (
    select
        l.llm_call_id,
        min(l.file_id) as file_id,
        min(l.session_id) as session_id,
        time_bucket(interval 15 minutes, min(coalesce(c.called_at, l.called_at))) as quarter_at,
        bool_and(l.is_billed) as is_billed,
        max(c.line_count) as call_line_count,
        count(*) as line_count,
        sum(l.input_tokens) as input_tokens,
        sum(l.output_tokens) as output_tokens,
        sum(l.cache_read_tokens) as cache_read_tokens,
        sum(l.cache_write_5m_tokens + l.cache_write_1h_tokens) as cache_write_tokens
    from staging.calls as l
    left join intermediate.llm_calls_deduplicated as c on c.llm_call_id = l.llm_call_id
    where l.is_mirror
    group by l.llm_call_id
),
mirror_lines as (
    -- Where a call is logged by mirrors alone, these are its lines.
    select
        case
            when not is_billed then 'synthetic'
            when call_line_count is null then 'replayed'
            when call_line_count > line_count then 'mirrored'
            else 'streamed'
        end as duplicate_rule,
        * exclude (llm_call_id, is_billed, call_line_count)
    from mirrored_calls
),
kept_lines as (
    -- One line of each call counts.
    select
        'streamed' as duplicate_rule,
        file_id, session_id,
        time_bucket(interval 15 minutes, called_at) as quarter_at,
        -count(*) as line_count,
        -sum(input_tokens) as input_tokens,
        -sum(output_tokens) as output_tokens,
        -sum(cache_read_tokens) as cache_read_tokens,
        -sum(cache_write_5m_tokens + cache_write_1h_tokens) as cache_write_tokens
    from intermediate.llm_calls_deduplicated
    group by all
),
lines as (
    select * from own_lines
    union all by name
    select * from mirror_lines
    union all by name
    select * from kept_lines
),
final as (
    select
        f.source, l.session_id,
        cast(l.quarter_at + q.utc_offset as date) as local_date,
        l.duplicate_rule,
        cast(sum(l.line_count) as bigint) as line_count,
        cast(sum(l.input_tokens) as bigint) as input_tokens,
        cast(sum(l.output_tokens) as bigint) as output_tokens,
        cast(sum(l.cache_read_tokens) as bigint) as cache_read_tokens,
        cast(sum(l.cache_write_tokens) as bigint) as cache_write_tokens
    from lines as l
    join staging.files as f on f.file_id = l.file_id
    left join intermediate.local_quarters as q on q.quarter_at = l.quarter_at
    group by f.source, l.session_id, cast(l.quarter_at + q.utc_offset as date), l.duplicate_rule
)
select * from final
where line_count <> 0
