// Advice on what is asked and how: openings, corrections, interruptions, plans and permissions.
import type { RuleWords } from '../rule.js'
import { formatShare } from './figures.js'

export const promptingWords: RuleWords = {
  refused_actions: (f) => ({
    observation: `You refused ${f.count('refused_call_count', 'action')} in ${f.count('session_count', 'session')}, ${f.count('tool_refused_count')} of them of ${f.text('tool_name')}.`,
    recommendation: `Look at what the refused ${f.text('tool_name')} calls had in common. What you never want belongs on the deny list of the agent’s permissions; what you wanted done differently belongs in the prompt, before work begins (“do not touch …, ask first”).`,
    expectedBenefit: `A refusal stops the work until you say what to do instead: up to ${f.count('refused_call_count', 'stop')} a week fewer.`,
  }),
  refused_plans: (f) => ({
    observation: `You did not accept ${f.count('refused_plan_count')} of ${f.count('sample_count', 'plan')} (${f.share('metric_value')}) as proposed, in ${f.count('session_count', 'session')}.`,
    recommendation:
      'Before the next plan, give three things in the prompt: what must not change, how you will check the result, and one file to follow as a model.',
    expectedBenefit:
      'Possibly one round of planning fewer each time. Where you only started a plan with a fresh context, which some agents log alike, there is nothing to mend.',
  }),
  interruptions: (f) => ({
    observation: `You stopped the agent ${f.count('interruption_count', 'time')} in ${f.count('sample_count', 'prompt')} (${f.share('metric_value')}${f.has('usual_interruption_share') ? `, against ${formatShare(f.number('usual_interruption_share'))} in the four weeks before` : ''}).`,
    recommendation:
      'Ask for the approach in three lines before work begins on anything larger than one file, and answer “go” or what is wrong: stopping a plan is cheaper than stopping an edit.',
    expectedBenefit: `Up to ${f.count('interruption_count', 'stop')} a week fewer; how much work was thrown away with them, the logs do not say.`,
  }),
  corrections: (f) => ({
    observation: `${f.count('correction_count', 'prompt')} of ${f.count('sample_count')} (${f.share('metric_value')}${f.has('usual_correction_share') ? `, against ${formatShare(f.number('usual_correction_share'))} in the four weeks before` : ''}) put right what the agent had just made, in ${f.count('session_count', 'session')}.`,
    recommendation:
      'Read those prompts, and turn what you had to say twice into a line of CLAUDE.md or AGENTS.md. In the next prompt, say also how you will recognise that it is right.',
    expectedBenefit: `If half of them go, about ${f.count('half_correction_count', 'prompt')} a week fewer, each with a turn of the model behind it.`,
  }),
  short_openings: (f) => ({
    observation: `${f.count('short_opening_count')} of ${f.count('session_count', 'session')} opened with a line of fewer than 120 characters. In eight weeks (${f.count('compared_count', 'session')}), such a session had ${f.number('short_trouble_rate').toFixed(2)} corrections and interruptions, one with a longer opening ${f.number('long_trouble_rate').toFixed(2)}.`,
    recommendation:
      'Open with three sentences: what you want, what it must not touch, and how you will check it.',
    expectedBenefit:
      'Your own longer openings went better, though they may have been for other work: try it for a week and compare.',
  }),
}
