// The tips section: what the week's numbers advise, and what became of earlier advice.
import { weekdayDate } from '../period.js'
import type { ReportData } from './data.js'
import { periodNoun } from './figures.js'
import { capitalised, countOf, formatShare, words } from './format.js'
import type { TipEffectRow, TipRow } from './rows.js'
import type { Section } from './sections.js'
import { tablesOf } from './table.js'

export interface ShownTip {
  readonly title: string
  /** "high · cost" */
  readonly note: string
  readonly observation: string
  readonly recommendation: string
  readonly expectedBenefit: string
  /** Where to look; empty where the session is not known any more. */
  readonly where: string
  /** What `debrief tips helpful` and `dismiss` take. */
  readonly id: string
}

export interface TipsSection extends Section {
  readonly tips: readonly ShownTip[]
}

export function tipsSection(data: ReportData): TipsSection {
  const { tips, tip_effects: effects } = data.rows
  const advice =
    tips.length === 0
      ? `No rule found enough in this ${periodNoun(data)} to advise on, beyond what was advised in the three weeks before.`
      : 'What your own numbers advise, by rules that fire on evidence only: five tips at most, and none that was given in the three weeks before. The command debrief tips dismiss, with the name below a tip, ends it for good.'
  const looking =
    'Of advice that is three weeks old: the metric in the week of the tip, and since. It counts as moved where it changed by a fifth and by more than chance would.'
  return {
    id: 'tips',
    heading: 'Tips',
    paragraphs: effects.length === 0 ? [advice] : [advice, looking],
    tips: tips.map((row) => shownTip(row, data)),
    tables: tablesOf({
      caption: 'What became of earlier tips',
      texts: ['Tip', 'Given', 'Moved'],
      numbers: ['Then', 'Mean since', 'Latest week'],
      rows: effects,
      cells: (row) => [
        capitalised(words(row.rule)),
        row.tip_period,
        effectWords(row),
        formatShare(row.metric_before),
        formatShare(row.metric_after),
        formatShare(row.metric_latest),
      ],
    }),
  }
}

function shownTip(row: TipRow, data: ReportData): ShownTip {
  const notes = [row.priority, words(row.category)]
  if (data.period.kind === 'monthly') notes.push(row.tip_period)
  if (row.is_helpful) notes.push('you called it helpful')
  return {
    title: capitalised(words(row.rule)),
    note: notes.join(' · '),
    observation: row.observation,
    recommendation: row.recommendation,
    expectedBenefit: row.expected_benefit,
    where: whereWords(row),
    id: `${row.rule}/${row.tip_period}`,
  }
}

function whereWords({ project, local_date: date, session_count: count }: TipRow): string {
  if (date === null) return ''
  const place = `${project ?? 'no project'}, ${weekdayDate(date)}`
  return count === 1
    ? `The session behind it: ${place}.`
    : `Look first at the session in ${place}; ${countOf(count, 'session')} stand behind this.`
}

function effectWords({ effect, is_small: isSmall, measured_week_count: weeks }: TipEffectRow): string {
  const moved = effect === 'same' ? 'no, within chance' : `to the ${effect}`
  return isSmall ? `${moved} (few cases, ${countOf(weeks, 'week')})` : moved
}
