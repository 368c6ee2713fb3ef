// Real logs, where there are any: the totals that were counted by other means, and that ccusage gives too.
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Config } from '../../pipeline/config.js'
import { readSessionTranscript } from '../../pipeline/ingest/ingest.js'
import { runSync } from '../../pipeline/run.js'
import { openDatabase } from '../../pipeline/warehouse/db.js'
import { createWorkspace, queryFile, queryMarts } from '../support/workspace.js'

const home = process.env.REAL_HOME

const onlyClaudeCode = (config: Config): Config => ({
  ...config,
  sources: [{ source: 'claude-code', enabled: true, paths: [join(home!, '.claude', 'projects')] }],
})

describe.skipIf(!home)(`real logs${home ? '' : ' (skipped: REAL_HOME is not set)'}`, () => {
  it('hold the same prompts for the counting SQL as for the reader of transcripts', async () => {
    const { ctx } = createWorkspace({ change: onlyClaudeCode })
    await runSync(ctx)
    const counted = await queryMarts<{ session_id: string; prompt_count: number }>(
      ctx.config,
      'select session_id, prompt_count from sessions where not is_subagent order by session_id',
    )
    const ledger = await openDatabase(ctx.config.paths.ledger, { readOnly: true })
    try {
      const read = []
      for (const { session_id } of counted) {
        const transcript = await readSessionTranscript(ledger, session_id)
        read.push({
          session_id,
          prompt_count: transcript?.messages.filter(({ role }) => role === 'human').length,
        })
      }
      expect(read).toEqual(counted)
    } finally {
      ledger.close()
    }
  })

  it('give the reference totals of Claude Code, each line accounted for', async () => {
    const { ctx } = createWorkspace({ change: onlyClaudeCode })
    await runSync(ctx)
    expect(
      await queryMarts(
        ctx.config,
        `select count(*) as calls, sum(input_tokens) as input, sum(output_tokens) as output,
           sum(cache_read_tokens) as cache_read, sum(cache_write_tokens) as cache_write
         from llm_calls where source = 'claude-code'`,
      ),
    ).toEqual([{ calls: 5462, input: 156537, output: 947874, cache_read: 384031575, cache_write: 21495847 }])
    expect(await queryMarts(ctx.config, 'select count(*) as n from sessions where not is_subagent')).toEqual([
      { n: 168 },
    ])
    expect(await queryMarts(ctx.config, 'select count(*) as n from tool_calls')).toEqual([{ n: 6446 }])
    expect(
      await queryMarts(
        ctx.config,
        'select sum(line_count) as lines, sum(object_count) as objects, sum(rejected_line_count) as rejected from files',
      ),
    ).toEqual([{ lines: 27030, objects: 27034, rejected: 0 }])
    expect(await queryFile(ctx.config.paths.ledger, 'select count(*) as n from raw.rejects')).toEqual([
      { n: 0 },
    ])
  })
})
