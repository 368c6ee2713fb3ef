// What was judged of a session, each judgement beside its evidence: whose words, where, and whether they were found there.
import { formatDuration, listed, words } from '../format.js'
import type { SessionDetailRow } from './session-rows.js'

/** One judgement's ground, as the facets hold it. */
export interface Evidence {
  readonly field: string
  readonly value?: string
  readonly ordinals: readonly number[]
  readonly quote: string | null
  readonly is_verified: boolean
}

export interface Ground {
  /** "wrong approach"; empty where the judgement has one value. */
  readonly value: string
  readonly quote: string | null
  /** "messages 3, 7; found in the log" */
  readonly where: string
  readonly isVerified: boolean
}

export interface Judgement {
  readonly label: string
  readonly value: string
  readonly grounds: readonly Ground[]
}

const maxGrounds = 4
const maxOrdinals = 5

/** In the order in which a reader asks; what is not known, or is none, is left out. */
export function judgementsOf(outcome: string, row: SessionDetailRow): Judgement[] {
  const evidence = readEvidence(row.evidence)
  const alignment =
    row.priority_alignment && [words(row.priority_alignment), row.priority_matched].filter(Boolean).join(': ')
  const minutes = row.estimated_time_saved_minutes
  const told: [label: string, field: string, value: string | null][] = [
    ['How far it came', 'outcome', row.extractor && outcome],
    ['Kind of work', 'goal_categories', countedWords(row.goal_categories, 3)],
    ['Kind of session', 'session_type', row.session_type && words(row.session_type)],
    ['Friction', 'friction_counts', countedWords(row.friction_counts, 9)],
    ['Corrections', 'course_corrections', row.course_corrections ? String(row.course_corrections) : null],
    ['Retry loops', 'retry_loops', row.retry_loops ? String(row.retry_loops) : null],
    ['Turned by', 'pivot_trigger', row.pivot_trigger && words(row.pivot_trigger)],
    ['Went well', 'primary_success', row.primary_success && words(row.primary_success)],
    ['Helpfulness', 'claude_helpfulness', row.claude_helpfulness && words(row.claude_helpfulness)],
    ['Satisfaction', 'user_satisfaction_counts', countedWords(row.user_satisfaction_counts, 5)],
    ['Priorities', 'priority_alignment', alignment],
    ['Workflow', 'workflow_type', row.workflow_type && words(row.workflow_type)],
    ['Skills used', 'skills_used', listWords(row.skills_used)],
    ['Skills missed', 'skills_missed', listWords(row.skills_missed)],
    ['Time saved', 'estimated_time_saved_minutes', minutes ? `about ${formatDuration(minutes * 60)}` : null],
    ['Cut short', 'session_cut_short', row.is_cut_short ? 'yes' : null],
  ]
  return told.flatMap(([label, field, value]) =>
    value ? [{ label, value, grounds: groundsOf(evidence, field) }] : [],
  )
}

/** The kinds of friction that a session had, the most frequent first. */
export function frictionKindsOf(row: SessionDetailRow): string[] {
  return counted(row.friction_counts).map(([kind]) => kind)
}

export function readEvidence(json: string | null): Evidence[] {
  return json === null ? [] : (JSON.parse(json) as Evidence[])
}

/** Several grounds of one value are one: the first one's words, and where all of them are. */
function groundsOf(evidence: readonly Evidence[], field: string): Ground[] {
  const own = evidence.filter((part) => part.field === field)
  const values = [...new Set(own.map(({ value }) => value ?? ''))]
  return values.slice(0, maxGrounds).map((value) => {
    const same = own.filter((part) => (part.value ?? '') === value)
    const ordinals = [...new Set(same.flatMap((part) => part.ordinals))].sort((a, b) => a - b)
    const isVerified = same.every((part) => part.is_verified)
    return {
      value: values.length > 1 ? words(value) : '',
      quote: same.find(({ quote }) => quote !== null)?.quote ?? null,
      where: `${ordinalWords(ordinals)}${isVerified ? '' : '; not found in the log'}`,
      isVerified,
    }
  })
}

function ordinalWords(ordinals: readonly number[]): string {
  if (ordinals.length === 0) return 'no message named'
  const shown = ordinals.slice(0, maxOrdinals).join(', ')
  const more = ordinals.length > maxOrdinals ? ' …' : ''
  return `${ordinals.length === 1 ? 'message' : 'messages'} ${shown}${more}`
}

function countedWords(json: string | null, maxKinds: number): string | null {
  const kinds = counted(json).slice(0, maxKinds)
  return kinds.length === 0
    ? null
    : listed(kinds.map(([kind, count]) => (count > 1 ? `${words(kind)} ×${count}` : words(kind))))
}

function counted(json: string | null): [kind: string, count: number][] {
  if (json === null) return []
  return Object.entries(JSON.parse(json) as Record<string, number>)
    .filter(([, count]) => count > 0)
    .sort(([a, first], [b, second]) => second - first || (a < b ? -1 : 1))
}

function listWords(json: string | null): string | null {
  const names = json === null ? [] : (JSON.parse(json) as string[])
  return names.length === 0 ? null : listed(names)
}
