// What an alert says: one sentence of a template, with numbers and the names of agents and models alone.
import { weekdayDate } from '../period.js'
import type { AlertKind, Finding } from './alert.js'

type Figures = Finding['figures']

const sentences: Readonly<Record<AlertKind, (figures: Figures, cause: string) => string>> = {
  failed_run: (of) =>
    `The last run of \`${of.command}\` ${endings[String(of.exit_code)] ?? 'was cut off'}. See \`debrief runs show ${of.run_id}\`.`,
  budget: (of) =>
    of.is_passed === true
      ? `The budget of ${usd(of.budget_usd)} for ${of.period} is passed: ${usd(of.cost_usd)} so far.`
      : `At this pace ${of.period} comes to ${usd(of.expected_usd)}, past its budget of ${usd(of.budget_usd)}; ${usd(of.cost_usd)} are spent so far.`,
  cost_spike: (of, day) =>
    `${weekdayDate(day)} has cost ${usd(of.cost_usd)}, ${times(of.cost_usd, of.usual_usd)} (median of ${of.usual_day_count} days: ${usd(of.usual_usd)}).`,
  friction_spike: (of, day) =>
    `On ${weekdayDate(day)} ${usd(of.friction_usd)} went to ${of.span_count} moments of friction, ${times(of.friction_usd, of.usual_usd)} (median of ${of.usual_day_count} days: ${usd(of.usual_usd)}).`,
  context_full: (of) =>
    `A session of ${of.source} is nearly full: its last call sent ${thousands(of.context_tokens)} of ${thousands(of.window_tokens)} tokens (${of.model}). Compact it, or hand over to a new one.`,
  expiring_logs: (of) =>
    `${of.source} deletes ${of.log_count} of its sessions' logs from ${of.next_deletes_on} on (it keeps them for ${of.kept_days} days). What Debrief has loaded stays; their words go.`,
  stopped_source: (of) =>
    `Nothing from ${of.source} for ${of.silent_days} days, although it was at work every week before${Number(of.unread_count) > 0 ? `, and ${of.unread_count} of its logs cannot be read` : ''}. \`debrief doctor\` shows where its logs are looked for.`,
}

const endings: Readonly<Record<string, string>> = {
  1: 'ended with a bug of Debrief',
  2: 'ended with something to mend',
  3: 'could not deliver everything',
  4: 'failed a check, so nothing was published',
}

export function sentenceOf({ kind, figures, cause }: Finding): string {
  return sentences[kind](figures, cause)
}

function usd(value: Figures[string] | undefined): string {
  return `$${Number(value).toFixed(2)}`
}

/** "4.2 times the usual"; where the usual is nothing there is nothing to multiply. */
function times(now: Figures[string] | undefined, usual: Figures[string] | undefined): string {
  return Number(usual) > 0
    ? `${(Number(now) / Number(usual)).toFixed(1)} times the usual`
    : 'where usually nothing is'
}

function thousands(tokens: Figures[string] | undefined): string {
  return `${Math.round(Number(tokens) / 1000)}k`
}
