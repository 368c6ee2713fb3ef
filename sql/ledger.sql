-- The ledger: what cannot be made again. The only DDL of the project; models are SELECTs.
-- raw.*    facts as read from the logs, free of content, replaced whole per file, keyed (file_id, ordinal)
-- state.*  what this program did and decided: files read, facets, frozen periods, deliveries, runs
create schema if not exists raw;
create schema if not exists state;

create table if not exists state.meta (
    schema_version integer not null
);

-- One row per log file ever read. A file that disappears keeps its row and its facts.
create table if not exists state.files (
    file_id         integer primary key,
    source          varchar not null,   -- claude-code, codex, ...
    path            varchar not null,   -- absolute
    file_kind       varchar not null,   -- main, subagent
    size_bytes      bigint not null,
    modified_ms     bigint not null,    -- mtime, milliseconds since 1970
    parser_version  integer not null,
    line_count      bigint not null,    -- lines = loaded + blank + rejected
    loaded_line_count   bigint not null,
    blank_line_count    bigint not null,
    rejected_line_count bigint not null,
    object_count    bigint not null,    -- whole JSON objects; more than lines where lines were glued
    loaded_at       timestamp not null,
    is_gone         boolean not null default false,
    read_error      varchar             -- why the file could not be read the last time; null where it could
);

-- What an agent keeps beside its logs, by place where these lie; written only when it has changed.
create table if not exists state.agent_settings (
    source          varchar not null,
    place           varchar not null,   -- absolute
    cleanup_days    integer,            -- days from its last change that the agent keeps a log; null where not known
    totals_size_bytes bigint,           -- of the file with the agent's own totals, as last read; null without one
    totals_modified_ms bigint,
    totals_from     date,               -- first and last day that its totals cover
    totals_until    date,
    history_size_bytes bigint,          -- of the file with the agent's history of prompts, as last read; null without one
    history_modified_ms bigint,
    history_rules   varchar,            -- a digest of the settings that kept some of it out: under others it is read again
    read_at         timestamp not null,
    primary key (source, place)
);

-- The agent's own totals as last read: of a day, or of all time where local_date is null. They outlive its file.
create table if not exists state.agent_totals (
    source          varchar not null,
    place           varchar not null,
    local_date      date,               -- as the agent tells days apart
    measure         varchar not null,   -- session_count, message_count, tool_call_count, web_search_count,
                                        -- input_output_tokens (by day), input_tokens, output_tokens,
                                        -- cache_read_tokens, cache_write_tokens
    model           varchar,
    amount          bigint not null,
    read_at         timestamp not null
);

-- The agent's own history of prompts: how many in which quarter of an hour, never their words. What was once read of it
-- outlives its lines and its file, as it outlives the logs.
create table if not exists state.prompt_history (
    source          varchar not null,
    place           varchar not null,
    quarter_at      timestamp not null, -- begin of the quarter, UTC; no zone has a midnight within one
    project         varchar,            -- where the agent was started, as logged
    session_id      varchar,            -- null in lines of versions that did not name it
    prompt_count    bigint not null
);

-- Plans and lists of things to do that an agent keeps as files of their own, each tied to a session that is known here;
-- as last read. They outlive their files, and go with their session.
create table if not exists state.session_documents (
    source          varchar not null,
    place           varchar not null,
    document_id     uuid not null,      -- a digest of the file's name without its extension
    document_kind   varchar not null,   -- plan, todo_list
    session_id      varchar not null,   -- of a plan the first that names it
    path            varchar,            -- absolute; null where a plan's name, which its prompt may have given, is not kept
    title           varchar,            -- a plan's first heading, cleared of secrets; null where no words are kept
    pending_count   bigint,             -- items of a list by their state; null for a plan
    in_progress_count bigint,
    completed_count bigint,
    size_bytes      bigint,             -- null where it is to be read again
    modified_ms     bigint not null,
    primary key (source, place, document_id)
);

create table if not exists state.facets (
    session_id      varchar primary key,
    extractor       varchar not null,   -- rules, or a model provider
    model           varchar,
    prompt_version  integer not null,
    content_sha256  varchar not null,   -- of what was judged; of a stand-in also, after a /, of who was asked what
    extracted_at    timestamp not null,
    cost_usd        decimal(18, 6) not null default 0,
    facets          json not null,      -- the zod schema in pipeline/facets/schema.ts
    asked_extractor varchar,            -- who was asked for them; null where that is the extractor
    stand_in_reason varchar             -- why rules stood in for who was asked: refused, unusable, unavailable,
                                        -- over_budget; null where they did not
);

-- One row per request that Debrief itself made to a model and that was answered, or may have been: what it used and cost.
create table if not exists state.model_requests (
    request_id      varchar primary key,
    run_id          varchar,
    purpose         varchar not null,   -- facets, summary (of a part of a long session), repair, letter, tips
    subject         varchar not null,   -- session id, or <period_kind>/<period>
    provider        varchar not null,   -- anthropic, openai-compatible, claude-cli
    model           varchar not null,
    is_batch        boolean not null,
    requested_at    timestamp not null, -- UTC
    status          varchar not null,   -- answered, refused, unusable, unavailable
    input_tokens    bigint,             -- not from the cache; tokens are null where the provider does not say
    output_tokens   bigint,
    cache_read_tokens  bigint,
    cache_write_tokens bigint,
    cost_usd        decimal(18, 6)      -- null where neither the provider nor the price table knows it
);

-- Message batches that were submitted: one row per session in them, so that a later run collects what was paid for.
create table if not exists state.batch_requests (
    batch_id        varchar not null,
    request_id      varchar not null,
    session_id      varchar not null,
    provider        varchar not null,
    model           varchar not null,
    prompt_version  integer not null,
    content_sha256  varchar not null,   -- as in state.facets
    submitted_at    timestamp not null,
    collected_at    timestamp,          -- null while the batch is being worked on
    expected_cost_usd decimal(18, 6),   -- counts against max_cost_usd until it is collected; null where not known
    primary key (batch_id, request_id)
);

-- What a user was advised, by week; never changed once shown.
create table if not exists state.tips (
    tip_id          varchar primary key, -- <rule>/<period_kind>/<period>
    rule            varchar not null,   -- file name in sql/tips
    period_kind     varchar not null,
    period          varchar not null,
    generated_at    timestamp not null, -- what it is as of: the period's end, or of a running one its last event
    priority        varchar not null,   -- high, medium, low
    category        varchar not null,   -- tool_usage, delegation, error_handling, prompting, cost, focus, skills
    observation     varchar not null,
    recommendation  varchar not null,
    expected_benefit varchar not null,
    metric_name     varchar not null,   -- the one whose course says later whether the tip was taken
    metric_value    double not null,
    is_less_better  boolean not null,
    metric_values   json not null,      -- {name: number}: all that the words rest on
    session_ids     json not null,      -- the sessions behind it
    extractor       varchar not null    -- rules, or the provider that phrased it
);

-- What the user said of a tip; the last word counts.
create table if not exists state.tip_feedback (
    tip_id          varchar not null,
    feedback        varchar not null,   -- helpful, dismissed
    given_at        timestamp not null,
    given_by        varchar not null    -- command, discord
);

-- Which complete weeks were looked at: what was advised there, nothing perhaps, stays.
create table if not exists state.tip_weeks (
    period          varchar primary key, -- 2026-W07
    generated_at    timestamp not null  -- the week's end
);

-- How a tip's metric stands some weeks later, as of each of them; made anew whenever that week is.
create table if not exists state.tip_effects (
    tip_id          varchar not null,
    period_kind     varchar not null,   -- of the week that looks back
    period          varchar not null,
    metric_before   double not null,    -- in the week of the tip
    metric_after    double not null,    -- mean of the weeks since that could be measured
    metric_latest   double not null,
    measured_week_count bigint not null,
    sample_count    bigint not null,    -- calls, prompts or sessions in those weeks
    effect          varchar not null,   -- better, worse, same (within chance)
    is_small        boolean not null,   -- too little to rest much on
    primary key (tip_id, period_kind, period)
);

-- What a month sets for the month after, in numbers alone; set once, and told anew only where its month is.
create table if not exists state.targets (
    target_id       varchar primary key, -- <metric>/monthly/<period>
    metric_name     varchar not null,
    period          varchar not null,   -- 2026-02: the month that sets it
    target_period   varchar not null,   -- the month after, in which it is to be reached
    target_rank     integer not null,   -- 1 for the one with most to gain
    baseline_value  double not null,    -- in the month that sets it
    sample_count    bigint not null,    -- calls, prompts or sessions in that month
    target_value    double not null,
    is_less_better  boolean not null,
    reference_value double,             -- the best of the months before, where that was better; else null
    reference_period varchar,
    made_at         timestamp not null  -- what it is as of: the end of its month
);

-- Which complete months were looked at: what was set there, nothing perhaps, stays.
create table if not exists state.target_months (
    period          varchar primary key, -- 2026-02
    made_at         timestamp not null  -- the month's end
);

-- The coach's letter of a period as a model wrote it from these figures, so that it is asked for once.
create table if not exists state.letters (
    period_kind     varchar not null,
    period          varchar not null,
    content_sha256  varchar not null,   -- of what the model was given
    provider        varchar not null,
    model           varchar not null,
    prompt_version  integer not null,
    written_at      timestamp not null,
    letter          varchar not null,   -- Markdown, as checked
    dropped_sentence_count bigint not null, -- sentences with a number that is not in what it was given
    primary key (period_kind, period)
);

-- One row per frozen period: its figures as they stood at the first report after its end.
create table if not exists state.periods (
    period_kind     varchar not null,   -- weekly, monthly
    period          varchar not null,   -- 2026-W07, 2026-02
    frozen_at       timestamp not null,
    figures         json not null,
    narrative       varchar not null,   -- the letter, Markdown, signed
    report_link     varchar,            -- where it was published; without the query of a presigned link
    -- What a later difference is explained by; null in periods that were frozen before these were kept.
    timezone        varchar,
    starts_at       timestamp,          -- UTC
    ends_at         timestamp,          -- UTC, exclusive
    price_digest    varchar,            -- of the price table
    last_file_id    integer,            -- the newest file known
    files_read_at   timestamp,          -- when a file was last read
    primary key (period_kind, period)
);

-- What each session came to within a frozen period, as it was first reported.
create table if not exists state.period_sessions (
    period_kind     varchar not null,
    period          varchar not null,
    session_id      varchar not null,
    cost_usd        decimal(24, 12) not null,
    total_tokens    bigint not null,
    prompt_count    bigint not null,
    tool_call_count bigint not null,
    log_bytes       bigint not null,    -- of the files it was read from
    parser_version  integer not null,   -- the newest that read them
    primary key (period_kind, period, session_id)
);

-- One row per thing sent somewhere: recorded as intended before the request, settled after the answer.
create table if not exists state.deliveries (
    delivery_id     varchar primary key, -- <target>/<period_kind>/<period>
    target          varchar not null,    -- s3, discord:<id of the webhook>, discord:bot:<channel id>
    period_kind     varchar not null,
    period          varchar not null,
    status          varchar not null,    -- intended, delivered, failed, unknown
    remote_id       varchar,             -- message id, object key
    thread_id       varchar,             -- of the forum's post that was made for the message
    content_sha256  varchar,
    intended_at     timestamp not null,
    settled_at      timestamp,
    error           varchar
);

-- What was due by the schedule, so that a machine that slept catches up from here and not from memory.
create table if not exists state.scheduled_runs (
    job             varchar not null,    -- sync, facets, snapshot, weekly, monthly; schedule: since when it is kept
    due_at          timestamp not null,  -- the hour that cron named, in UTC
    started_at      timestamp not null,
    ended_at        timestamp,           -- null where it was cut off
    exit_code       integer,
    process_id      integer,             -- who ran it, or keeps the schedule: tells what is under way from what was cut off
    attempt         integer not null default 0, -- how often its deliveries were tried before
    primary key (job, due_at)
);

-- Alerts raised between reports: each cause at most once a local day. How each was sent is in state.deliveries.
create table if not exists state.alerts (
    alert_id        varchar primary key, -- <kind>/<cause>/<local_date>
    kind            varchar not null,    -- cost_spike, friction_spike, budget, context_full, expiring_logs, ...
    cause           varchar not null,
    local_date      date not null,
    session_id      varchar,             -- the one session it is about, else null
    message         varchar not null,    -- plain text: numbers, names of agents and models, no words of a log
    place           varchar not null,    -- anchor of the report's part that tells more
    raised_at       timestamp not null
);

-- The messages that a bot posted for single tips, whose reactions are read at the next run.
create table if not exists state.tip_messages (
    target          varchar not null,    -- discord:bot:<channel id>
    message_id      varchar not null,
    tip_id          varchar not null,
    posted_at       timestamp not null,
    helpful_count   integer not null default 0,
    dismissed_count integer not null default 0,
    read_at         timestamp,
    primary key (target, message_id)
);

-- What must not come back although its log may still be there. No name stands in clear: the sha256 of a session's id, of
-- a project's path with the home as ~, or the instants (UTC) between which a session began, as <from>/<until>.
create table if not exists state.forgotten (
    forgotten_kind  varchar not null,   -- session, project, period
    value           varchar not null,
    forgotten_at    timestamp not null,
    primary key (forgotten_kind, value)
);

-- Log files of which something is kept out, so that they are not read again each time. A file that is kept out whole has
-- no row in state.files. `rules` is a digest of the settings that kept it out: under others it is read again.
create table if not exists state.withheld_files (
    path_sha256     varchar not null,   -- of the path with the home as ~
    source          varchar not null,
    size_bytes      bigint not null,
    modified_ms     bigint not null,
    parser_version  integer not null,
    rules           varchar not null
);

-- Sessions that settings keep out: their sub-agents' files may come later.
create table if not exists state.withheld_sessions (
    session_sha256  varchar not null,
    rules           varchar not null
);

-- Events of sessions that are kept out, so that a fork or resume that repeats them does not bring them back.
create table if not exists state.withheld_events (
    event_uuid      uuid not null,
    rules           varchar             -- null where they were forgotten, which no setting undoes
);

-- What was taken out, and which traces of it are still to be removed.
create table if not exists state.removals (
    removed_at      timestamp not null,
    session_count   bigint not null,
    is_cleaned      boolean not null,   -- pages and Parquet are without it
    is_withdrawn    boolean not null,   -- so is the bucket
    is_rewritten    boolean not null    -- so are the freed pages of this file
);

-- The privacy settings that the ledger was written under, in one row.
create table if not exists state.kept_content (
    content         varchar not null,   -- none, summaries, transcripts
    redact_paths    boolean not null,
    clear_version   integer not null    -- of the rules that find secrets
);

create table if not exists state.runs (
    run_id          varchar primary key,
    command         varchar not null,
    started_at      timestamp not null,
    ended_at        timestamp,
    exit_code       integer,
    warning_count   integer not null default 0
);

-- Which repository a working directory was in, as git said while the directory was there.
create table if not exists state.repositories (
    working_directory varchar primary key, -- as logged
    repository_root varchar not null,   -- of a worktree the main repository's, with slashes
    seen_at         timestamp not null
);

-- What every line of the timeline was; the session is the one that the line belongs to, sub-agents apart.
create table if not exists raw.events (
    file_id         integer,
    ordinal         bigint,             -- position among the file's objects, from 1
    is_mirror       boolean,            -- a sub-agent's message repeated in its parent's file
    session_id      varchar,            -- <parent>/<agent id> for a sub-agent
    event_kind      varchar,            -- prompt, command, assistant, tool_call, tool_result, tool_error,
                                        -- interruption, compaction, compaction_boundary, api_error,
                                        -- api_retry, delegation, system, attachment, wrapper
    event_uuid      uuid,
    happened_at     timestamp,          -- UTC
    reference       varchar,            -- tool call id, message id or command name, by kind
    is_abandoned    boolean             -- on a branch that was left: a person went back and asked anew
);

-- Where and with what a session worked, as its lines say: one row per combination, with when it held.
create table if not exists raw.contexts (
    file_id         integer,
    session_id      varchar,
    parent_session_id varchar,
    working_directory varchar,
    git_branch      varchar,
    agent_version   varchar,
    entrypoint      varchar,            -- cli, sdk-cli (headless), ...
    plan_id         uuid,               -- a digest of the name that the session's plan has, written yet or not
    first_at        timestamp,
    last_at         timestamp,
    event_count     bigint
);

-- One row per logged line that carries usage; lines of one streamed reply repeat and are resolved by key later.
create table if not exists raw.calls (
    file_id         integer,
    ordinal         bigint,
    advisor_number  integer,            -- 0 for the reply itself, from 1 for advisors asked along the way
    is_mirror       boolean,
    session_id      varchar,
    is_subagent     boolean,
    message_id      varchar,
    request_id      varchar,
    line_uuid       varchar,            -- only where there is no message id
    called_at       timestamp,
    model           varchar,
    agent_version   varchar,
    is_billed       boolean,            -- false for synthetic replies and API errors
    input_tokens    bigint,             -- not from the cache
    output_tokens   bigint,
    cache_read_tokens bigint,
    cache_write_5m_tokens bigint,
    cache_write_1h_tokens bigint,
    web_search_count bigint,            -- that the server made for this reply
    speed           varchar,
    inference_geo   varchar,
    logged_cost_usd decimal(24, 12)     -- what the agent itself says it cost; null where it does not say
);

create table if not exists raw.tool_uses (
    file_id         integer,
    ordinal         bigint,
    block_number    integer,
    is_mirror       boolean,
    session_id      varchar,
    tool_call_id    varchar,
    tool_name       varchar,            -- as logged
    called_at       timestamp,
    target          varchar,            -- path, program, host, agent or skill; never the whole command
    delegated_agent varchar,
    is_commit       boolean,
    is_test_run     boolean,
    input_hash      ubigint,            -- equal for equal calls
    input_line_count bigint             -- lines written by a whole-file write
);

create table if not exists raw.tool_results (
    file_id         integer,
    ordinal         bigint,
    block_number    integer,
    is_mirror       boolean,
    session_id      varchar,
    tool_call_id    varchar,
    answered_at     timestamp,
    is_error        boolean,
    error_kind      varchar,            -- rejected, interrupted, permission_denied, not_found, edit_mismatch,
                                        -- command_failed, timeout, too_large, unknown_tool, cancelled, other
    edit_operation  varchar,            -- create, update
    lines_added     bigint,
    lines_deleted   bigint,
    web_search_count bigint             -- searches that the client made through a call of its own
);

create table if not exists raw.prompts (
    file_id         integer,
    ordinal         bigint,
    session_id      varchar,
    prompt_uuid     varchar,
    prompted_at     timestamp,
    prompt_source   varchar,            -- typed, queued, headless
    char_count      bigint,
    is_correction   boolean,
    is_thanks       boolean,
    is_complaint    boolean,
    is_abandoned    boolean             -- asked anew from an earlier point since
);

-- How many lines of each type a file holds, known types or not.
create table if not exists raw.line_types (
    file_id         integer,
    line_type       varchar,
    line_count      bigint
);

create table if not exists raw.rejects (
    file_id         integer,
    line_number     bigint,
    reason          varchar
);

-- What a ledger of an earlier version lacks. `create table if not exists` leaves an older table as it is, so a column added above
-- since then is added here again, to the same effect, and what moved is moved.
alter table raw.events add column if not exists is_abandoned boolean;
alter table raw.calls add column if not exists advisor_number integer;
alter table raw.calls add column if not exists is_subagent boolean;
alter table raw.tool_results add column if not exists web_search_count bigint;
alter table raw.prompts add column if not exists is_abandoned boolean;
alter table raw.contexts add column if not exists plan_id uuid;
alter table state.agent_settings add column if not exists history_size_bytes bigint;
alter table state.agent_settings add column if not exists history_modified_ms bigint;
alter table state.agent_settings add column if not exists history_rules varchar;
alter table state.periods add column if not exists timezone varchar;
alter table state.periods add column if not exists starts_at timestamp;
alter table state.periods add column if not exists ends_at timestamp;
alter table state.periods add column if not exists price_digest varchar;
alter table state.periods add column if not exists last_file_id integer;
alter table state.periods add column if not exists files_read_at timestamp;
alter table raw.calls add column if not exists logged_cost_usd decimal(24, 12);
alter table state.facets add column if not exists asked_extractor varchar;
alter table state.facets add column if not exists stand_in_reason varchar;
alter table state.deliveries add column if not exists thread_id varchar;
alter table state.scheduled_runs add column if not exists attempt integer default 0;
