// Advice for periods: their weeks' tips, and what became of the earlier ones. A week builds on those before it alone.
import type { Config } from '../config.js'
import type { StageContext } from '../events.js'
import { addDays, isRunning, listPeriods, type Period } from '../period.js'
import { type Database, inTransaction } from '../warehouse/db.js'
import { openWarehouse } from '../warehouse/period-table.js'
import { ruleNames } from './catalogue.js'
import { effectOf } from './effect.js'
import { createMeasurer, type Measure, type Measurer } from './measure.js'
import { selectTips } from './select.js'
import {
  type PastTip,
  readDismissedRules,
  readFinalWeeks,
  readPastTips,
  replaceEffects,
  replaceTips,
  type TipEffect,
} from './store.js'
import { type Tip, tipOf } from './tip.js'

/** A rule rests so many days after its tip; then, and up to so many days, the report says what became of it. */
const restDays = 21
const lookBackDays = 56

/** Says a complete week's tips in other words; the default leaves them as the rules have them. */
export type PhraseTips = (tips: readonly Tip[], week: Period) => Promise<readonly Tip[]>

export interface TipsResult {
  /** Tips of weeks that had none yet, or are still running. */
  readonly madeCount: number
}

/**
 * Sees to it that every week up to the last period's end has its tips, whichever reports were made before: else the same
 * week would be advised differently, by what happened to be rendered first. A complete week is looked at once.
 */
export async function makeTips(
  ctx: StageContext<Config>,
  ledger: Database,
  periods: readonly Period[],
  phrase: PhraseTips = async (tips) => tips,
): Promise<TipsResult> {
  const { config, now } = ctx
  const startedAt = now().getTime()
  const db = await openWarehouse(config)
  try {
    const weeks = await listWeeks(db, config, periods)
    const isSoFar = (week: Period) => isRunning(week, now(), config.timezone)
    const measurer = createMeasurer(db, config, isSoFar)
    const isAsked = (week: Period) => periods.some((period) => endsIn(week, period))
    const rephrase: PhraseTips = async (tips, week) =>
      isAsked(week) && !isSoFar(week) ? phrase(tips, week) : tips
    const made = await makeMissing(ctx, ledger, weeks, measurer, rephrase)
    for (const week of weeks.filter(isAsked)) {
      const effects = await judgeEffects(ledger, week, weeks, measurer)
      await inTransaction(ledger, () => replaceEffects(ledger, week.label, effects))
    }
    ctx.emit({ step: 'tips', action: 'done', rows: made, elapsedMs: now().getTime() - startedAt })
    return { madeCount: made }
  } finally {
    db.close()
  }
}

/** So sql/reports/tips.sql has it too: a month shows the weeks that end in it. */
function endsIn(week: Period, period: Period): boolean {
  return week.endDate > period.startDate && week.endDate <= period.endDate
}

/** Weeks with data that end by the last period's end, oldest first. */
async function listWeeks(db: Database, config: Config, periods: readonly Period[]): Promise<Period[]> {
  const lastEnd = periods.map(({ endDate }) => endDate).reduce((a, b) => (a > b ? a : b), '')
  const rows = await db.rows<{ local_date: string }>(
    'select distinct local_date from marts.session_days order by local_date',
  )
  const dates = rows.map(({ local_date }) => local_date)
  return listPeriods('weekly', dates, config.week_starts_on).filter((week) => week.endDate <= lastEnd)
}

async function makeMissing(
  ctx: StageContext<Config>,
  ledger: Database,
  weeks: readonly Period[],
  measurer: Measurer,
  phrase: PhraseTips,
): Promise<number> {
  const final = await readFinalWeeks(ledger)
  const dismissed = await readDismissedRules(ledger)
  let made = 0
  for (const week of weeks.filter(({ label }) => !final.has(label))) {
    const measures = await measureAll(measurer, week)
    const recent = await readPastTips(ledger, labelsBetween(weeks, week, restDays, 1))
    const asOf = await measurer.asOf(week)
    const tips = selectTips(measures, recent, dismissed).map((choice) => tipOf(choice, week.label, asOf))
    const isFinal = !isRunning(week, ctx.now(), ctx.config.timezone)
    const phrased = await phrase(tips, week)
    await inTransaction(ledger, () => replaceTips(ledger, week.label, phrased, isFinal ? asOf : null))
    made += tips.length
  }
  return made
}

async function measureAll(measurer: Measurer, week: Period): Promise<Measure[]> {
  const measures: Measure[] = []
  for (const rule of ruleNames) {
    const measure = await measurer.measure(rule, week)
    if (measure !== null) measures.push(measure)
  }
  return measures
}

/** Weeks that began at least and at most so many days before this one. */
function labelsBetween(weeks: readonly Period[], week: Period, most: number, least: number): string[] {
  const [from, to] = [addDays(week.startDate, -most), addDays(week.startDate, -least)]
  return weeks.filter(({ startDate }) => startDate >= from && startDate <= to).map(({ label }) => label)
}

/** The latest tip of each rule, where it is three to eight weeks old. */
async function judgeEffects(
  ledger: Database,
  week: Period,
  weeks: readonly Period[],
  measurer: Measurer,
): Promise<TipEffect[]> {
  const tips = await readPastTips(ledger, labelsBetween(weeks, week, lookBackDays, restDays))
  const latest = new Map<string, PastTip>(tips.map((tip) => [tip.rule, tip]))
  const effects: TipEffect[] = []
  for (const tip of latest.values()) {
    const since: (Measure | null)[] = []
    for (const later of weeks.filter(({ label }) => label > tip.period && label <= week.label))
      since.push(await measurer.measure(tip.rule, later))
    const effect = effectOf(tip, since)
    if (effect !== null) effects.push(effect)
  }
  return effects
}
