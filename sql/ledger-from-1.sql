-- Brings the rows of a version 1 ledger to what sql/ledger.sql says; runs after it, once.
update raw.calls set advisor_number = 0, is_subagent = parent_session_id is not null;
insert into raw.contexts
    select
        file_id, session_id, parent_session_id, working_directory, git_branch, agent_version, entrypoint,
        min(happened_at), max(happened_at), count(*)
    from raw.events
    group by all;
alter table raw.events drop column parent_session_id;
alter table raw.events drop column working_directory;
alter table raw.events drop column git_branch;
alter table raw.events drop column agent_version;
alter table raw.events drop column entrypoint;
alter table raw.calls drop column parent_session_id;
alter table raw.tool_uses drop column parent_session_id;
