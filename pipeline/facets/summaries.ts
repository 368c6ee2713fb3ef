// The summaries of a long session's parts, as lines for the final judgement: with true ordinals and words that are there.
import type { Summary } from './answer-shape.js'
import type { ClearedMessage } from './clear-transcript.js'
import { frameMessage } from './frame.js'
import { type Log, tellsOfWork } from './proof.js'
import { excerpt, type SamplePart } from './sample.js'

const longestSummaryChars = 240
const promptChars = 160

/** One line for each item that the log bears out, and for each prompt that the summary passes over. */
export function summaryLines(part: SamplePart, summary: Summary, log: Log, maxChars: number): string[] {
  const byOrdinal = new Map(part.messages.map((message) => [message.ordinal, message]))
  const told = new Map<number, string>()
  for (const item of summary.items) {
    const message = byOrdinal.get(item.n)
    // The field does not matter here: it is the words that have to be there.
    const proven = log.prove('brief_summary', null, item, tellsOfWork)
    if (!message || proven === null || log.isInstruction(item.summary) || told.has(item.n)) continue
    told.set(item.n, lineOf(message, item.summary, item.quote))
  }
  for (const message of part.messages)
    if (message.role === 'human' && !told.has(message.ordinal)) told.set(message.ordinal, promptLine(message))
  const lines = [...told].sort(([a], [b]) => a - b)
  return withinBudget(
    lines,
    new Set(part.messages.filter(({ role }) => role === 'human').map(({ ordinal }) => ordinal)),
    maxChars,
  )
}

const speakers = { human: 'person', assistant: 'agent', tool: 'tool', note: 'log' } as const

function lineOf(message: ClearedMessage, summary: string, quote: string): string {
  return frameMessage({
    ordinal: message.ordinal,
    from: speakers[message.role],
    summary: excerpt(summary.replaceAll(/\s+/g, ' ').trim(), longestSummaryChars),
    text: excerpt(quote, promptChars),
    ...(message.answers ? { result: message.answers.end } : {}),
  })
}

function promptLine({ ordinal, text }: ClearedMessage): string {
  return frameMessage({ ordinal, from: 'person', text: excerpt(text.trim(), promptChars) })
}

/** What people said goes last, when there is too much; the number of items left out is said. */
function withinBudget(
  lines: readonly (readonly [number, string])[],
  humans: ReadonlySet<number>,
  maxChars: number,
): string[] {
  const kept = new Set<number>()
  let left = maxChars - droppedLine(lines.length).length - 1
  const byWorth = [...lines].sort(([a], [b]) => Number(humans.has(b)) - Number(humans.has(a)) || a - b)
  for (const [ordinal, line] of byWorth)
    if (line.length + 1 <= left) {
      kept.add(ordinal)
      left -= line.length + 1
    }
  const shown = lines.flatMap(([ordinal, line]) => (kept.has(ordinal) ? [line] : []))
  const dropped = lines.length - shown.length
  return dropped === 0 ? shown : [...shown, droppedLine(dropped)]
}

function droppedLine(count: number): string {
  return JSON.stringify(`[${count} summarised messages left out]`)
}
