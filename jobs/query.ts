// `debrief query`: read-only SQL, printed as a table, JSON, CSV or an Arrow stream.
import { UserError } from '../pipeline/errors.js'
import { queryWarehouse } from '../pipeline/warehouse/query.js'
import { type CommonFlags, runJob } from './job.js'
import { printers } from './query-formats.js'

export async function query(
  sql: string,
  flags: CommonFlags & { readonly format: keyof typeof printers },
): Promise<void> {
  if (flags.format === 'arrow' && process.stdout.isTTY)
    return runJob('query', flags, async () => {
      throw new UserError(
        'an Arrow stream is not for a terminal',
        'Send it to a file: … --format arrow > rows.arrow',
      )
    })
  await runJob(
    'query',
    { ...flags, json: false },
    async (ctx, log) => {
      const result = await queryWarehouse(ctx.config.paths.warehouse, sql)
      const output = await printers[flags.json ? 'json' : flags.format](result)
      if (typeof output !== 'string') log.write(output)
      return { text: typeof output === 'string' ? output : null, json: null }
    },
    { isJournaled: false },
  )
}
