// Whose work it was: the user's own businesses, priorities and people, never any that they did not name.
import type { Facets } from '../schema.js'
import type { Conversation } from './conversation.js'
import { namePattern } from './words.js'

type Attribution = Pick<
  Facets,
  'projects' | 'businesses' | 'priority_alignment' | 'priority_matched' | 'people_mentioned'
>

export function attribute(conversation: Conversation): Attribution {
  const { context, session } = conversation.input
  const words = conversation.prompts.map(({ text }) => text).join('\n')
  const project = session.project === null ? null : baseName(session.project)
  const businesses = context.businesses
    .filter(({ name, projects }) => (project !== null && projects.includes(project)) || names(words, name))
    .map(({ slug }) => slug)
  const priority = context.priorities.find(({ slug, name }) => names(words, name) || slug === project)
  return {
    projects: project === null ? null : [project],
    businesses: context.businesses.length > 0 ? businesses.sort() : null,
    priority_alignment:
      context.priorities.length === 0
        ? null
        : priority
          ? 'aligned'
          : businesses.length > 0
            ? 'supportive'
            : 'neutral',
    priority_matched: priority?.slug ?? null,
    people_mentioned:
      context.people.length > 0
        ? context.people
            .map(({ name }) => name)
            .filter((name) => names(words, name))
            .sort()
        : null,
  }
}

function baseName(path: string): string {
  return path.split(/[/\\]/).findLast((part) => part !== '') ?? path
}

/** The name as whole words, whatever the case. */
function names(text: string, name: string): boolean {
  const pattern = namePattern(name)
  return pattern !== null && new RegExp(pattern, 'iu').test(text)
}
