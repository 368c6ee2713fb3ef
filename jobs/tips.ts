// `debrief tips`: what was advised, and what the user says of it.
import { runTipFeedback, runTipsList } from '../pipeline/run.js'
import { type CommonFlags, runJob } from './job.js'

type Tip = Awaited<ReturnType<typeof runTipsList>>[number]

export async function listTips(flags: CommonFlags & { readonly all?: boolean }): Promise<void> {
  await runJob('tips list', flags, async (ctx) => {
    const tips = await runTipsList(ctx, flags.all === true)
    const text =
      tips.length === 0
        ? 'No tip has been given yet: `debrief report weekly` gives them.'
        : tips.map(tipLines).join('\n\n')
    return { text, json: { tips: tips.map((tip) => ({ id: idOf(tip), ...tip })) } }
  })
}

export async function judgeTip(
  id: string,
  feedback: Parameters<typeof runTipFeedback>[2],
  flags: CommonFlags,
): Promise<void> {
  await runJob(`tips ${feedback === 'helpful' ? 'helpful' : 'dismiss'}`, flags, async (ctx) => {
    const tip = await runTipFeedback(ctx, id, feedback)
    const text =
      feedback === 'helpful'
        ? `Noted: ${idOf(tip)} was helpful.`
        : `Dismissed: ${tip.rule} does not return. To have it back: debrief tips helpful ${idOf(tip)}`
    return { text, json: { id: idOf(tip), tip_id: tip.tip_id, feedback } }
  })
}

function idOf({ rule, period }: Tip): string {
  return `${rule}/${period}`
}

function tipLines(tip: Tip): string {
  const notes = [tip.priority, tip.category.replaceAll('_', ' '), ...(tip.feedback ? [tip.feedback] : [])]
  return [
    `${idOf(tip)}  (${notes.join(', ')})`,
    `  ${tip.observation}`,
    `  → ${tip.recommendation}`,
    `  ${tip.expected_benefit}`,
  ].join('\n')
}
