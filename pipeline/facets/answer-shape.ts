// What a model is asked to fill in: what needs judgement, each with the messages and words that it rests on.
import type { Config } from '../config.js'
import * as z from '../zod.js'
import {
  frictionKinds,
  goalCategories,
  helpfulnessLevels,
  outcomes,
  outreachTypes,
  priorityAlignments,
  satisfactionKinds,
  sessionTypes,
  workflowTypes,
} from './schema.js'

// No integer: its bounds would be told too, and what is none is no message's number anyway.
const ordinal = z.number()
const ground = { n: ordinal, quote: z.string() }

// Every key is required and no number bounded: some providers know no optional keys, and no bounds.
const judged = {
  underlying_goal: z.string(),
  brief_summary: z.string(),
  goals: z.array(z.object({ category: z.enum(goalCategories), prompts: z.array(ordinal) })),
  session_type: z.enum(sessionTypes),
  outcome: z.object({ value: z.enum(outcomes), ...ground }),
  helpfulness: z.enum(helpfulnessLevels),
  satisfaction: z.array(z.object({ kind: z.enum(satisfactionKinds), ...ground })),
  frictions: z.array(z.object({ kind: z.enum(frictionKinds), ...ground })),
  friction_detail: z.string().nullable(),
  corrections: z.array(z.object(ground)),
  retry_loops: z.array(z.object({ failures: z.array(ordinal) })),
  tasks: z.array(z.object({ set_by: ordinal, state: z.enum(['completed', 'abandoned', 'open']) })),
  primary_success: z.string().nullable(),
  workflow_type: z.enum(workflowTypes).nullable(),
  decisions: z.array(ordinal),
  knowledge_filed: z.array(ordinal),
  time_saved_minutes: z.number().nullable(),
}

/** Asked for only where the user's own lists are configured. */
const attributed = {
  businesses: z.array(z.string()),
  priority: z.object({ alignment: z.enum(priorityAlignments), matched: z.string().nullable() }),
  skills_missed: z.array(z.object({ skill: z.string(), n: ordinal })),
  people: z.array(z.object({ name: z.string(), n: ordinal })),
  relationship_actions: z.array(z.object({ person: z.string(), action: z.string(), ...ground })),
  outreach: z.enum(outreachTypes),
}

export type Answer = z.output<z.ZodObject<typeof judged>> & Partial<z.output<z.ZodObject<typeof attributed>>>

export function answerSchema(context: Config['context']): z.ZodType<Answer> {
  const { businesses, priorities, skills, people } = context
  const wanted = {
    businesses: businesses.length > 0,
    priority: priorities.length > 0,
    skills_missed: skills.length > 0,
    people: people.length > 0,
    relationship_actions: people.length > 0,
    outreach: people.length > 0,
  } satisfies Record<keyof typeof attributed, boolean>
  const asked = Object.entries(attributed).filter(([key]) => wanted[key as keyof typeof wanted])
  // The type cannot say that a key is asked for only where its list is configured.
  return z.object({ ...judged, ...Object.fromEntries(asked) }) as unknown as z.ZodType<Answer>
}

/** Of a part of a session that is too long for one request: what the final judgement needs to know of it. */
export const summarySchema = z.object({
  items: z.array(z.object({ ...ground, summary: z.string() })),
})

export type Summary = z.output<typeof summarySchema>
