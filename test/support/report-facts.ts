// What a part of the report may say: the numbers of its queries' rows, and by name what is reckoned from them.
import { type KnownNumbers, knownNumbers } from '../../pipeline/number-check.js'
import type { ReportData, ReportQuery } from '../../pipeline/report/data.js'
import { modelLabels } from '../../pipeline/report/names.js'

type Row = Readonly<Record<string, unknown>>
/** Keys say the unit by their endings, as columns do: a `_share` is told in per cent. */
type Derived = Readonly<Record<string, unknown>>

/** The numbers that a part with these queries may write. */
export function knownOf(data: ReportData, queries: readonly ReportQuery[]): KnownNumbers {
  const facts = queries.map((name) => {
    const rows = data.rows[name] as unknown as readonly Row[]
    return { rows, derived: derivations[name]?.(rows) ?? {} }
  })
  const { label, startDate, endDate, previous } = data.period
  const across = queries.includes('session_details') ? { average_usd: costOfSubagent(data) } : {}
  const known = knownNumbers({ facts, across, period: { label, startDate, endDate, previous } })
  return { ...known, names: [...namesIn(data, queries), ...known.names] }
}

/** What all sub-agents came to, by their number: from two queries. */
function costOfSubagent({ rows }: ReportData): number {
  const [current] = rows.headlines
  return (
    sum(rows.session_details as unknown as readonly Row[], 'subagent_cost_usd') /
    (current?.subagent_count ?? 0)
  )
}

/** Versions are names that have no letters, and models are called without the date that their names end in. */
function namesIn(data: ReportData, queries: readonly ReportQuery[]): string[] {
  const rows = queries.flatMap((name) => data.rows[name] as unknown as readonly Row[])
  const texts = (column: string) =>
    rows.flatMap((row) => (typeof row[column] === 'string' ? [row[column]] : []))
  return [...texts('agent_version'), ...modelLabels(texts('model')).values()].sort(
    (a, b) => b.length - a.length,
  )
}

/** What is reckoned from the rows of a query, beyond what stands in them. */
const derivations: Partial<Record<ReportQuery, (rows: readonly Row[]) => Derived>> = {
  headline_history: (rows) => ({ against_before: changes(rows, 'measure_name', measureChange) }),
  headlines: (rows) => ({
    failed: rows.map((row) => share(row, 'error_count', 'tool_call_count')),
  }),
  outcomes: (rows) => {
    const known = rows.filter(({ outcome }) => !`${outcome}`.startsWith('unclear'))
    const good = known.filter(({ outcome }) => /^(?:fully|mostly)/.test(`${outcome}`))
    return ['session_count', 'previous_session_count'].map((column) => ({
      known_count: sum(known, column),
      reached_count: sum(good, column),
      reached_share: sum(good, column) / sum(known, column),
    })) as unknown as Derived
  },
  friction_cost: (rows) => sums(rows, ['span_count', 'llm_call_count', 'cost_usd']),
  cost_bridge: (rows) => ({ cost_change_usd: sum(rows, 'change_usd') }),
  cost_by_day_and_model: (rows) => ({
    ...sums(rows, ['cost_usd']),
    days: groups(rows, 'local_date').map((day) => sums(day, ['cost_usd'])),
    models: groups(rows, 'model').map((model) => ({
      ...sums(model, ['cost_usd']),
      cost_share: sum(model, 'cost_usd') / sum(rows, 'cost_usd'),
    })),
  }),
  when_you_worked: (rows) => {
    const late = rows.filter((row) => num(row, 'local_hour') >= 22 || num(row, 'local_hour') < 6)
    return {
      ...sums(rows, ['prompt_count']),
      late_count: sum(late, 'prompt_count'),
      late_share: sum(late, 'prompt_count') / sum(rows, 'prompt_count'),
      hours: rows.map(({ local_hour }) => `${local_hour}`.padStart(2, '0')).map((hour) => `${hour}:00`),
    }
  },
  tools: (rows) => ({
    ...sums(rows, ['call_count', 'error_count']),
    failed: share(sums(rows, ['call_count', 'error_count']), 'error_count', 'call_count'),
  }),
  session_details: (rows) => ({
    agents_cost_usd: sum(rows, 'subagent_cost_usd'),
    caches: rows.map((row) => num(row, 'cache_read_tokens') + num(row, 'cache_write_tokens')),
  }),
  skills: (rows) => ({
    named_count: rows.length,
    used_skill_count: rows.filter((row) => num(row, 'used_count') > 0).length,
    missed_skill_count: rows.filter((row) => num(row, 'missed_count') > 0).length,
  }),
  friction_signals: (rows) => ({
    shares: rows.map((row) => ({
      ...share(row, 'correction_count', 'prompt_count'),
      tool_error_share: num(row, 'tool_error_count') / num(row, 'tool_call_count'),
      stopped_count: num(row, 'interruption_count') + num(row, 'rejected_action_count'),
    })),
  }),
  system_health: (rows) => ({
    shares: rows.map((row) => ({
      failed_test_share: num(row, 'failed_test_run_count') / num(row, 'test_run_count'),
      mcp_error_share: num(row, 'mcp_error_count') / num(row, 'mcp_call_count'),
    })),
  }),
  relationship_actions: (rows) => {
    const made = rows.filter(({ outreach_type }) => outreach_type === 'proactive')
    const told = rows.filter(({ outreach_type }) => ['proactive', 'reactive'].includes(`${outreach_type}`))
    return {
      made_share: sum(made, 'action_count') / sum(told, 'action_count'),
      previous_made_share: sum(made, 'previous_action_count') / sum(told, 'previous_action_count'),
    }
  },
  anomalies: (rows) => ({ times_ratio: rows.map(({ ratio }) => ratio) }),
  growth: ofMetrics(['metric_value', 'previous_value', 'min_value', 'max_value', 'mean_value']),
  tip_effects: ofMetrics(['metric_before', 'metric_after', 'metric_latest']),
  targets: (rows) => ({
    ...ofMetrics(['baseline_value', 'target_value', 'reference_value', 'reached_value'])(rows),
    distances: rows.map((row) => Math.abs(num(row, 'reached_value') - num(row, 'target_value')) * 100),
    distance_share: rows.map((row) => Math.abs(num(row, 'reached_value') - num(row, 'target_value'))),
    rows_count: [rows.length, rows.filter(({ is_met }) => is_met === true).length],
  }),
  open_loops: (rows) => ({ loop_count: rows.length }),
  project_weeks: (rows) => ({
    // Told as bare numbers, under a caption that says "hours".
    cells: rows.map((row) => num(row, 'active_seconds') / 3600),
    totals: groups(rows, 'project').map((weeks) => sum(weeks, 'active_seconds') / 3600),
  }),
  people_weeks: (rows) => ({ totals: groups(rows, 'person').map((weeks) => sum(weeks, 'action_count')) }),
  time_saved: (rows) => {
    const estimated = rows.filter(({ estimated_by }) => estimated_by !== null)
    return {
      ...sums(rows, ['session_count']),
      estimated: sums(estimated, ['session_count', 'active_seconds', 'cost_usd', 'saved_minutes']),
      an_hour_minutes: (sum(estimated, 'saved_minutes') * 3600) / sum(estimated, 'active_seconds'),
      hourly_rate_usd: hourlyRateUsd,
      worth_usd: (sum(estimated, 'saved_minutes') / 60) * hourlyRateUsd,
    }
  },
  duplicates: (rows) => ({
    in_period: sums(rows, ['period_line_count', 'period_output_tokens', 'period_total_tokens']),
    in_all: sums(rows, ['line_count', 'output_tokens', 'total_tokens']),
  }),
  facet_coverage: (rows) => {
    const eligible = rows.filter(({ ineligible_reason }) => ineligible_reason === null)
    const judged = eligible.filter(({ extractor }) => extractor !== null)
    return {
      eligible: sums(eligible, ['session_count']),
      judged: sums(judged, ['session_count', 'evidence_count', 'verified_evidence_count']),
      found_share: sum(judged, 'verified_evidence_count') / sum(judged, 'evidence_count'),
    }
  },
}

/** As the test configures it. */
export const hourlyRateUsd = 50

/** Of a measure: now and before, so that changes in per cent, times and points follow. */
function measureChange(rows: readonly Row[]): Derived {
  const of = (back: number) => rows.find(({ periods_back }) => periods_back === back)
  const [now, before] = [of(0)?.measure_value, of(1)?.measure_value]
  const usual = of(0)?.usual_value
  const name = `${rows[0]?.measure_name}`
  const between = (previous: unknown) => ({
    [name]: now,
    [`previous_${name}`]: previous,
    points_share: typeof now === 'number' && typeof previous === 'number' ? now - previous : null,
  })
  return { before: between(before), usual: between(usual), values: rows.map((row) => row.measure_value) }
}

function changes(rows: readonly Row[], key: string, of: (group: readonly Row[]) => Derived): Derived[] {
  return groups(rows, key).map(of)
}

/** A metric's name says what its values are: dollars, a share, a time or a count. */
function ofMetrics(columns: readonly string[]) {
  return (rows: readonly Row[]): Derived => ({
    metrics: columns.flatMap((column) => rows.map((row) => ({ value: row[column] }))),
  })
}

function groups(rows: readonly Row[], key: string): Row[][] {
  const found = new Map<unknown, Row[]>()
  for (const row of rows) found.set(row[key], [...(found.get(row[key]) ?? []), row])
  return [...found.values()]
}

function sums(rows: readonly Row[], columns: readonly string[]): Row {
  return Object.fromEntries(columns.map((column) => [column, sum(rows, column)]))
}

function sum(rows: readonly Row[], column: string): number {
  return rows.reduce((total, row) => total + num(row, column), 0)
}

function share(row: Row, part: string, whole: string): Derived {
  return { [`${part}_share`]: num(row, part) / num(row, whole) }
}

function num(row: Row, column: string): number {
  const value = row[column] ?? 0
  if (typeof value === 'number') return value
  throw new Error(`expected a number in ${column}, got ${JSON.stringify(value)}`)
}
