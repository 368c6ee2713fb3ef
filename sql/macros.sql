-- Expressions that several models share. They are temporary: no database keeps them.

-- The folder a session works on: worktrees fold into their repository, Windows separators become slashes.
create or replace temp macro project_root(path) as
    regexp_replace(
        replace(path, '\', '/'),
        '(/\.claude/worktrees|/\.worktrees|/worktrees)/[^/]+(/.*)?$', ''
    );

-- Home directories become ~, so that no name of an account is shown or leaves the machine.
create or replace temp macro without_home(path) as
    regexp_replace(path, '^(/Users/[^/]+|/home/[^/]+|/root|[A-Za-z]:[\\/]Users[\\/][^\\/]+)(/|\\|$)', '~\2');

-- As above; the builder replaces this with one that knows this machine's home, or that shortens nothing.
create or replace temp macro shortened_path(path) as without_home(path);

-- The name under which a model is looked up in the price table: without provider, region, date or context window, and
-- with a dash for a dot in a Claude version, as some agents write it.
create or replace temp macro price_key(model) as
    regexp_replace(
        regexp_replace(
            regexp_replace(
                regexp_replace(model, '^(.*/)?((us|eu|apac|global)\.)?(anthropic\.)?', ''),
                '^(claude-.*?)?(-v\d+(:\d+)?)?(\[1m\])?$', '\1'
            ),
            '[-@]\d{8}$', ''
        ),
        '^(claude-.*\d)\.(\d)', '\1-\2'
    );

-- The rate of cached tokens in a long request; of a model whose input is free it stays as it is.
create or replace temp macro long_cache_rate(cache_rate, input_rate, long_input_rate) as
    case
        when input_rate = 0 then cache_rate
        else cast((2 * cast(cache_rate as hugeint) * long_input_rate + input_rate) // (2 * input_rate) as bigint)
    end;

-- Whether a measure meets a rule of sql/seeds; null where the measure is not known.
create or replace temp macro is_met(amount, comparison, threshold) as
    case comparison
        when '>=' then amount >= threshold
        when '<=' then amount <= threshold
        when '=' then amount = threshold
    end;
