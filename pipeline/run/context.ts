// The parameters of every command: what a job hands it, and the outside world, which tests replace.
import type { Config } from '../config.js'
import type { StageContext } from '../events.js'
import type { PublishEffects } from '../publish/effects.js'
import type { ReportEffects } from '../report/render.js'
import { realPublishEffects, realReportEffects } from '../stages.js'

/** What a command is handed: a stage's context, and which run of which command it is. */
export interface RunContext extends StageContext<Config> {
  readonly run: { readonly id: string; readonly command: string; readonly warningCount: () => number }
}

/** The outside world, but for the logs and out/, which tests lay out as folders. */
export interface RunEffects {
  readonly report: ReportEffects
  readonly publish: PublishEffects
}

export const realEffects: RunEffects = { report: realReportEffects, publish: realPublishEffects }
