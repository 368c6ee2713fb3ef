// What was done with the people whom the user named in the settings: writing to them, answering, meeting.
import type { TranscriptMessage } from '../../transcript.js'
import { evidenceFrom } from '../evidence.js'
import type { Evidence, Facets, Outreach } from '../schema.js'
import type { Conversation } from './conversation.js'
import { namePattern } from './words.js'

export interface Relations {
  readonly actions: Facets['relationship_actions']
  readonly outreach: Outreach | null
  readonly evidence: readonly Evidence[]
}

interface Relation {
  readonly person: string
  readonly action: string
  readonly message: TranscriptMessage
}

const between = String.raw`[^.!?\n]{0,30}?`
/** Each kind of action with the words that lead up to the name; the first that fits counts. */
const leadingWords: readonly (readonly [string, string])[] = [
  [
    'reply',
    String.raw`\b(?:repl(?:y|ies|ied|ying)|respond\w*|response|answer(?:s|ed|ing)?|get(?:ting)? back)\b${between}`,
  ],
  [
    'follow_up',
    String.raw`\b(?:follow(?:ed|ing)?[- ]?ups?|check(?:ed|ing)? in|nudg\w+|remind\w*)\b${between}`,
  ],
  [
    'meeting',
    String.raw`\b(?:meet(?:s|ing|ings)?|met|call|coffee|lunch|1:1|one[- ]on[- ]one|appointment)\b${between}\b(?:with|for)\s+`,
  ],
  ['introduce', String.raw`\bintro(?:duc\w+)?\b${between}`],
  ['invite', String.raw`\binvit\w+\s+`],
  ['thank', String.raw`\b(?:thank(?:s|ed|ing)?|thank[- ]you)\b${between}`],
  [
    'message',
    String.raw`\b(?:(?:e-?mail|mail|message|text|ping|contact)(?:s|ed|ing)?|dm|send|sent)\s+(?:to\s+)?|\b(?:e-?mail|message|letter|note|writ(?:e|ing)|wrote|send(?:ing)?|sent|reach(?:ed|ing)? out)\b${between}\bto\s+`,
  ],
]
const trailingWords = String.raw`['’]?s?\s+(?:has |have |had |just )?(?:wrote|written|e-?mailed|messaged|replied|answered|asked|asks|sent|wants to know|called)\b`

export function findRelations(conversation: Conversation): Relations {
  const { people } = conversation.input.context
  if (people.length === 0) return { actions: null, outreach: null, evidence: [] }
  const found = people.flatMap(({ name }) => relationsWith(conversation, name))
  const distinct = new Map(found.map((relation) => [`${relation.person} ${relation.action}`, relation]))
  const relations = [...distinct.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, relation]) => relation)
  return {
    actions: relations.map(({ person, action }) => ({ person, action })),
    outreach: outreachOf(conversation, relations),
    evidence: relations.map(({ action, message }) => evidenceFrom('relationship_actions', action, [message])),
  }
}

function relationsWith({ prompts }: Conversation, person: string): Relation[] {
  const name = namePattern(person)
  if (name === null) return []
  return prompts.flatMap(({ text, message }) => {
    const hasWritten = new RegExp(name + trailingWords, 'iu').test(text)
    const action = leadingWords.find(([, words]) => new RegExp(`(?:${words})${name}`, 'iu').test(text))?.[0]
    return [...(hasWritten ? ['received'] : []), ...(action ? [action] : [])].map((kind) => ({
      person,
      action: kind,
      message,
    }))
  })
}

/** Whoever answers reacts; whoever writes unasked reaches out; a headless session does neither by hand. */
function outreachOf({ input }: Conversation, relations: readonly Relation[]): Outreach {
  const isOutgoing = relations.some(({ action }) => action !== 'received')
  if (!isOutgoing) return relations.length > 0 ? 'reactive' : 'none'
  if (input.session.entrypoint?.startsWith('sdk')) return 'automated'
  return relations.some(({ action }) => action === 'reply' || action === 'received')
    ? 'reactive'
    : 'proactive'
}
