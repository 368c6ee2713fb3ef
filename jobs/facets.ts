// `debrief facets`: says what each session was about.
import { resolve } from 'node:path'
import type { Config } from '../pipeline/config.js'
import { coverageWords, dollars, spendingWords, standInWords } from '../pipeline/coverage.js'
import { type FacetsResult, runFacets, runImport } from '../pipeline/run.js'
import { type CommonFlags, runJob } from './job.js'

export interface FacetsFlags extends CommonFlags {
  readonly session?: string
  readonly since?: string
  readonly until?: string
  readonly limit?: number
  readonly force?: boolean
  readonly dryRun?: boolean
  readonly provider?: Config['facets']['provider']
}

export async function facets(flags: FacetsFlags): Promise<void> {
  await runJob('facets', flags, async (ctx) => {
    const { session, since, until, limit, force, dryRun } = flags
    const config = withProvider(ctx.config, flags.provider)
    const result = await runFacets(
      { ...ctx, config },
      {
        ...(session === undefined ? {} : { sessionId: session }),
        ...(since === undefined ? {} : { since }),
        ...(until === undefined ? {} : { until }),
        ...(limit === undefined ? {} : { limit }),
        force: force === true,
        dryRun: dryRun === true,
      },
    )
    return { text: resultText(result, config, dryRun === true), json: result }
  })
}

/** `debrief facets import`: takes in what Claude Code's /insights wrote, at no cost. */
export async function importFacets(folder: string | undefined, flags: CommonFlags): Promise<void> {
  await runJob('facets import', flags, async (ctx) => {
    const result = await runImport(ctx, folder === undefined ? undefined : resolve(folder))
    const { fileCount, imported, judgedByModel, unknown, rejected } = result
    const rest = [
      ...(judgedByModel > 0 ? [`${judgedByModel} already judged by a model`] : []),
      ...(unknown > 0 ? [`${unknown} of sessions that are not loaded`] : []),
      ...(rejected.length > 0 ? [`${rejected.length} not understood`] : []),
    ]
    const counts = [`${imported} of ${fileCount} files imported`, ...rest].join(', ')
    return { text: [`${counts}.`, ...coverageLines(result)].join('\n'), json: result }
  })
}

/** Another provider knows nothing of a configured one's model and address. */
function withProvider(config: Config, provider: FacetsFlags['provider']): Config {
  const { facets } = config
  if (provider === undefined || provider === facets.provider) return config
  const foreign = facets.provider === 'rules' ? {} : { model: null, base_url: null, api_key_env: null }
  return { ...config, facets: { ...facets, ...foreign, provider } }
}

function resultText(
  result: FacetsResult,
  { facets: { max_cost_usd: caps } }: Config,
  isDry: boolean,
): string {
  const { extracted, unchanged, skipped, waiting } = result
  const by = `${result.provider}${result.model === null ? '' : ` (${result.model})`}`
  const counts = isDry
    ? `${extracted} would be extracted by ${by}, ${unchanged} unchanged.`
    : `${extracted} extracted by ${by}, ${unchanged} unchanged, ${skipped.length} skipped.`
  return [
    counts,
    ...(isDry && result.model !== null ? [estimateText(result.estimatedCostUsd, caps.run)] : []),
    ...(result.costUsd > 0
      ? [`This run cost ${dollars(result.costUsd)} of at most ${dollars(caps.run)}.`]
      : []),
    ...(waiting > 0
      ? [`${waiting} in a batch; the next run collects ${waiting === 1 ? 'it' : 'them'}.`]
      : []),
    ...coverageLines(result),
    ...result.spending.map((row) => `${spendingWords(row, caps.month)}.`),
  ].join('\n')
}

function estimateText(estimatedUsd: number | null, maxUsd: number): string {
  if (estimatedUsd === null) return 'What that would cost is not known: the model has no price.'
  const limited = estimatedUsd > maxUsd ? `, but a run stops at ${dollars(maxUsd)}` : ''
  return `That would cost about ${dollars(estimatedUsd)}${limited}.`
}

/** How many sessions have facets, and where rules stood in. */
export function coverageLines({ coverage }: Pick<FacetsResult, 'coverage'>): string[] {
  const standIns = standInWords(coverage)
  return [`${coverageWords(coverage)}.`, ...(standIns === '' ? [] : [`${standIns}.`])]
}
