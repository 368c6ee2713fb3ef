// Which period a command is about, where nobody named one too.
import { UserError } from '../errors.js'
import {
  holdsAnyOf,
  isRunning,
  lastCompletePeriod,
  type Period,
  type PeriodKind,
  parsePeriod,
  periodOf,
} from '../period.js'
import { readActiveDates } from '../stages.js'
import type { RunContext } from './context.js'

/** The period asked for; else the last complete one; else, where that holds nothing, the latest with data. */
export async function choosePeriod(
  ctx: RunContext,
  kind: PeriodKind,
  label: string | undefined,
): Promise<Period> {
  const { timezone, week_starts_on } = ctx.config
  if (label !== undefined) return parsePeriod(kind, label, week_starts_on)
  const usual = lastCompletePeriod(kind, ctx.now(), timezone, week_starts_on)
  const dates = await readActiveDates(ctx.config)
  if (holdsAnyOf(dates, usual)) return usual
  const latest = dates.at(-1)
  if (latest === undefined)
    throw new UserError(
      'there is nothing to report: no session is loaded',
      'Work with an agent and run `debrief sync`, or see made-up sessions with `debrief demo`.',
    )
  const period = periodOf(kind, latest, week_starts_on)
  const state = isRunning(period, ctx.now(), timezone) ? ', which is still running' : ''
  ctx.emit({
    step: 'report',
    action: 'note',
    subject: period.label,
    message: `${usual.label} holds nothing; reporting ${period.label}, the latest with data${state}`,
  })
  return period
}
