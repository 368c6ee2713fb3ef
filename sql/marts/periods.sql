-- Periods that are frozen: their figures and narrative as first reported after their end.
-- grain: period_kind, period
-- columns:
--   period_kind  weekly or monthly
--   period       2026-W07 or 2026-02
--   frozen_at    UTC
--   figures      JSON, as report.json has them
--   narrative    Markdown
--   report_link  where it was published, null where it was not
select period_kind, period, frozen_at, cast(figures as varchar) as figures, narrative, report_link
from staging.periods
