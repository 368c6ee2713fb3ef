// Every fixture gives the totals that were worked out for it by hand.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { sources } from '../../pipeline/ingest/formats/format.js'
import { packageRoot } from '../../pipeline/root.js'
import { runSync } from '../../pipeline/run.js'
import { createWorkspace, queryMarts } from '../support/workspace.js'

const totals: Readonly<Record<string, string>> = {
  llm_calls: 'select count(*) from llm_calls',
  input_tokens: 'select coalesce(sum(input_tokens), 0) from llm_calls',
  output_tokens: 'select coalesce(sum(output_tokens), 0) from llm_calls',
  cache_read_tokens: 'select coalesce(sum(cache_read_tokens), 0) from llm_calls',
  cache_write_tokens: 'select coalesce(sum(cache_write_tokens), 0) from llm_calls',
  cache_write_5m_tokens: 'select coalesce(sum(cache_write_5m_tokens), 0) from llm_calls',
  cache_write_1h_tokens: 'select coalesce(sum(cache_write_1h_tokens), 0) from llm_calls',
  cost_usd: 'select sum(cost_usd) from llm_calls',
  sessions: 'select count(*) from sessions where not is_subagent',
  subagent_sessions: 'select count(*) from sessions where is_subagent',
  prompts: 'select count(*) from prompts',
  tool_calls: 'select count(*) from tool_calls',
  rejects: 'select count(*) from rejects',
  lines: 'select sum(line_count) from files',
  blank_lines: 'select sum(blank_line_count) from files',
  loaded_lines: 'select sum(loaded_line_count) from files',
}

for (const source of sources) {
  const folder = join(packageRoot, 'fixtures', 'logs', source)
  const cases = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory())

  describe(`fixtures of ${source}`, () => {
    it.each(cases.map(({ name }) => name))('%s', async (name) => {
      const expected = JSON.parse(readFileSync(join(folder, name, 'expected.json'), 'utf8')) as Record<
        string,
        unknown
      >
      const { ctx, events } = createWorkspace({ home: join(folder, name, 'home') })
      await runSync(ctx)

      const actual: Record<string, unknown> = {}
      for (const key of Object.keys(expected).filter((key) => key !== 'why')) {
        expect(totals, `${name}: expected.json names ${key}`).toHaveProperty(key)
        const [row] = await queryMarts(ctx.config, totals[key]!)
        actual[key] = Object.values(row!)[0]
      }
      const { why: _, ...expectedTotals } = expected
      expect(actual).toEqual(expectedTotals)
      expect(events.filter(({ action }) => action === 'fail')).toEqual([])
    })
  })
}
