// How long answers are expected to be: as they were so far or, before there are any, as they are known to be.
import type { Database } from '../warehouse/db.js'
import type { LlmMatter } from './client.js'

export type ExpectedOutput = Readonly<Record<LlmMatter['purpose'], number>>

/** Tokens. */
const usual: ExpectedOutput = { facets: 900, summary: 500, repair: 900, letter: 1500, tips: 600 }

/** Fewer answers than these say little. */
const minAnswerCount = 5

/** Tokens by purpose: the mean of what this provider's answers had. */
export async function readExpectedOutput(ledger: Database, provider: string): Promise<ExpectedOutput> {
  const rows = await ledger.rows<{ purpose: string; tokens: number }>(
    `select purpose, cast(ceil(avg(output_tokens)) as bigint) as tokens
     from state.model_requests
     where provider = $1 and status = 'answered' and output_tokens is not null
     group by purpose having count(*) >= $2`,
    [provider, minAnswerCount],
  )
  return { ...usual, ...Object.fromEntries(rows.map(({ purpose, tokens }) => [purpose, tokens])) }
}
