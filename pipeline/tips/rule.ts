// What a rule of advice is made of, beside its SQL: its category and its words.
import type { Figures } from './words/figures.js'

export type TipCategory =
  | 'tool_usage'
  | 'delegation'
  | 'error_handling'
  | 'prompting'
  | 'cost'
  | 'focus'
  | 'skills'

export interface TipWords {
  /** What was seen, in the user's own numbers. */
  readonly observation: string
  /** What to do next week. */
  readonly recommendation: string
  /** Computed from those numbers, or said to be a possibility. */
  readonly expectedBenefit: string
}

/** Sentences of templates, numbers and the names of tools and models: never of files, commands or projects. */
export type RuleWords = Readonly<Record<string, (figures: Figures) => TipWords>>
