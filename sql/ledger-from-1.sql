-- Moves what version 1 kept elsewhere to where sql/ledger.sql has it now; runs after it, until it has once come through.
update raw.calls set advisor_number = 0, is_subagent = parent_session_id is not null;
delete from raw.contexts;
insert into raw.contexts by name
    select
        file_id, session_id, parent_session_id, working_directory, git_branch, agent_version, entrypoint,
        min(happened_at) as first_at, max(happened_at) as last_at, count(*) as event_count
    from raw.events
    group by all;
