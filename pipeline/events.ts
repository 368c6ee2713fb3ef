// What the core says happened. The edge (log.ts, out/runs) decides how to show it.

export type Step =
  | 'sync'
  | 'ingest'
  | 'models'
  | 'checks'
  | 'facets'
  | 'tips'
  | 'alerts'
  | 'targets'
  | 'letter'
  | 'snapshot'
  | 'restore'
  | 'forget'
  | 'report'
  | 'publish'
  | 'schedule'
  | 'demo'

export interface PipelineEvent {
  readonly step: Step
  /** `start` and `done` bracket a step; `progress` feeds a bar; the others are facts worth a line. */
  readonly action: 'start' | 'progress' | 'done' | 'note' | 'warn' | 'fail'
  /** What it happened to: a file, a model, a period. */
  readonly subject?: string
  readonly message?: string
  readonly rows?: number
  /** Of `progress`: how many of how many files, models or the like are done; and their bytes, where these count. */
  readonly done?: number
  readonly total?: number
  readonly bytes?: number
  readonly totalBytes?: number
  readonly elapsedMs?: number
}

export type Emit = (event: PipelineEvent) => void

/** What every stage is handed: what was asked, where to report, and what time it is. */
export interface StageContext<C> {
  readonly config: C
  readonly emit: Emit
  readonly now: () => Date
}
