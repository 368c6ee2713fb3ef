// What a run would cost, told from the very requests that it would make, without asking anybody.
import { type Asker, LlmError } from '../llm/client.js'
import { isForBatch } from './batches.js'
import { readInput } from './judge.js'
import type { SessionFacts } from './provider.js'
import type { Work } from './work.js'

/** About as long as a part's summary comes out. */
const summaryChars = 1500
const microsPerUsd = 1e6

/** A decimal; null where nobody is paid, or the price of the model is not known. */
export async function estimateCostUsd(work: Work, sessions: readonly SessionFacts[]): Promise<number | null> {
  const { ctx, judge, effects } = work
  if (judge.asker === null || judge.provider === null) return null
  const noting = notingAsker(judge.asker)
  const provider = await effects.openProvider(ctx.config, noting.asker)
  const isBatch = isForBatch(work, sessions.length)
  for (const session of sessions) {
    const input = await readInput(session, ctx.config, effects).catch(() => null)
    const request = input && (provider.inBatches?.request(input) ?? null)
    if (request) noting.note(judge.asker.estimateCostUsd(request, 'facets', isBatch))
    else if (input) await provider.extract(input).catch(() => {})
  }
  return noting.totalUsd()
}

/** Answers summaries with nothing in particular, and ends at the question that they lead to. */
function notingAsker(asker: Asker) {
  let totalMicros: number | null = 0
  const note = (costUsd: string | null) => {
    totalMicros =
      costUsd === null || totalMicros === null ? null : totalMicros + Number(costUsd) * microsPerUsd
  }
  const noting: Asker = {
    ...asker,
    ask: async (request, { purpose }) => {
      note(asker.estimateCostUsd(request, purpose))
      if (purpose === 'summary') return { text: 'A part of it. '.repeat(summaryChars / 14), costUsd: null }
      throw new LlmError('over_budget', 'only estimated')
    },
  }
  return {
    asker: noting,
    note,
    totalUsd: () => (totalMicros === null ? null : Math.round(totalMicros) / microsPerUsd),
  }
}
