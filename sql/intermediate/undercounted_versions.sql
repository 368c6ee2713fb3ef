-- Versions of agents, of those that wrote the logs, that are known to log too little. Versions compare number by number.
-- grain: source, agent_version, undercount_kind
-- columns:
--   source           agent
--   agent_version    as logged
--   undercount_kind  what is too low
--   first_version    of the range it lies in
--   last_version     of that range
with versions as (
    select
        source, agent_version,
        list_transform(string_split(agent_version, '.'), lambda part: try_cast(part as integer)) as version_numbers
    from (select distinct source, agent_version from marts.llm_calls where agent_version is not null)
)
select v.source, v.agent_version, k.undercount_kind, k.first_version, k.last_version
from versions as v
join staging.known_undercounts as k
    on k.source = v.source
    and v.version_numbers >= k.first_version_numbers
    and v.version_numbers <= k.last_version_numbers
where not list_contains(list_transform(v.version_numbers, lambda part: part is null), true)
