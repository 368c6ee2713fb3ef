// Whose work it was, by a model: only names that the user configured, and people only where the log names them.
import type { Weighing } from './believe.js'
import { tellsOfWork } from './proof.js'
import type { Facets } from './schema.js'

type Attribution = Pick<
  Facets,
  | 'businesses'
  | 'priority_alignment'
  | 'priority_matched'
  | 'skills_missed'
  | 'people_mentioned'
  | 'relationship_actions'
  | 'outreach_type'
>

const longestActionChars = 100

export function attributeByModel(weighing: Weighing): Attribution {
  const { answer, input, rules } = weighing
  const { businesses, priorities } = input.context
  const byRules = {
    businesses: rules.businesses,
    priority_alignment: rules.priority_alignment,
    priority_matched: rules.priority_matched,
    skills_missed: rules.skills_missed,
    people_mentioned: rules.people_mentioned,
    relationship_actions: rules.relationship_actions,
    outreach_type: rules.outreach_type,
  }
  const slugs = new Set(businesses.map(({ slug }) => slug))
  const matched = priorities.find(({ slug }) => slug === answer.priority?.matched)?.slug ?? null
  const people = peopleNamed(weighing)
  return {
    ...byRules,
    ...(answer.businesses ? { businesses: sorted(answer.businesses.filter((slug) => slugs.has(slug))) } : {}),
    ...(answer.priority ? { priority_alignment: answer.priority.alignment, priority_matched: matched } : {}),
    ...(answer.skills_missed ? { skills_missed: skillsMissed(weighing) } : {}),
    ...(answer.people
      ? {
          people_mentioned: people,
          relationship_actions: relationshipActions(weighing, people),
          outreach_type: answer.outreach ?? null,
        }
      : {}),
  }
}

function sorted(names: readonly string[]): string[] {
  return [...new Set(names)].sort()
}

/** Under the configured spelling, which may or may not begin with a slash; what was used was not missed. */
function skillsMissed({ answer, input, log, rules }: Weighing): string[] {
  const bare = (name: string): string => name.trim().replace(/^\//, '').toLowerCase()
  const used = new Set(rules.skills_used?.map(bare))
  return sorted(
    (answer.skills_missed ?? []).flatMap(({ skill, n }) => {
      const own = input.context.skills.find(({ name }) => bare(name) === bare(skill))
      return own && log.messages.has(n) && !used.has(bare(own.name))
        ? [`/${own.name.replace(/^\//, '')}`]
        : []
    }),
  )
}

/** Those the rules found in prompts, and those whom the message that the model points to names. */
function peopleNamed({ answer, input, log, rules }: Weighing): string[] {
  const found = (answer.people ?? []).flatMap(({ name, n }) => {
    const own = input.context.people.find((person) => person.name.toLowerCase() === name.trim().toLowerCase())
    const text = log.messages.get(n)?.text.toLowerCase() ?? ''
    return own && text.includes(own.name.toLowerCase()) ? [own.name] : []
  })
  return sorted([...(rules.people_mentioned ?? []), ...found])
}

function relationshipActions(
  { answer, log }: Weighing,
  people: readonly string[],
): NonNullable<Facets['relationship_actions']> {
  return (answer.relationship_actions ?? []).flatMap((said) => {
    const person = people.find((name) => name.toLowerCase() === said.person.trim().toLowerCase())
    const isProven = log.prove('relationship_actions', null, said, tellsOfWork) !== null
    if (person === undefined || !isProven || log.isInstruction(said.action)) return []
    return [{ person, action: said.action.replaceAll(/\s+/g, ' ').trim().slice(0, longestActionChars) }]
  })
}
