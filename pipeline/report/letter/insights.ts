// What the marts of insight add to the letter: friction in dollars, contradictions, days out of the ordinary, growth.
import { weekdayDate, weekdayName } from '../../period.js'
import { currentRow, periodNoun } from '../figures.js'
import { capitalised, formatCount, formatDollars, formatShare, words } from '../format.js'
import {
  aboutSession,
  type LetterSource,
  type Sentence,
  sessionById,
  sessionName,
  shownIn,
  some,
  times,
} from './remarks.js'

const signs: Readonly<Record<string, string>> = {
  correction: 'corrections',
  tool_failure: 'failed tool calls',
  interruption: 'interruptions',
  rejection: 'refused actions',
  api_error: 'errors of the API',
}

/** The sign of friction whose way back to work cost most. */
export const frictionInDollars: Sentence = ({ data }) => {
  const [row] = [...data.rows.friction_cost].sort((a, b) => (b.cost_usd ?? 0) - (a.cost_usd ?? 0))
  const costUsd = row?.cost_usd ?? 0
  const share = row?.cost_share ?? 0
  if (!row || share < 0.02 || row.unpriced_call_count > 0 || currentRow(data).unpriced_call_count > 0)
    return null
  const lost = row.span_count - row.recovered_count
  const open =
    lost === 0
      ? ''
      : `; in ${lost === row.span_count ? 'none' : formatCount(lost)} of ${formatCount(row.span_count)} cases ${lost === row.span_count ? 'was anything' : 'nothing was'} mended`
  return {
    claims: shownIn('friction'),
    weight: 0.5 + share,
    text: `Getting over ${signs[row.friction_sign] ?? words(row.friction_sign)} took ${formatDollars(costUsd)}, ${formatShare(share)} of the cost${open}.`,
  }
}

const contradicted: Readonly<Record<string, string>> = {
  tests_failed_last: 'its last tests failed',
  last_tool_failed: 'its last tool call failed',
  commit_reverted: 'its commit was reverted',
}

/** Sessions that sound done and whose log says otherwise. */
export const contradiction: Sentence = (source) => {
  const rows = source.data.rows.contradictions
  const known = rows.flatMap((row) => {
    const session = sessionById(source, row.session_id)
    return session ? [{ row, session }] : []
  })
  const [worst] = known.sort((a, b) => (b.session.cost_usd ?? 0) - (a.session.cost_usd ?? 0))
  if (!worst) return null
  const count = new Set(known.map(({ row }) => row.session_id)).size
  const why = contradicted[worst.row.contradiction_kind] ?? words(worst.row.contradiction_kind)
  const name = sessionName(source, worst.session)
  return {
    claims: [aboutSession(source, worst.session), { parts: ['friction'], phrase: why }],
    weight: 0.6,
    text:
      count === 1
        ? `One session sounds done and may not be: ${name}; ${why}.`
        : `${capitalised(some(count, 'session'))} sound done and may not be, above all ${name}: ${why}.`,
  }
}

/** A day far above the fortnight before it. */
export const spikeDay =
  (kind: 'cost_spike' | 'friction_spike'): Sentence =>
  ({ data }: LetterSource) => {
    const [row] = data.rows.anomalies
      .filter((one) => one.anomaly_kind === kind && one.subject_kind === 'day' && one.ratio !== null)
      .sort((a, b) => (b.ratio ?? 0) - (a.ratio ?? 0))
    if (!row?.ratio) return null
    const day = data.period.kind === 'weekly' ? weekdayName(row.happened_on) : weekdayDate(row.happened_on)
    const ratio = row.ratio < 9.95 ? row.ratio.toFixed(1).replace('.0', '') : formatCount(row.ratio)
    const what = kind === 'cost_spike' ? 'cost' : 'had'
    const of =
      kind === 'cost_spike'
        ? 'a usual day of the two weeks before'
        : 'the friction of a usual day of the two weeks before'
    return {
      claims: shownIn(kind === 'cost_spike' ? 'cost' : 'friction'),
      weight: Math.min(0.7, row.ratio / 10),
      text: `${day} ${what} ${ratio} times ${of}.`,
    }
  }

/** The habit that improved most; not told where it was better in fewer than half of the periods. */
export const strongestHabit: Sentence = ({ data }) => {
  const row = data.rows.growth.find(({ is_strongest }) => is_strongest)
  if (!row || data.isSoFar || row.period_count < 4 || row.improved_count < row.period_count / 2) return null
  const habit = words(row.metric_name).replace(/ seconds$/, '')
  return {
    claims: shownIn('growth'),
    weight: 0.4,
    text: `Over ${some(row.period_count, periodNoun(data))}, what improved most was ${habit}: better than the ${periodNoun(data)} before ${times(row.improved_count)}.`,
  }
}
