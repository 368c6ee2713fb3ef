// Has the labelled sessions judged as the product would: synced into a folder of its own, extracted, read back.
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const built = (path) => import(fileURLToPath(new URL(`../../dist/pipeline/${path}.js`, import.meta.url)))

/**
 * Facets by session id, and for a session without any the reason.
 * @param options of { ids, home, out, provider, configFile, say }
 */
export async function judgeSessions({ ids, home, out, provider, configFile, say }) {
  const { runSync, runFacets } = await built('run')
  const { openLedger } = await built('warehouse/ledger')
  const config = await evaluationConfig({ home, out, provider, configFile })
  const { openProvider } = await built('facets/provider')
  await openProvider(config) // A setting that is missing is told once, before the logs are read.
  const warnings = new Map()
  const newRun = runsOf(config, ({ action, subject, message }) => {
    if (action === 'warn' && subject) warnings.set(subject, message)
  })
  await runSync(newRun())
  say(`judging ${ids.length} sessions by ${config.facets.provider}`)
  // Rules judge all at once in no time; a model is asked for these sessions only.
  if (config.facets.provider === 'rules') await runFacets(newRun(), {})
  else for (const id of ids) await judgeOne(id, { runFacets, newRun, warnings, say })
  const ledger = await openLedger(config.paths.ledger)
  try {
    const rows = await ledger.rows(
      'select session_id, extractor, cast(facets as varchar) as facets from state.facets order by session_id',
    )
    const judged = new Map(rows.map((row) => [row.session_id, row]))
    return {
      provider: config.facets.provider,
      judged: ids.flatMap((id) => {
        const row = judged.get(id)
        return row ? [{ id, extractor: row.extractor, facets: JSON.parse(row.facets) }] : []
      }),
      missing: ids
        .filter((id) => !judged.has(id))
        .map((id) => ({
          id,
          reason: warnings.get(id) ?? 'no session of that id under the home, or none with a prompt',
        })),
    }
  } finally {
    ledger.close()
  }
}

async function judgeOne(id, { runFacets, newRun, warnings, say }) {
  try {
    const { extracted, skipped } = await runFacets(newRun(), { sessionId: id })
    say(`${id}: ${extracted === 1 ? 'judged' : (skipped[0]?.reason ?? 'not judged')}`)
  } catch (cause) {
    if (!(cause instanceof Error) || cause.constructor.name !== 'UserError') throw cause
    warnings.set(id, cause.message)
  }
}

/** The user's own settings for the provider; logs, folder and privacy are the evaluation's. */
async function evaluationConfig({ home, out, provider, configFile }) {
  const { readConfig } = await built('config')
  const config = readConfig({ out, ...(configFile ? { config: configFile } : {}) }, process.env)
  const noSelection = { projects: [], sessions: [] }
  return {
    ...config,
    home,
    sources: [{ source: 'claude-code', enabled: true, paths: [join(home, '.claude', 'projects')] }],
    facets: { ...config.facets, min_prompts: 0, ...(provider ? { provider } : { provider: 'rules' }) },
    privacy: { ...config.privacy, content: 'summaries', exclude: noSelection, retention_days: null },
  }
}

/** Each command that is run has an id of its own in the ledger. */
function runsOf(config, emit) {
  let count = 0
  return () => {
    count += 1
    const run = { id: `eval-${count}`, command: 'eval', warningCount: () => 0 }
    return { config, emit, now: () => new Date(), run }
  }
}
