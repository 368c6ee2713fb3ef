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

create table if not exists state.facets (
    session_id      varchar primary key,
    extractor       varchar not null,   -- rules, or a model provider
    model           varchar,
    prompt_version  integer not null,
    content_sha256  varchar not null,   -- of the transcript the facets were taken from
    extracted_at    timestamp not null,
    cost_usd        decimal(18, 6) not null default 0,
    facets          json not null       -- the zod schema in pipeline/facets/schema.ts
);

-- One row per frozen period: its figures as they stood at the first report after its end.
create table if not exists state.periods (
    period_kind     varchar not null,   -- weekly, monthly
    period          varchar not null,   -- 2026-W07, 2026-02
    frozen_at       timestamp not null,
    figures         json not null,
    narrative       varchar not null,   -- markdown
    report_link     varchar,
    primary key (period_kind, period)
);

-- One row per thing sent somewhere: recorded as intended before the request, settled after the answer.
create table if not exists state.deliveries (
    delivery_id     varchar primary key, -- <target>/<period_kind>/<period>
    target          varchar not null,    -- s3, or discord:<id of the webhook>
    period_kind     varchar not null,
    period          varchar not null,
    status          varchar not null,    -- intended, delivered, failed, unknown
    remote_id       varchar,             -- message id, object key
    content_sha256  varchar,
    intended_at     timestamp not null,
    settled_at      timestamp,
    error           varchar
);

create table if not exists state.runs (
    run_id          varchar primary key,
    command         varchar not null,
    started_at      timestamp not null,
    ended_at        timestamp,
    exit_code       integer,
    warning_count   integer not null default 0
);

-- What every line of the timeline was; the session is the one that the line belongs to, sub-agents apart.
create table if not exists raw.events (
    file_id         integer not null,
    ordinal         bigint not null,    -- position among the file's objects, from 1
    is_mirror       boolean not null,   -- a sub-agent's message repeated in its parent's file
    session_id      varchar not null,   -- <parent>/<agent id> for a sub-agent
    parent_session_id varchar,
    event_kind      varchar not null,   -- prompt, command, assistant, tool_call, tool_result, tool_error,
                                        -- interruption, compaction, compaction_boundary, api_error,
                                        -- api_retry, delegation, system, attachment, wrapper
    event_uuid      uuid,
    happened_at     timestamp not null, -- UTC
    working_directory varchar,
    git_branch      varchar,
    agent_version   varchar,
    entrypoint      varchar,            -- cli, sdk-cli (headless), ...
    reference       varchar             -- tool call id, message id or command name, by kind
);

-- One row per logged line that carries usage; lines of one streamed reply repeat and are resolved by key later.
create table if not exists raw.calls (
    file_id         integer not null,
    ordinal         bigint not null,
    is_mirror       boolean not null,
    session_id      varchar not null,
    parent_session_id varchar,
    message_id      varchar,
    request_id      varchar,
    line_uuid       varchar,
    called_at       timestamp,
    model           varchar,
    agent_version   varchar,
    is_billed       boolean not null,   -- false for synthetic replies and API errors
    input_tokens    bigint not null,    -- not from the cache
    output_tokens   bigint not null,
    cache_read_tokens bigint not null,
    cache_write_5m_tokens bigint not null,
    cache_write_1h_tokens bigint not null,
    web_search_count bigint not null,
    speed           varchar,
    inference_geo   varchar
);

create table if not exists raw.tool_uses (
    file_id         integer not null,
    ordinal         bigint not null,
    block_number    integer not null,
    is_mirror       boolean not null,
    session_id      varchar not null,
    parent_session_id varchar,
    tool_call_id    varchar,
    tool_name       varchar not null,   -- as logged
    called_at       timestamp,
    target          varchar,            -- path, program, host, agent or skill; never the whole command
    delegated_agent varchar,
    is_commit       boolean not null,
    is_test_run     boolean not null,
    input_hash      ubigint,            -- equal for equal calls
    input_line_count bigint             -- lines written by a whole-file write
);

create table if not exists raw.tool_results (
    file_id         integer not null,
    ordinal         bigint not null,
    block_number    integer not null,
    is_mirror       boolean not null,
    session_id      varchar not null,
    tool_call_id    varchar,
    answered_at     timestamp,
    is_error        boolean not null,
    error_kind      varchar,            -- rejected, interrupted, permission_denied, not_found, edit_mismatch,
                                        -- command_failed, timeout, too_large, unknown_tool, cancelled, other
    edit_operation  varchar,            -- create, update
    lines_added     bigint,
    lines_deleted   bigint
);

create table if not exists raw.prompts (
    file_id         integer not null,
    ordinal         bigint not null,
    session_id      varchar not null,
    prompt_uuid     varchar,
    prompted_at     timestamp,
    prompt_source   varchar,            -- typed, queued, headless
    char_count      bigint not null,
    is_correction   boolean not null,
    is_thanks       boolean not null,
    is_complaint    boolean not null
);

-- How many lines of each type a file holds, known types or not.
create table if not exists raw.line_types (
    file_id         integer not null,
    line_type       varchar not null,
    line_count      bigint not null
);

create table if not exists raw.rejects (
    file_id         integer not null,
    line_number     bigint not null,
    reason          varchar not null
);

-- What a ledger of version 1 lacks. `create table if not exists` leaves an older table as it is, so a column added above
-- since then is added here again, to the same effect.
