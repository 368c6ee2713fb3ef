// site/tips/: every tip there ever was by its week, what was said of it, and how far its metric moved since.
import { capitalised, countOf, formatShare, words } from '../format.js'
import { type ShownSql, shownSiteSql } from './data.js'
import { upFrom } from './menu.js'
import type { SiteTipRow } from './rows.js'

export interface TipView {
  /** `corrections/2026-W07`, as the command line names it; also its anchor. */
  readonly id: string
  readonly title: string
  readonly note: string
  readonly observation: string
  readonly recommendation: string
  readonly expectedBenefit: string
  /** What became of it; empty where nothing was measured. */
  readonly effect: string
  readonly tone: 'better' | 'worse' | 'plain'
  readonly feedback: 'helpful' | 'dismissed' | null
}

export interface TipsView {
  readonly title: string
  readonly brand: string
  readonly paragraph: string
  readonly weeks: readonly {
    readonly week: string
    readonly href: string | null
    readonly tips: readonly TipView[]
  }[]
  readonly queries: readonly ShownSql[]
}

export const tipsPlace = 'tips/'

export function tipsView(rows: readonly SiteTipRow[], rendered: ReadonlySet<string>): TipsView {
  const weeks = [...new Set(rows.map((row) => row.period))]
  return {
    title: 'Tips',
    brand: 'Debrief',
    paragraph: tipsParagraph(rows),
    weeks: weeks.map((week) => ({
      week,
      href: rendered.has(week) ? `${upFrom(tipsPlace)}weekly/${week}/index.html#tips` : null,
      tips: rows.filter((row) => row.period === week).map(tipView),
    })),
    queries: shownSiteSql(['tips']),
  }
}

export function tipView(row: SiteTipRow): TipView {
  return {
    id: `${row.rule}/${row.period}`,
    title: capitalised(words(row.rule)),
    note: [row.priority, words(row.category)].join(' · '),
    observation: row.observation,
    recommendation: row.recommendation,
    expectedBenefit: row.expected_benefit,
    effect: effectWords(row),
    tone: row.effect === 'better' || row.effect === 'worse' ? row.effect : 'plain',
    feedback: row.feedback,
  }
}

function tipsParagraph(rows: readonly SiteTipRow[]): string {
  if (rows.length === 0) return 'No tip has been given yet; each weekly report may give up to five.'
  const count = (isWanted: (row: SiteTipRow) => boolean) => rows.filter(isWanted).length
  const measured = count((row) => row.effect !== null)
  const looked =
    measured === 0
      ? 'None is old enough to look back on.'
      : `Of ${countOf(measured, 'tip')} that could be looked back on, ${count((row) => row.effect === 'better')} moved to the better and ${count((row) => row.effect === 'worse')} to the worse; what moves after a tip need not move because of it.`
  const said = `You called ${count((row) => row.feedback === 'helpful')} helpful and dismissed ${count((row) => row.feedback === 'dismissed')}.`
  return `${countOf(rows.length, 'tip')} so far. ${said} ${looked}`
}

function effectWords(row: SiteTipRow): string {
  if (row.effect === null || row.metric_after === null) return ''
  const moved = row.effect === 'same' ? 'No change beyond chance' : `Moved to the ${row.effect}`
  const small = row.is_small ? ', few cases' : ''
  const weeks = countOf(row.measured_week_count ?? 0, 'week')
  return `${moved}: ${words(row.metric_name)} ${formatShare(row.metric_before)} then, ${formatShare(row.metric_after)} in the ${weeks} measured since${small}.`
}
