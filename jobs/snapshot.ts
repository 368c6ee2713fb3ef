// `debrief snapshot`: ledger and marts as Parquet.
import { runSnapshot, snapshotCode } from '../pipeline/run.js'
import { type CommonFlags, runJob } from './job.js'

export async function snapshot(flags: CommonFlags): Promise<void> {
  await runJob('snapshot', flags, async (ctx) => {
    const result = await runSnapshot(ctx)
    const state = result.isWritten ? 'written' : 'already up to date'
    return {
      text: `${result.fileCount} Parquet files with ${result.rowCount} rows ${state}: ${ctx.config.paths.parquet}`,
      json: result,
      exitCode: snapshotCode(result),
    }
  })
}
