// `debrief sync`: loads what is new and rebuilds what reads it.
import type { IngestResult } from '../pipeline/ingest/lanes.js'
import { runSync } from '../pipeline/run.js'
import { type CommonFlags, runJob } from './job.js'

export async function sync(flags: CommonFlags): Promise<void> {
  await runJob('sync', flags, async (ctx) => {
    const { ingest, build } = await runSync(ctx)
    const built = build.isRebuilt ? `${build.modelCount} models rebuilt.` : 'Nothing to rebuild.'
    return { text: `${countLines(ingest)}\n${built}`, json: { ingest, build } }
  })
}

/** What was read, in a sentence or two; `queryFlags` are those with which `query` finds it. */
export function countLines(ingest: IngestResult, queryFlags = ''): string {
  const { filesFound, filesRead, filesUnreadable, linesRead, rejectedLines } = ingest
  const missed =
    filesUnreadable === 0 ? '' : `\n${filesUnreadable} could not be read; see read_error in table files.`
  const read = `${filesFound} log files, ${filesRead} of them new or changed, ${linesRead} lines read.${missed}`
  if (rejectedLines === 0) return read
  const lines = rejectedLines === 1 ? '1 line' : `${rejectedLines} lines`
  return `${read}\n${lines} could not be read: debrief query "select * from rejects"${queryFlags}`
}
