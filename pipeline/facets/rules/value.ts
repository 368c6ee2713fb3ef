// What a session was worth: minutes that a person would have needed more, notes filed, decisions taken.
import { manualMinutes, mostMinutesByRules } from '../../manual-minutes.js'
import { evidenceFrom } from '../evidence.js'
import type { Evidence } from '../schema.js'
import { type Action, isDone } from './actions.js'
import type { Conversation } from './conversation.js'

const lookupTool = /^(?:read\w*|view|grep|glob|rg|search\w*|web_?(?:search|fetch))$/i
const longestGapMs = 5 * 60_000

/** Minutes by hand less the minutes the session was active; null where nothing was produced. */
export function estimateTimeSaved(conversation: Conversation): number | null {
  const done = conversation.actions.filter(isDone)
  const edits = done.filter(({ kind }) => kind === 'edit')
  const isProductive =
    edits.length > 0 || done.some(({ kind }) => kind === 'commit' || kind === 'pull_request')
  if (!isProductive) return null
  const { lines_added, lines_deleted } = conversation.input.session
  const commands = new Set(done.filter(isCommand).map(({ target }) => target)).size
  const lookups = new Set(done.filter(({ tool }) => lookupTool.test(tool)).map(({ target }) => target)).size
  const byHand =
    (lines_added + lines_deleted) * manualMinutes.perLine +
    new Set(edits.map(({ target }) => target)).size * manualMinutes.perFile +
    commands * manualMinutes.perCommand +
    lookups * manualMinutes.perLookup
  return Math.floor(Math.min(mostMinutesByRules, Math.max(0, byHand - activeMinutes(conversation))))
}

function isCommand({ kind }: Action): boolean {
  return kind !== 'edit' && kind !== 'other'
}

/** As everywhere: gaps between messages, each at most five minutes. */
function activeMinutes({ messages }: Conversation): number {
  const instants = messages.flatMap(({ at }) => (at === null ? [] : [Date.parse(at)])).sort((a, b) => a - b)
  const gaps = instants
    .slice(1)
    .map((instant, i) => Math.min(longestGapMs, instant - (instants[i] ?? instant)))
  return gaps.reduce((sum, gap) => sum + gap, 0) / 60_000
}

const noteFile = /\.(?:mdx?|rst|adoc|org)$|(?:^|[/\\])(?:notes?|docs?)[/\\][^/\\]+\.txt$/i
const noNote = /(?:^|[/\\])(?:node_modules|fixtures?|testdata|vendor)[/\\]/i
const noteTool = /^mcp__.*(?:notion|obsidian|memory|notes?|wiki|confluence|document).*$/i
const filing = /(?:create|add|append|write|save|update|store)/i

/** Notes and documents written, each counted once. */
export function countFiledNotes({ actions }: Conversation): number {
  const filed = actions.filter(
    (action) =>
      isDone(action) &&
      (action.kind === 'edit'
        ? noteFile.test(action.target) && !noNote.test(action.target)
        : noteTool.test(action.tool) && filing.test(action.tool)),
  )
  return new Set(filed.map(({ target }) => target)).size
}

export interface Decisions {
  readonly count: number
  readonly evidence: readonly Evidence[]
}

const pick =
  /^(?:(?:ok|okay|yes|yeah|hm+|great|sure)[,.]*\s+)*(?:option\s+\w+|[a-d1-9](?:[.)]|\b)\s*$|(?:i (?:like|prefer|choose|pick|want)|let['’]?s (?:go with|use|take|do|pick)|go with|use|take)\s+(?:the\s+)?(?:option|approach|variant|number|first|second|third|last|former|latter)\b)/i
const offered = /\b(?:option|approach|variant|alternative)s?\b|^\s*(?:[1-3a-c][.)]|\*\*[1-3A-C])/im

/** A person chose between what was offered, or approved a plan. */
export function findDecisions(conversation: Conversation): Decisions {
  const answered = conversation.actions.filter(
    (action) =>
      (action.tool === 'AskUserQuestion' || /^exit_?plan_?mode$/i.test(action.tool)) && isDone(action),
  )
  const picked = conversation.prompts.filter(
    ({ text, message }) => pick.test(text) && offered.test(wordsBefore(conversation, message.ordinal)),
  )
  const grounds = [
    ...answered.flatMap((action) =>
      Array.from({ length: questionCount(action) }, () => action.answer ?? action.call),
    ),
    ...picked.map(({ message }) => message),
  ].sort((a, b) => a.ordinal - b.ordinal)
  return {
    count: grounds.length,
    evidence: [...new Set(grounds)].map((message) => evidenceFrom('decisions_made', null, [message])),
  }
}

function questionCount({ input }: Action): number {
  return Array.isArray(input.questions) ? Math.max(1, input.questions.length) : 1
}

function wordsBefore({ messages }: Conversation, ordinal: number): string {
  return messages.findLast((m) => m.ordinal < ordinal && m.role === 'assistant' && m.text !== '')?.text ?? ''
}
