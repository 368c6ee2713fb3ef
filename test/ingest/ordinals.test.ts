import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { generateLogs } from '../../pipeline/demo/generate.js'
import { packageRoot } from '../../pipeline/root.js'
import { runSync } from '../../pipeline/run.js'
import { createWorkspace, queryFile } from '../support/workspace.js'

const facts = ['events', 'calls', 'tool_uses', 'tool_results', 'prompts', 'rejects']

describe('positions in a file', () => {
  it('are the same in two ledgers made from the same logs, recovered objects included', async () => {
    const first = createWorkspace()
    await generateLogs({
      folder: first.home,
      seed: 3,
      weeks: ['2026-W05'],
      sessionsPerWeek: 14,
      hasFaults: true,
    })
    const second = createWorkspace({ home: first.home })
    await runSync(first.ctx)
    await runSync(second.ctx)
    for (const table of facts) {
      const rows = `select * from raw.${table} order by all`
      expect(await queryFile(second.ctx.config.paths.ledger, rows), table).toEqual(
        await queryFile(first.ctx.config.paths.ledger, rows),
      )
    }
  })

  it('put the first object of a glued line in its line and the others behind the last', async () => {
    const home = join(packageRoot, 'fixtures/logs/claude-code/rule-19-glued-lines/home')
    const { ctx } = createWorkspace({ home })
    await runSync(ctx)
    const rows = await queryFile<{ ordinal: number }>(
      ctx.config.paths.ledger,
      'select ordinal from raw.events order by ordinal',
    )
    expect(rows.map(({ ordinal }) => ordinal)).toEqual([1, 2, 3, 4])
  })
})
