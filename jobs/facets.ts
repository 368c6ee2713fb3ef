// `debrief facets`: says what each session was about.
import { runFacets } from '../pipeline/run.js'
import { type CommonFlags, runJob } from './job.js'

export interface FacetsFlags extends CommonFlags {
  readonly session?: string
  readonly since?: string
  readonly until?: string
  readonly limit?: number
  readonly force?: boolean
  readonly dryRun?: boolean
  readonly provider?: string
}

export async function facets(flags: FacetsFlags): Promise<void> {
  await runJob('facets', flags, async (ctx) => {
    const { session, since, until, limit, force, dryRun } = flags
    const result = await runFacets(ctx, {
      ...(session === undefined ? {} : { sessionId: session }),
      ...(since === undefined ? {} : { since }),
      ...(until === undefined ? {} : { until }),
      ...(limit === undefined ? {} : { limit }),
      force: force === true,
      dryRun: dryRun === true,
    })
    const verb = dryRun ? 'would be extracted' : 'extracted'
    const text = `${result.extracted} ${verb}, ${result.unchanged} unchanged, ${result.skipped.length} skipped.`
    return { text, json: result }
  })
}
