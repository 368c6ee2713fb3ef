import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { packageRoot } from '../../pipeline/root.js'
import { runSync } from '../../pipeline/run.js'
import { createWorkspace, queryFile, queryMarts } from '../support/workspace.js'

const fixtures = join(packageRoot, 'fixtures/logs/claude-code')
/** Those of the rules by which a line of usage is counted or left out. */
const quirks = readdirSync(fixtures).filter((name) => /^rule-(01|02|04|05|07|18)-/.test(name))
const sums = `sum(line_count)::bigint as lines, sum(input_tokens)::bigint as input, sum(output_tokens)::bigint as output,
  sum(cache_read_tokens)::bigint as cache_reads, sum(cache_write_tokens)::bigint as cache_writes`

async function syncFixture(quirk: string) {
  const { ctx } = createWorkspace({ home: join(fixtures, quirk, 'home') })
  await runSync(ctx)
  return ctx.config
}

it.each(quirks)('what counts and what is left out add up to every line of usage: %s', async (quirk) => {
  const config = await syncFixture(quirk)
  const logged = await queryFile(
    config.paths.ledger,
    `select ${sums} from (select *, 1 as line_count, cache_write_5m_tokens + cache_write_1h_tokens as cache_write_tokens
     from raw.calls)`,
  )
  const told = await queryMarts(
    config,
    `select ${sums} from (
       select 1 as line_count, input_tokens, output_tokens, cache_read_tokens, cache_write_tokens from marts.llm_calls
       union all
       select line_count, input_tokens, output_tokens, cache_read_tokens, cache_write_tokens from marts.duplicates)`,
  )
  expect(told).toEqual(logged)
})

it.each([
  ['rule-02-streaming', ['streamed']],
  ['rule-05-fork', ['copied']],
  ['rule-07-synthetic', ['synthetic']],
  ['rule-18-mirrored-and-file', ['mirrored']],
  ['rule-18-mirrored-only', []],
])('%s leaves lines out as %j', async (quirk, rules) => {
  const rows = await queryMarts<{ rule: string }>(
    await syncFixture(quirk),
    `select distinct duplicate_rule as rule from marts.duplicates where line_count > 0 order by rule`,
  )
  expect(rows.map(({ rule }) => rule)).toEqual(rules)
})
