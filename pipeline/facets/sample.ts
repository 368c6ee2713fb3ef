// A transcript cut down to a budget of characters: every prompt, errors and refusals, the opening, the end; gaps are said.
import type { ClearedCall, ClearedMessage, ClearedTranscript } from './clear-transcript.js'
import { encode, type FramedMessage, frameGap, frameMessage } from './frame.js'

/** Lines for one frame. */
export type Lines = readonly string[]

export interface SamplePart {
  readonly first: number
  readonly last: number
  readonly lines: Lines
  readonly messages: readonly ClearedMessage[]
}

export type Sample =
  | { readonly kind: 'whole'; readonly lines: Lines }
  /** What people said and what failed does not fit: each part is summarised first. */
  | {
      readonly kind: 'parts'
      readonly parts: readonly SamplePart[]
      readonly opening: Lines
      readonly end: Lines
    }

interface Unit {
  readonly ordinals: readonly number[]
  readonly line: string
  /** 0 must be there; then the lower the sooner. */
  readonly rank: number
  readonly cost: number
}

const longest = { prompt: 4000, error: 500, note: 200, spoken: 600, closing: 2400, target: 140, result: 120 }
/** The longest line that says what is left out, and the line breaks. */
const gapChars = 50
const openingUnits = 4
const endUnits = 6
const openingShare = 0.2
const endShare = 0.25

export function sampleTranscript(transcript: ClearedTranscript, maxChars: number): Sample {
  const units = readUnits(transcript.messages, maxChars)
  const ordinals = transcript.messages.map(({ ordinal }) => ordinal)
  const mustCost = sumOf(units.filter(({ rank }) => rank === 0))
  if (mustCost <= maxChars) return { kind: 'whole', lines: fillLines(units, ordinals, maxChars) }
  return {
    kind: 'parts',
    parts: splitUnits(units, maxChars).map((part) => partOf(part, transcript.messages, maxChars)),
    opening: edgeLines(units, maxChars * openingShare),
    end: edgeLines([...units].reverse(), maxChars * endShare).toReversed(),
  }
}

/** One unit for each message to be shown; a tool's answer that went well is shown with its call. */
function readUnits(messages: readonly ClearedMessage[], maxChars: number): Unit[] {
  const answers = new Map(messages.map((message) => [message.ordinal, message]))
  const shown = messages.filter((message) => !isQuiet(message))
  return shown.map((message, i) => {
    const isEdge = i < openingUnits || i >= shown.length - endUnits
    const reacts = shown[i + 1]?.role === 'human' || shown[i - 1]?.role === 'human'
    const rank = rankOf(message, isEdge, reacts)
    const isLast = i >= shown.length - 2
    const longestChars = Math.floor(Math.min(longestFor(message, isLast, rank), maxChars / 6))
    const quiet = message.calls.flatMap(({ answerOrdinal }) => {
      const answer = answerOrdinal === null ? undefined : answers.get(answerOrdinal)
      return answer && isQuiet(answer) ? [answer] : []
    })
    const line = lineOf(message, quiet, longestChars)
    const ordinals = [message.ordinal, ...quiet.map(({ ordinal }) => ordinal)]
    return { ordinals, line, rank, cost: line.length + gapChars }
  })
}

function isQuiet({ role, answers }: ClearedMessage): boolean {
  return role === 'tool' && answers?.end === 'ok'
}

function rankOf({ role, text, calls }: ClearedMessage, isEdge: boolean, reacts: boolean): number {
  if (role === 'human' || role === 'note' || role === 'tool') return 0
  if (isEdge) return 1
  if (reacts) return 2
  if (calls.some(({ isRun }) => isRun)) return 3
  return text.trim() === '' ? 5 : 4
}

function longestFor({ role }: ClearedMessage, isLast: boolean, rank: number): number {
  if (role === 'human') return longest.prompt
  if (role === 'tool') return longest.error
  if (role === 'note') return longest.note
  if (isLast) return longest.closing
  return rank <= 2 ? longest.spoken * 2 : longest.spoken
}

const speakers = { human: 'person', assistant: 'agent', tool: 'tool', note: 'log' } as const

function lineOf(message: ClearedMessage, quiet: readonly ClearedMessage[], maxChars: number): string {
  const { answers, calls, ordinal, role } = message
  const shown: FramedMessage = {
    ordinal,
    from: speakers[role],
    text: excerpt(message.text.trim(), maxChars),
    ...(role === 'tool' && answers ? { call: callLine(answers), result: answers.end } : {}),
    calls: mostCalls(
      calls.map((call) => `${callLine(call)} → ${endLine(call, quiet)}`),
      maxChars,
    ),
  }
  return frameMessage(shown)
}

/** An agent may call many tools at once. */
function mostCalls(lines: readonly string[], maxChars: number): string[] {
  const kept = lines.filter(
    (_, i) => sumLength(lines.slice(0, i + 1)) <= Math.max(maxChars, longest.target * 4),
  )
  return kept.length === lines.length ? kept : [...kept, `[${lines.length - kept.length} more calls]`]
}

function callLine({ tool, target }: ClearedCall): string {
  return excerpt(`${tool}: ${target}`, longest.target)
}

/** How the call ended and in which message; of a command, also the last line of what it printed. */
function endLine(call: ClearedCall, quiet: readonly ClearedMessage[]): string {
  const { answerOrdinal, end, isRun } = call
  if (answerOrdinal === null) return 'no answer in the log'
  const answer = quiet.find(({ ordinal }) => ordinal === answerOrdinal)
  const lastLine = isRun ? answer?.text.split('\n').findLast((line) => /[\p{L}\p{N}]/u.test(line)) : undefined
  return `${end} [${answerOrdinal}]${lastLine ? ` ${excerpt(lastLine.trim(), longest.result)}` : ''}`
}

/** Head and tail; what lies between is counted. Measured as it is written, escapes included. */
export function excerpt(text: string, maxChars: number): string {
  for (let length = maxChars; length > 0; length = Math.floor(length * 0.7)) {
    const cut = cutMiddle(text, length)
    if (encode(cut).length - 2 <= maxChars) return cut
  }
  return ''
}

function cutMiddle(text: string, maxChars: number): string {
  if (text.length <= maxChars) return text
  const room = maxChars - ' [… 1,000,000 characters left out …] '.length
  if (room < 20) return `${wellFormed(text.slice(0, Math.max(0, maxChars - 1)))}…`
  const headChars = Math.ceil(room * 0.7)
  const head = text.slice(0, headChars)
  const tail = text.slice(text.length - (room - headChars))
  return wellFormed(`${head} [… ${text.length - room} characters left out …] ${tail}`)
}

/** Without the half of a character that was cut in two. */
function wellFormed(text: string): string {
  return text.replaceAll(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g, '')
}

/** All that must be there, then by rank and the later first as long as there is room, in the log's order. */
function fillLines(units: readonly Unit[], ordinals: readonly number[], maxChars: number): string[] {
  const chosen = new Set<Unit>()
  let left = maxChars - gapChars
  const byRank = units.map((unit, i) => ({ unit, i })).sort((a, b) => a.unit.rank - b.unit.rank || b.i - a.i)
  for (const { unit } of byRank)
    if (unit.rank === 0 || unit.cost <= left) {
      chosen.add(unit)
      left -= unit.cost
    }
  return linesWithGaps(
    units.filter((unit) => chosen.has(unit)),
    ordinals,
  )
}

function linesWithGaps(units: readonly Unit[], ordinals: readonly number[]): string[] {
  const shown = new Set(units.flatMap((unit) => unit.ordinals))
  const byFirst = new Map(units.map((unit) => [unit.ordinals[0], unit.line]))
  const lines: string[] = []
  let gap: number[] = []
  const closeGap = (): void => {
    if (gap.length > 0) lines.push(frameGap(gap))
    gap = []
  }
  for (const ordinal of ordinals) {
    const line = byFirst.get(ordinal)
    if (!shown.has(ordinal)) gap.push(ordinal)
    else if (line !== undefined) {
      closeGap()
      lines.push(line)
    }
  }
  closeGap()
  return lines
}

/** Runs of units in which all that must be there fits; no unit alone is longer than a sixth of the budget. */
function splitUnits(units: readonly Unit[], maxChars: number): Unit[][] {
  const parts: Unit[][] = [[]]
  let left = maxChars - gapChars
  for (const unit of units) {
    const cost = unit.rank === 0 ? unit.cost : 0
    if (cost > left) {
      parts.push([])
      left = maxChars - gapChars
    }
    parts.at(-1)!.push(unit)
    left -= cost
  }
  return parts
}

function partOf(units: readonly Unit[], all: readonly ClearedMessage[], maxChars: number): SamplePart {
  const held = new Set(units.flatMap(({ ordinals }) => ordinals))
  const messages = all.filter(({ ordinal }) => held.has(ordinal))
  const ordinals = messages.map(({ ordinal }) => ordinal)
  return {
    first: Math.min(...ordinals),
    last: Math.max(...ordinals),
    lines: fillLines(units, ordinals, maxChars),
    messages,
  }
}

function edgeLines(units: readonly Unit[], maxChars: number): string[] {
  let left = maxChars
  const fitting = units.findIndex(({ line }) => {
    left -= line.length + 1
    return left < 0
  })
  return units.slice(0, Math.max(1, fitting === -1 ? units.length : fitting)).map(({ line }) => line)
}

function sumOf(units: readonly Unit[]): number {
  return units.reduce((sum, { cost }) => sum + cost, gapChars)
}

function sumLength(lines: readonly string[]): number {
  return lines.reduce((sum, line) => sum + line.length, 0)
}
