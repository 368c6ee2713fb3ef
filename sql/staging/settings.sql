-- What the configuration says, in one row.
-- grain: user_id
select
    user_id, machine_id, timezone, redact_paths, min_prompts, price_digest,
    case week_starts_on when 'sunday' then 7 else 1 end as week_starts_on_isodow
from seeds.settings
