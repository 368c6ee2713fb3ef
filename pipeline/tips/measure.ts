// Runs a rule's SQL for one week: what it measured there, whether it fires, and on which sessions it rests.
import type { Config } from '../config.js'
import type { Period } from '../period.js'
import type { Database, JsonValue, Row } from '../warehouse/db.js'
import { createPeriodTable } from '../warehouse/period-table.js'
import { readSql } from '../warehouse/read-sql.js'

export interface Measure {
  readonly rule: string
  readonly metricName: string
  /** A share, 0 to 1. */
  readonly metricValue: number
  /** Of how many calls, prompts or sessions the share is. */
  readonly sampleCount: number
  readonly isLessBetter: boolean
  readonly isFiring: boolean
  /** How much of the week it is about, 0 to 1. */
  readonly sizeShare: number
  /** Main sessions, those that weigh most first. */
  readonly sessionIds: readonly string[]
  readonly numbers: Readonly<Record<string, number>>
  readonly texts: Readonly<Record<string, string>>
}

/** Reads measures of any week, each once, from the warehouse that it was opened over. */
export interface Measurer {
  /** Null where the week holds too little to measure. */
  measure(rule: string, week: Period): Promise<Measure | null>
  /** The end of the week, or of a running one its last event. */
  asOf(week: Period): Promise<string>
}

export function createMeasurer(
  db: Database,
  config: Config,
  isSoFar: (week: Period) => boolean,
  readRule: (rule: string) => string = (rule) => readSql('tips', rule),
): Measurer {
  const known = new Map<string, Measure | null>()
  let current = { label: '', asOf: '' }
  const enter = async (week: Period): Promise<string> => {
    if (current.label === week.label) return current.asOf
    await db.run('drop table if exists period')
    const { as_of } = await createPeriodTable(db, config, week, isSoFar(week))
    current = { label: week.label, asOf: as_of }
    return current.asOf
  }
  return {
    asOf: enter,
    measure: async (rule, week) => {
      const key = `${week.label} ${rule}`
      const found = known.get(key)
      if (found !== undefined) return found
      await enter(week)
      const [row] = await db.rows(readRule(rule))
      const measure = row === undefined ? null : readMeasure(rule, row)
      known.set(key, measure)
      return measure
    },
  }
}

const ownColumns = ['metric_name', 'is_less_better', 'is_firing', 'session_ids']

export function readMeasure(rule: string, row: Row): Measure {
  const rest = Object.entries(row).filter(([name]) => !ownColumns.includes(name))
  const numbers = Object.fromEntries(rest.filter((entry): entry is [string, number] => isNumber(entry[1])))
  const texts = Object.fromEntries(rest.filter((entry): entry is [string, string] => isText(entry[1])))
  const { metric_name, metric_value, session_ids, is_less_better, is_firing } = row
  if (!isText(metric_name) || !isNumber(metric_value) || !Array.isArray(session_ids))
    throw new Error(`sql/tips/${rule}.sql: expected a metric and its sessions, got ${JSON.stringify(row)}`)
  return {
    rule,
    metricName: metric_name,
    metricValue: metric_value,
    sampleCount: numbers.sample_count ?? 0,
    isLessBetter: is_less_better === true,
    isFiring: is_firing === true && session_ids.length > 0,
    sizeShare: numbers.size_share ?? 0,
    sessionIds: session_ids.filter(isText),
    numbers,
    texts,
  }
}

const isNumber = (value: JsonValue | undefined): value is number => typeof value === 'number'
const isText = (value: JsonValue | undefined): value is string => typeof value === 'string'
