// Whether the log bears out what a model says: the words must stand in the message, and must not be an instruction.

import { escapeRegExp } from '../escape.js'
import type { TranscriptMessage } from '../transcript.js'
import type { ClearedMessage, ClearedTranscript } from './clear-transcript.js'
import { cutAtWord, maxQuoteChars, refusalReason } from './evidence.js'
import { instructionPassages, repeats } from './planted-instructions.js'
import type { FacetInput } from './provider.js'
import type { Evidence, Facets } from './schema.js'

export interface Said {
  readonly n: number
  readonly quote: string
}

export interface Log {
  readonly messages: ReadonlyMap<number, ClearedMessage>
  /** What reads as an instruction to a model, anywhere in the log. */
  readonly passages: readonly string[]
  /** The evidence for it, or null. The quote is of the log as it was written, not as it was sent. */
  prove(
    field: keyof Facets,
    value: string | null,
    said: Said,
    mayRestOn: (message: ClearedMessage) => boolean,
  ): Evidence | null
  /** Whether the words are, or repeat, such a passage. */
  isInstruction(words: string): boolean
}

export function readLog({ transcript }: FacetInput, cleared: ClearedTranscript): Log {
  const originals = new Map(transcript.messages.map((message) => [message.ordinal, message]))
  const messages = new Map(cleared.messages.map((message) => [message.ordinal, message]))
  const passages = [
    ...instructionPassages(cleared.title ?? '', false),
    ...cleared.messages.flatMap((message) => [...message.passages, ...passagesInCalls(message)]),
  ]
  const isInstruction = (words: string): boolean =>
    instructionPassages(words, false).length > 0 || repeats(words, passages)
  return {
    messages,
    passages,
    isInstruction,
    prove: (field, value, { n, quote }, mayRestOn) => {
      const [message, original] = [messages.get(n), originals.get(n)]
      const words = bare(quote)
      if (!message || !original || !mayRestOn(message)) return null
      if (!isTelling(words, message) || isInstruction(words)) return null
      return {
        field,
        ...(value === null ? {} : { value }),
        ordinals: [n],
        quote: quoteOf(words, original),
        is_verified: false,
      }
    },
  }
}

function passagesInCalls({ calls }: ClearedMessage): string[] {
  return calls.flatMap(({ target }) => instructionPassages(target, false))
}

/** Without the quotation marks and dots that models like to put around what they quote. */
function bare(quote: string): string {
  return quote.trim().replaceAll(/^(?:["'“”‘’`]|…|\.{3})+\s*|\s*(?:["'“”‘’`]|…|\.{3})+$/g, '')
}

const fewestLetters = 6

/** It stands in the message, word for word, and is more than a crumb of it. */
function isTelling(words: string, message: ClearedMessage): boolean {
  const count = lettersOf(words).length
  if (count === 0 || !patternOf(words).test(message.text)) return false
  return count >= fewestLetters || count === lettersOf(message.text).length
}

function lettersOf(text: string): string {
  return text.replaceAll(/[^\p{L}\p{N}]+/gu, '')
}

/** The same words, whatever white space is between them, and no parts of words at the ends. */
function patternOf(words: string): RegExp {
  const escaped = words.split(/\s+/).map(escapeRegExp)
  return new RegExp(String.raw`(?<![\p{L}\p{N}])${escaped.join(String.raw`\s+`)}(?![\p{L}\p{N}])`, 'u')
}

/** As the log has it; where something was cleared from the quote, the longest piece that was not. */
function quoteOf(words: string, original: TranscriptMessage): string | null {
  const pieces = words
    .split(/\[secret\]|~/)
    .map((piece) => piece.trim())
    .filter((piece) => lettersOf(piece).length >= fewestLetters || piece === words)
    .sort((a, b) => b.length - a.length)
  for (const piece of pieces) {
    const found = patternOf(piece).exec(original.text)?.[0]
    if (found !== undefined) return cutAtWord(found, maxQuoteChars)
  }
  return null
}

export const isHuman = ({ role }: ClearedMessage): boolean => role === 'human'

/** A person refused it and said why. */
export const isReasonedRefusal = ({ role, answers, text }: ClearedMessage): boolean =>
  role === 'tool' && answers?.end === 'refused' && refusalReason(text) !== null

/** What a tool read from a file or page tells nothing about how the work went; what a command printed does. */
export const tellsOfWork = ({ role, answers }: ClearedMessage): boolean =>
  role !== 'tool' || answers === null || answers.end !== 'ok' || answers.isRun
