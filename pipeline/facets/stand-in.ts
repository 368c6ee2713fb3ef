// Rules stand in where a provider has no answer to use; facets that a model gave of the same content are not replaced by them.
import { stableJson } from '../stable-json.js'
import { hasContent, isByTheseRules, isLasting, standInKey } from './due.js'
import { keptFacets, readInput } from './judge.js'
import type { FacetInput, SessionFacts } from './provider.js'
import { rulesProvider } from './rules.js'
import { recordNoAnswer, type StandInReason } from './store.js'
import type { Work } from './work.js'

/** The input is read where the provider did not get as far. */
export async function standIn(
  work: Work,
  session: SessionFacts,
  reason: StandInReason,
  read: FacetInput | null = null,
): Promise<void> {
  const { ctx, judge, tally } = work
  const key = standInKey(session, judge, reason, ctx.config)
  const stored = work.known.get(session.session_id)
  tally.standIns.set(reason, (tally.standIns.get(reason) ?? 0) + 1)
  if (stored && hasContent(stored, session, ctx.config)) {
    const isByModel = stored.extractor !== 'rules'
    // A reason that passes leaves a model's facets due as they are; the same rules would say the same again.
    if (isByModel && !isLasting(reason)) return
    if (isByModel || isByTheseRules(stored)) {
      if (stableJson(stored) !== stableJson(key)) await recordNoAnswer(work.db, key)
      return
    }
  }
  const input = read ?? (await readInput(session, ctx.config, work.effects))
  const judged = await rulesProvider.extract(input)
  await work.write(keptFacets(ctx, key, input, judged), isLasting(reason))
}
