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
