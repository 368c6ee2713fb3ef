// `debrief restore`: both databases back from the Parquet snapshot.
import { resolve } from 'node:path'
import { runRestore } from '../pipeline/run/restore.js'
import { type CommonFlags, runJob } from './job.js'

export async function restore(
  flags: CommonFlags & { readonly from?: string; readonly force?: boolean },
): Promise<void> {
  await runJob('restore', flags, async (ctx) => {
    const from = flags.from === undefined ? undefined : resolve(flags.from)
    const result = await runRestore(ctx, { from, isForced: flags.force === true })
    const lines = [
      `${result.tableCount} tables with ${result.rowCount} rows restored from ${result.from}.`,
      ...(result.aside === null ? [] : [`The ledger that was there: ${result.aside}`]),
      'Next: debrief sync, which reads what is new since.',
    ]
    return { text: lines.join('\n'), json: result }
  })
}
