// What a user may do with tips: read them, call one helpful, dismiss one.
import type { Config } from '../config.js'
import { UserError } from '../errors.js'
import { type Database, openDatabase } from '../warehouse/db.js'

export interface KeptTip {
  readonly tip_id: string
  readonly rule: string
  readonly period: string
  readonly priority: string
  readonly category: string
  readonly observation: string
  readonly recommendation: string
  readonly expected_benefit: string
  readonly metric_name: string
  readonly metric_value: number
  readonly feedback: string | null
}

export type Feedback = 'helpful' | 'dismissed'

/** What a person types: the rule and the week. */
export function shortId({ rule, period }: Pick<KeptTip, 'rule' | 'period'>): string {
  return `${rule}/${period}`
}

/** Newest week first, in the week by weight; the latest week alone unless all are asked for. */
export async function listTips(ledger: Database, isAll: boolean): Promise<KeptTip[]> {
  return ledger.rows<KeptTip>(
    `with last_words as (
       select tip_id, arg_max(feedback, (given_at, rowid)) as feedback from state.tip_feedback group by tip_id
     )
     select tip_id, rule, period, priority, category, observation, recommendation, expected_benefit, metric_name,
       metric_value, feedback
     from state.tips left join last_words using (tip_id)
     where ? or period = (select max(period) from state.tips) ${order}`,
    [isAll],
  )
}

/** As above, out of the warehouse, which nobody needs to wait for. */
export async function readShownTips({ paths }: Pick<Config, 'paths'>, isAll: boolean): Promise<KeptTip[]> {
  const warehouse = await openDatabase(paths.warehouse, { readOnly: true })
  try {
    return await warehouse.rows<KeptTip>(
      `select tip_id, rule, period, priority, category, observation, recommendation, expected_benefit, metric_name,
         metric_value, feedback
       from marts.tips where ? or period = (select max(period) from marts.tips) ${order}`,
      [isAll],
    )
  } finally {
    warehouse.close()
  }
}

const order = `order by period desc, case priority when 'high' then 0 when 'medium' then 1 else 2 end,
  cast(metric_values ->> 'size_share' as double) desc, rule`

/** Writes down what was said of a tip; the last word counts. */
export async function giveFeedback(
  ledger: Database,
  id: string,
  feedback: Feedback,
  now: Date,
  givenBy: 'command' | 'discord' = 'command',
): Promise<KeptTip> {
  const tip = findTip(await listTips(ledger, true), id)
  await ledger.run('insert into state.tip_feedback values (?, ?, ?::timestamp, ?)', [
    tip.tip_id,
    feedback,
    now.toISOString(),
    givenBy,
  ])
  return { ...tip, feedback }
}

/** By rule and week, or by the rule alone, which is its latest tip. Throws UserError with the ones that are near. */
export function findTip(tips: readonly KeptTip[], id: string): KeptTip {
  const wanted = id.trim().toLowerCase()
  const found = tips.find((tip) =>
    [tip.tip_id, shortId(tip), tip.rule].some((name) => name.toLowerCase() === wanted),
  )
  if (found) return found
  const near = nearest(tips, wanted)
  throw new UserError(
    `there is no tip ${id}`,
    near.length === 0
      ? 'No tip has been given yet: `debrief report weekly` gives them.'
      : `Did you mean ${near.join(', ')}? \`debrief tips list --all\` shows every tip.`,
  )
}

function nearest(tips: readonly KeptTip[], wanted: string): string[] {
  const [rule = ''] = wanted.split('/')
  const ids = tips.map((tip) => ({ id: shortId(tip), distance: editDistance(tip.rule, rule) }))
  return ids
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 3)
    .map(({ id }) => id)
}

/** Letters to change, add or take away to turn one word into the other. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, i) => i)
  for (let i = 1; i <= from.length; i++) {
    const next = [i]
    for (let j = 1; j <= to.length; j++) {
      const changed = row[j - 1]! + (from[i - 1] === to[j - 1] ? 0 : 1)
      next.push(Math.min(changed, row[j]! + 1, next[j - 1]! + 1))
    }
    row = next
  }
  return row[to.length]!
}
