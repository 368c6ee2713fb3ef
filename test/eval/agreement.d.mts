// The types of agreement.mjs, which runs on plain Node.
import type { Facets } from '../../pipeline/facets/schema.js'

export interface Label {
  readonly session_id: string
  readonly frictions: readonly string[]
  readonly goal_category?: string
  readonly outcome?: string
  readonly session_type?: string
  readonly satisfaction?: string
  readonly helpfulness?: string
  readonly course_corrections?: number
  readonly retry_loops?: number
  readonly session_cut_short?: boolean
}

export type JudgedFacets = Pick<
  Facets,
  | 'outcome'
  | 'goal_categories'
  | 'session_type'
  | 'user_satisfaction_counts'
  | 'claude_helpfulness'
  | 'friction_counts'
  | 'course_corrections'
  | 'retry_loops'
  | 'session_cut_short'
  | 'evidence'
>

export interface ComparedField {
  readonly field: string
  readonly measure: string
  readonly n: number
  readonly agreement: number | null
  readonly kappa: number | null
  readonly goal: number | null
}

export interface ComparedFriction {
  readonly kind: string
  readonly labelled: number
  readonly found: number
  readonly both: number
  readonly precision: number | null
  readonly recall: number | null
}

export interface Comparison {
  readonly sessionCount: number
  readonly fields: readonly ComparedField[]
  readonly frictions: readonly ComparedFriction[]
}

export const outcomeSteps: readonly string[]
export const labelledFrictions: readonly string[]
export function compareFacets(judged: readonly { label: Label; facets: JudgedFacets }[]): Comparison
export function kappaOf(pairs: readonly (readonly [unknown, unknown])[]): number | null
export function parseLabels(text: string): Label[]
