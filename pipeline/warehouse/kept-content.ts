// Under which privacy settings the ledger was written: where less may be kept now, what was kept has to go.
import type { Config } from '../config.js'
import type { Database } from './db.js'

/**
 * `lowered` is a ledger that may hold what must not be kept any more; `worded` one that was loaded without words, which
 * may be kept now; `other` one of which only the record is to be brought up to date.
 */
export type ContentChange = 'same' | 'lowered' | 'worded' | 'other'

/** Raise it when clearing finds more secrets: what was kept is then cleared again. */
const clearVersion = 1

const levels = ['none', 'summaries', 'transcripts'] as const satisfies readonly Config['privacy']['content'][]

interface KeptContent {
  readonly content: Config['privacy']['content']
  readonly redact_paths: boolean
  readonly clear_version: number
}

export async function contentChange(ledger: Database, { privacy }: Config): Promise<ContentChange> {
  const [before] = await ledger.rows<KeptContent>(
    'select content, redact_paths, clear_version from state.kept_content',
  )
  // A ledger of a version that did not tell may hold anything.
  if (!before) return (await isEmpty(ledger)) ? 'other' : 'lowered'
  const isLess = levels.indexOf(privacy.content) < levels.indexOf(before.content)
  const isShorter = privacy.redact_paths && !before.redact_paths
  if (isLess || isShorter || before.clear_version < clearVersion) return 'lowered'
  if (privacy.content !== before.content) return before.content === 'none' ? 'worded' : 'other'
  return privacy.redact_paths === before.redact_paths ? 'same' : 'other'
}

export async function recordContent(ledger: Database, { privacy }: Config): Promise<void> {
  await ledger.run('delete from state.kept_content')
  await ledger.run('insert into state.kept_content (content, redact_paths, clear_version) values (?, ?, ?)', [
    privacy.content,
    privacy.redact_paths,
    clearVersion,
  ])
}

/** Freed pages of the ledger, pages of the report, Parquet and the bucket are then rid of it too. */
export async function recordLowering(ledger: Database, now: Date): Promise<void> {
  await ledger.run(
    `insert into state.removals (removed_at, session_count, is_cleaned, is_withdrawn, is_rewritten)
     values (?::timestamp, 0, false, false, false)`,
    [now.toISOString()],
  )
}

async function isEmpty(ledger: Database): Promise<boolean> {
  const rows = await ledger.rows('select 1 from state.files union all select 1 from state.facets limit 1')
  return rows.length === 0
}
