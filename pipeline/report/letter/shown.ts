// Which of the letter's rows may be told: only businesses, priorities, skills and people that the user named.
import type { Config } from '../../config.js'
import type { ReportRows } from '../data.js'
import type { LetterRows } from './rows.js'

type Limited = Pick<
  LetterRows,
  | 'attention_by_business'
  | 'project_changes'
  | 'priority_alignment'
  | 'priorities'
  | 'skills'
  | 'relationship_pulse'
  | 'relationship_actions'
>

/** What facets name beyond `context:` is not told, however they came by it. */
export function shownLetterRows(
  rows: ReportRows,
  { context, privacy }: Pick<Config, 'context' | 'privacy'>,
  project: (path: string | null) => string | null,
): Limited {
  const businesses = new Set(context.businesses.map(({ slug }) => slug))
  const priorities = new Set(context.priorities.map(({ slug }) => slug))
  const skills = new Set(context.skills.map(({ name }) => slashed(name)))
  const people = new Set(context.people.map(({ name }) => name))
  return {
    attention_by_business: rows.attention_by_business.filter(({ business }) => businesses.has(business)),
    project_changes: rows.project_changes.map((row) => ({ ...row, project: project(row.project) })),
    priority_alignment: priorities.size > 0 ? rows.priority_alignment : [],
    priorities: rows.priorities.filter(({ priority_matched }) => priorities.has(priority_matched)),
    skills: rows.skills
      .map((row) => ({ ...row, skill_name: slashed(row.skill_name) }))
      // Who named none is told which they used; the names are the logs', and so content.
      .filter(({ skill_name }) => (skills.size > 0 ? skills.has(skill_name) : privacy.content !== 'none')),
    relationship_pulse: rows.relationship_pulse.filter(({ person }) => people.has(person)),
    relationship_actions: rows.relationship_actions
      .filter(({ person }) => people.has(person))
      // What was done is in a model's own words.
      .map((row) => (privacy.content === 'none' ? { ...row, relationship_action: null } : row)),
  }
}

/** Of a skill that no session used or missed. */
export const noSkillUse = {
  used_count: 0,
  missed_count: 0,
  previous_used_count: 0,
  previous_missed_count: 0,
}

export function slashed(name: string): string {
  return name.startsWith('/') ? name : `/${name}`
}
