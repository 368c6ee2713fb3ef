// Evidence that can be checked: where in the conversation a judgement rests, and whether its words are there.
import type { Transcript, TranscriptMessage } from '../transcript.js'
import type { Evidence, Facets } from './schema.js'

export const maxQuoteChars = 120
// What Claude Code writes in a person's name.
const refusalNotice =
  /^(?:<tool_use_error>)?The user (?:doesn['’]t|does not) want to (?:proceed|take this action)/i

/** Evidence resting on one or more messages, quoting the first of them. */
export function evidenceFrom(
  field: keyof Facets,
  value: string | null,
  messages: readonly TranscriptMessage[],
): Evidence {
  return {
    field,
    ...(value === null ? {} : { value }),
    ordinals: messages.map((message) => message.ordinal),
    quote: quoteFrom(messages[0]?.text ?? ''),
    is_verified: false,
  }
}

/** The reason that a person gave with a refusal. */
export function refusalReason(answer: string): string | null {
  return /the user said:\s*\n?([^\n]+)/.exec(answer)?.[1] ?? null
}

/** The first line that says something, cut at a word, verbatim; of a refusal only the person's own words. */
export function quoteFrom(text: string): string | null {
  const said = refusalNotice.test(text) ? (refusalReason(text) ?? '') : text
  const line = said.split('\n').find((candidate) => /\p{L}/u.test(candidate))
  return line ? cutAtWord(line.trim(), maxQuoteChars) : null
}

/** The text's beginning, at most so many characters, ending with a whole word where there is one. */
export function cutAtWord(text: string, maxChars: number): string {
  if (text.length <= maxChars) return text
  const head = text.slice(0, maxChars + 1)
  const space = head.search(/\s\S*$/)
  return (space > maxChars / 2 ? head.slice(0, space) : wholeCharacters(head.slice(0, maxChars))).trimEnd()
}

function wholeCharacters(text: string): string {
  return text.replace(/[\uD800-\uDBFF]$/, '')
}

/** Marks what the log bears out, and drops a quote that stands in none of the messages it names. */
export function verifyEvidence(facets: Facets, transcript: Transcript): Facets {
  const texts = new Map(transcript.messages.map((message) => [message.ordinal, message.text]))
  return { ...facets, evidence: facets.evidence.map((evidence) => verified(evidence, texts)) }
}

function verified(evidence: Evidence, texts: ReadonlyMap<number, string>): Evidence {
  const { quote } = evidence
  const areThere = evidence.ordinals.length > 0 && evidence.ordinals.every((ordinal) => texts.has(ordinal))
  if (quote === null) return { ...evidence, is_verified: areThere }
  const isQuoted = evidence.ordinals.some((ordinal) => texts.get(ordinal)?.includes(quote))
  return { ...evidence, quote: isQuoted ? quote : null, is_verified: areThere && isQuoted }
}
