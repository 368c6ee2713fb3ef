// `debrief export amp-jsonl`: the marts as lines that tools for Amp's metrics read.
import { rename, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { messageOf, UserError } from '../pipeline/errors.js'
import { queryWarehouse } from '../pipeline/warehouse/query.js'
import { ampLinesSql, type ExportedSessions } from './amp-jsonl.js'
import { type CommonFlags, runJob } from './job.js'

export type ExportFlags = CommonFlags & ExportedSessions & { readonly outFile?: string }

export async function exportAmpJsonl(flags: ExportFlags): Promise<void> {
  const { outFile } = flags
  await runJob(
    'export amp-jsonl',
    outFile === undefined ? { ...flags, json: false } : flags,
    async (ctx) => {
      const { rows } = await queryWarehouse(ctx.config.paths.warehouse, ampLinesSql(flags))
      if (rows.length === 0 && flags.session !== undefined)
        throw new UserError(
          `no session ${flags.session} on the days asked for`,
          'Sessions: debrief query "select session_id from sessions".',
        )
      const text = rows.map(([line]) => line).join('\n')
      if (outFile === undefined) return { text: text || null, json: null }
      const file = resolve(outFile)
      await writeWhole(file, text && `${text}\n`)
      return { text: `${rows.length} lines written: ${file}`, json: { file, lines: rows.length } }
    },
    { isJournaled: false },
  )
}

async function writeWhole(file: string, text: string): Promise<void> {
  try {
    await writeFile(`${file}.tmp`, text)
    await rename(`${file}.tmp`, file)
  } catch (cause) {
    throw new UserError(messageOf(cause), 'Give --out-file a place that can be written to.', { cause })
  }
}
