// Advice on what sessions cost: contexts, caches, models and prices.
import type { RuleWords } from '../rule.js'

export const costWords: RuleWords = {
  large_contexts: (f) => ({
    observation: `${f.count('large_call_count', 'call')} with more than 100,000 tokens of context cost ${f.usd('large_cost_usd')}, ${f.share('metric_value')} of the week${f.has('other_call_usd') ? `: ${f.usd('large_call_usd')} each, against ${f.usd('other_call_usd')} for the others` : ''}.`,
    recommendation:
      'At the next natural break (a commit, a green test run), have the state written down in ten lines and go on in a new session with them; /clear between two tasks does the same.',
    expectedBenefit: f.has('half_saving_usd')
      ? `Half of these calls at the price of the others: about ${f.usd('half_saving_usd')} a week.`
      : 'Every call sends the whole context again, so a shorter one makes each of them cheaper.',
  }),
  cache_rebuilds: (f) => ({
    observation: `After pauses (median: ${f.count('pause_minutes', 'minute')}), ${f.count('rebuild_count', 'call')} found most of the context no longer in the cache. Sending it anew cost ${f.usd('rebuild_cost_usd')}, ${f.share('metric_value')} of the week: ${f.usd('rebuild_call_usd')} each, against ${f.usd('other_call_usd')} for the others.`,
    recommendation:
      'Before you leave a session for longer than the cache lives (five minutes, or an hour where that is set), finish the step; after the pause, begin the next task in a new session instead of waking the large one.',
    expectedBenefit: `At most ${f.usd('rebuild_cost_usd')} a week; a new session has to read its files again, so expect a part of it.`,
  }),
  cache_misses: (f) => ({
    observation: `Only ${f.share('metric_value')} of what was sent came from the cache; ${f.count('uncached_tokens', 'token')} of ${f.count('sent_tokens')} did not.`,
    recommendation:
      'Look for what changes the beginning of the context: models switched within a session, MCP servers turned on and off, a CLAUDE.md that is edited while it is in use. Leave these alone until the session ends.',
    expectedBenefit:
      'Tokens from the cache cost about a tenth of others at most providers’ list prices; how much of this can be cached, the logs do not say.',
  }),
  dear_small_sessions: (f) => ({
    observation: `${f.count('dear_session_count')} of ${f.count('session_count', 'small session')} (at most two prompts and ten tool calls, no edit) ran on ${f.text('dear_model')} and cost ${f.usd('dear_cost_usd')}. As you used both, a token of it costs ${f.number('price_ratio').toFixed(1)} times one of ${f.text('cheap_model')}.`,
    recommendation: `Start questions and look-ups on ${f.text('cheap_model')} (/model, or an alias for it), and change up when the answer is not good enough.`,
    expectedBenefit: `The same tokens on ${f.text('cheap_model')}: about ${f.usd('saving_usd')} a week less.`,
  }),
  unpriced_models: (f) => ({
    observation: `${f.count('unpriced_call_count', 'call')} (${f.share('metric_value')} of the week) have no price, most of them of ${f.text('model')}, so every cost shown is too low.`,
    recommendation: `Add the price of ${f.text('model')} under prices: in debrief.yaml; \`debrief prices\` shows what is lacking. A model on your own machine gets 0.`,
    expectedBenefit: 'Costs that are whole, also of past weeks: they are computed anew.',
  }),
}
