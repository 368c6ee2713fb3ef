// Everything a report says, as typed rows: each file in sql/reports run once against the warehouse.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../config.js'
import type { CoverageRow } from '../coverage.js'
import { isRunning, type ReportPeriod } from '../period.js'
import { packageRoot } from '../root.js'
import type { Database } from '../warehouse/db.js'
import { createPeriodTable, openWarehouse, type PeriodRow } from '../warehouse/period-table.js'
import { type LetterRows, letterQueries } from './letter/rows.js'
import { type MonthlyRows, monthlyQueries } from './monthly/rows.js'
import { type OwnRows, readOwnRows } from './own-sections.js'
import type {
  AgentRow,
  AgentTotalRow,
  AnomalyRow,
  ChangeRow,
  ContradictionRow,
  CostBridgeRow,
  CostRow,
  DuplicateRow,
  ExpiringLogsRow,
  FilesReadRow,
  FrictionCostRow,
  FrictionKindRow,
  FrictionSignalsRow,
  FrictionTrendRow,
  FrozenRow,
  GrowthRow,
  HeadlineHistoryRow,
  HeadlineRow,
  HourRow,
  LineTypeRow,
  MissingUsageRow,
  OpenLoopRow,
  ProjectRow,
  RejectedLineRow,
  RestatementRow,
  SessionRow,
  SurpriseRow,
  TipEffectRow,
  TipRow,
  ToolRow,
  UndercountRow,
  UnloggedDaysRow,
  UnpricedModelRow,
} from './rows.js'
import type {
  DelegationRow,
  GrowthValueRow,
  ModelRow,
  SlowestCallRow,
  SlowToolRow,
  ToolMixRow,
  WorstMomentRow,
} from './section-rows.js'
import type {
  SessionDetailRow,
  SessionFileRow,
  SessionToolRow,
  SessionTurnRow,
} from './sessions/session-rows.js'

/** The rows of sql/reports/<name>.sql, under its name. */
export interface ReportRows extends LetterRows, MonthlyRows {
  readonly headlines: HeadlineRow[]
  readonly headline_history: HeadlineHistoryRow[]
  readonly surprises: SurpriseRow[]
  readonly cost_by_day_and_model: CostRow[]
  readonly attention_by_project: ProjectRow[]
  readonly attention_by_agent: AgentRow[]
  readonly attention_by_model: ModelRow[]
  readonly tools: ToolRow[]
  readonly tool_mix: ToolMixRow[]
  readonly slow_tools: SlowToolRow[]
  readonly slowest_calls: SlowestCallRow[]
  readonly delegations: DelegationRow[]
  readonly when_you_worked: HourRow[]
  readonly sessions: SessionRow[]
  readonly session_details: SessionDetailRow[]
  readonly session_turns: SessionTurnRow[]
  readonly session_tools: SessionToolRow[]
  readonly session_files: SessionFileRow[]
  readonly friction_kinds: FrictionKindRow[]
  readonly friction_signals: FrictionSignalsRow[]
  readonly tips: TipRow[]
  readonly tip_effects: TipEffectRow[]
  readonly friction_cost: FrictionCostRow[]
  readonly friction_trend: FrictionTrendRow[]
  readonly worst_moments: WorstMomentRow[]
  readonly contradictions: ContradictionRow[]
  readonly anomalies: AnomalyRow[]
  readonly growth: GrowthRow[]
  readonly growth_series: GrowthValueRow[]
  readonly files_read: FilesReadRow[]
  readonly rejected_lines: RejectedLineRow[]
  readonly line_types: LineTypeRow[]
  readonly duplicates: DuplicateRow[]
  readonly unpriced_models: UnpricedModelRow[]
  readonly undercounts: UndercountRow[]
  readonly missing_usage: MissingUsageRow[]
  readonly facet_coverage: CoverageRow[]
  readonly expiring_logs: ExpiringLogsRow[]
  readonly agent_totals: AgentTotalRow[]
  readonly unlogged_days: UnloggedDaysRow[]
  readonly frozen_figures: FrozenRow[]
  readonly restatements: RestatementRow[]
  readonly cost_bridge: CostBridgeRow[]
  readonly what_changed: ChangeRow[]
  readonly open_loops: OpenLoopRow[]
}

export type ReportQuery = keyof ReportRows

export interface ReportData {
  readonly period: ReportPeriod
  /** What every query joins. */
  readonly periodRow: PeriodRow
  /** The period has not ended: its figures are "so far". */
  readonly isSoFar: boolean
  /** The end of the period, or of a running one its last event: never the clock. */
  readonly asOf: string
  readonly rows: ReportRows
  /** What the user's own queries gave. */
  readonly own: readonly OwnRows[]
}

/** In the order of the report. */
export const reportQueries = [
  'headlines',
  'headline_history',
  'surprises',
  'cost_by_day_and_model',
  'attention_by_project',
  'attention_by_agent',
  'attention_by_model',
  'tools',
  'tool_mix',
  'slow_tools',
  'slowest_calls',
  'delegations',
  'when_you_worked',
  'sessions',
  'session_details',
  'session_turns',
  'session_tools',
  'session_files',
  'friction_kinds',
  'friction_signals',
  'tips',
  'tip_effects',
  'friction_cost',
  'friction_trend',
  'worst_moments',
  'contradictions',
  'anomalies',
  'growth',
  'growth_series',
  'files_read',
  'rejected_lines',
  'line_types',
  'duplicates',
  'unpriced_models',
  'undercounts',
  'missing_usage',
  'facet_coverage',
  'expiring_logs',
  'agent_totals',
  'unlogged_days',
  'frozen_figures',
  'restatements',
  'cost_bridge',
  'what_changed',
  'open_loops',
  ...letterQueries,
  ...monthlyQueries,
] as const satisfies readonly ReportQuery[]

/** Reads the warehouse, which others may be reading too, and never writes to it. */
export async function readReportData(config: Config, period: ReportPeriod, now: Date): Promise<ReportData> {
  const db = await openWarehouse(config)
  try {
    // The last days end where the data does, whatever the clock says.
    const isSoFar = period.kind !== 'last' && isRunning(period, now, config.timezone)
    const periodRow = await createPeriodTable(db, config, period, isSoFar)
    return {
      period,
      periodRow,
      isSoFar,
      asOf: periodRow.as_of,
      rows: await runQueries(db),
      own: await readOwnRows(db, config),
    }
  } finally {
    db.close()
  }
}

/** The local dates on which anything happened: they say which periods there are to report. */
export async function readActiveDates(config: Config): Promise<string[]> {
  const db = await openWarehouse(config)
  try {
    const rows = await db.rows<{ local_date: string }>(
      'select distinct local_date from marts.session_days order by local_date',
    )
    return rows.map((row) => row.local_date)
  } finally {
    db.close()
  }
}

export function readReportSql(name: ReportQuery): string {
  return readFileSync(join(packageRoot, 'sql/reports', `${name}.sql`), 'utf8')
}

async function runQueries(db: Database): Promise<ReportRows> {
  const rows: Partial<Record<keyof ReportRows, object[]>> = {}
  for (const name of reportQueries) {
    rows[name] = await db.rows(readReportSql(name))
  }
  return rows as unknown as ReportRows
}
