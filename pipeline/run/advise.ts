// Tips and targets of the periods that are reported, and what people answered to earlier tips.
import type { Period } from '../period.js'
import type { PublishEffects } from '../publish/effects.js'
import {
  giveFeedback,
  listTips,
  makeTips,
  phraseTips,
  readTipAnswers,
  recordTipAnswer,
  setTargets,
} from '../stages.js'
import type { PhraseTips } from '../tips/generate.js'
import { buildWarehouse } from '../warehouse/build.js'
import { type Database, inTransaction } from '../warehouse/db.js'
import { openNarrativeAsker } from './askers.js'
import type { RunContext } from './context.js'

/** What people answered tips with in Discord becomes feedback, each answer once. */
export async function takeTipAnswers(
  ctx: RunContext,
  ledger: Database,
  effects: PublishEffects,
): Promise<void> {
  const kept = new Set((await listTips(ledger, true)).map(({ tip_id }) => tip_id))
  for (const answer of await readTipAnswers(ctx, ledger, effects))
    await inTransaction(ledger, async () => {
      const { tipId, verdict } = answer
      if (verdict !== null && kept.has(tipId)) {
        await giveFeedback(ledger, tipId, verdict, ctx.now(), 'discord')
        ctx.emit({ step: 'tips', action: 'note', subject: tipId, message: `${verdict}, says Discord` })
      }
      await recordTipAnswer(ledger, answer, ctx.now())
    })
}

/** Makes the tips and sets the targets that the pages of these periods show, and brings them into the marts. */
export async function advise(ctx: RunContext, ledger: Database, periods: readonly Period[]): Promise<void> {
  if (periods.length === 0) return
  await makeTips(ctx, ledger, periods, tipPhraser(ctx, ledger))
  await setTargets(ctx, ledger, periods)
  await buildWarehouse(ctx, ledger)
}

/** A model's words are kept only where words are. */
function tipPhraser(ctx: RunContext, ledger: Database): PhraseTips {
  return async (tips, week) => {
    const { narrative, privacy } = ctx.config
    if (narrative.provider === 'rules' || privacy.content === 'none' || tips.length === 0) return tips
    const asker = await openNarrativeAsker(ctx, ledger, 'tips')
    if (asker === null) return tips
    const phrased = await phraseTips(asker, tips, week.label)
    if (phrased.failure !== null)
      ctx.emit({
        step: 'tips',
        action: 'warn',
        subject: week.label,
        message: `${phrased.failure}; the rules' words stay`,
      })
    return phrased.tips
  }
}
