// Every rule there is, by category; each has its SQL in sql/tips under the same name.
import type { Measure } from './measure.js'
import type { RuleWords, TipCategory, TipWords } from './rule.js'
import { costWords } from './words/cost.js'
import { errorHandlingWords } from './words/error-handling.js'
import { figuresOf } from './words/figures.js'
import { promptingWords } from './words/prompting.js'
import { toolUsageWords } from './words/tool-usage.js'
import { delegationWords, focusWords, skillsWords } from './words/work.js'

const wordsByCategory: Readonly<Record<TipCategory, RuleWords>> = {
  cost: costWords,
  error_handling: errorHandlingWords,
  prompting: promptingWords,
  tool_usage: toolUsageWords,
  delegation: delegationWords,
  focus: focusWords,
  skills: skillsWords,
}

const catalogue = new Map(
  Object.entries(wordsByCategory).flatMap(([category, words]) =>
    Object.entries(words).map(([rule, write]) => [rule, { category: category as TipCategory, write }]),
  ),
)

/** In the order of the alphabet, so that nothing depends on where a rule is written down. */
export const ruleNames: readonly string[] = [...catalogue.keys()].sort()

export function categoryOf(rule: string): TipCategory {
  return entryOf(rule).category
}

export function wordsOf(measure: Measure): TipWords {
  return entryOf(measure.rule).write(figuresOf(measure))
}

function entryOf(rule: string) {
  const entry = catalogue.get(rule)
  if (!entry) throw new Error(`expected a rule of the catalogue, got ${rule}`)
  return entry
}
