// How a measure's numbers stand in a tip's sentences; a number that the rule does not give is a bug, not a gap.
import type { Measure } from '../measure.js'

/** The measure's columns, written for a reader. */
export interface Figures {
  number(name: string): number
  /** "1 session", "12 sessions"; without a noun the number alone. */
  count(name: string, noun?: string, plural?: string): string
  /** "3.1 %", "31 %" */
  share(name: string): string
  /** "$3.20" */
  usd(name: string): string
  /** What is no number: a tool or a model. */
  text(name: string): string
  /** Whether the column holds a number: baselines are null where there is too little before. */
  has(name: string): boolean
}

export function figuresOf({ rule, numbers, texts }: Measure): Figures {
  const number = (name: string): number => {
    const value = numbers[name]
    if (value === undefined) throw new Error(`sql/tips/${rule}.sql: expected a number in ${name}, got none`)
    return value
  }
  return {
    number,
    count: (name, noun, plural) => countOf(number(name), noun, plural),
    share: (name) => formatShare(number(name)),
    usd: (name) => formatUsd(number(name)),
    text: (name) => texts[name] ?? 'unnamed',
    has: (name) => numbers[name] !== undefined,
  }
}

/** 0.031 → 3.1 %, 0.31 → 31 % */
export function formatShare(share: number): string {
  const percent = share * 100
  return `${percent > 0 && percent < 9.95 ? percent.toFixed(1) : Math.round(percent)} %`
}

function countOf(count: number, noun?: string, plural = `${noun}s`): string {
  const shown = Math.round(count).toLocaleString('en-US')
  return noun === undefined ? shown : `${shown} ${Math.round(count) === 1 ? noun : plural}`
}

function formatUsd(usd: number): string {
  return usd > 0 && usd < 0.005 ? 'less than $0.01' : `$${usd.toLocaleString('en-US', cents)}`
}

const cents = { minimumFractionDigits: 2, maximumFractionDigits: 2 }
