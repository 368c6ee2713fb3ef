// One line on what was wanted and one or two sentences on what came of it, made of the session's own facts.
import { cutAtWord } from '../evidence.js'
import type { FrictionKind, Outcome, OutcomeReason, PivotTrigger } from '../schema.js'
import { isDone } from './actions.js'
import type { Conversation } from './conversation.js'
import type { Corrections } from './corrections.js'
import type { Frictions } from './frictions.js'
import type { JudgedOutcome } from './outcome.js'

const longestGoalChars = 140

/** The title if the session has one, else the first prompt that says something, shortened at a word. */
export function underlyingGoal({ input, prompts }: Conversation): string | null {
  const title = input.transcript.title?.trim()
  if (title) return shortened(title)
  const worded = prompts.filter(({ text, kind }) => kind !== 'go' && /\p{L}{3}/u.test(text))
  const telling = worded.find(({ text }) => /\p{L}+\s+\S*\p{L}+/u.test(text)) ?? worded[0]
  return telling ? shortened(openingLine(telling.text)) : null
}

function openingLine(text: string): string {
  const plan = /^implement the following plan:\s*#+\s*([^\n]+)/i.exec(text)?.[1]
  const lines = text.split('\n').filter((line) => /\p{L}{3}/u.test(line))
  const line = plan ?? (lines[0]?.trimEnd().endsWith(':') ? lines.slice(0, 2).join(' ') : lines[0]) ?? text
  return line
    .replace(/^[\s#>*❯•$-]+/, '')
    .replaceAll(/\s+/g, ' ')
    .trim()
}

function shortened(line: string): string {
  const cut = cutAtWord(line, longestGoalChars)
  return cut === line ? line : `${cut.replace(/[\s,;:.]+$/, '')}…`
}

const endings: Readonly<Record<Outcome, string>> = {
  fully_achieved: 'It ended with the goal reached',
  mostly_achieved: 'It ended with most of the goal reached',
  partially_achieved: 'It ended with part of the goal reached',
  not_achieved: 'It ended without a result',
  unclear_from_transcript: 'How it ended is not known',
}

const reasonWords: Readonly<Record<OutcomeReason, string>> = {
  stopped_by_user: 'the user stopped it',
  log_ends_midway: 'the log ends in the middle of the work',
  request_unanswered: 'the last request was left without an answer',
  failure_admitted: 'the agent said that something did not work or was not checked',
  tests_failing: 'the last test run failed',
  check_failing: 'the last build or check failed',
  failure_unanswered: 'the last reported failure was left as it was',
  fix_unchecked: 'the last reported failure was mended but not checked',
  steps_announced: 'the agent announced a step that it did not take',
  choice_open: 'the agent left a choice open',
  tasks_open: 'tasks on the agent’s own list were still waiting',
}

/** Numbers and enumerations only, so that it may stand under every privacy setting. */
export function briefSummary(conversation: Conversation, { outcome, reasons }: JudgedOutcome): string {
  const work = workDone(conversation)
  const count = conversation.input.session.prompt_count
  const asked = `${count > 0 ? `Asked ${times(count)}` : 'Nothing was asked'}; ${work.length > 0 ? listed(work) : 'no file was changed'}.`
  const why = reasons.slice(0, 2).map((reason) => reasonWords[reason])
  return `${asked} ${endings[outcome]}${why.length > 0 ? `: ${listed(why)}` : ''}.`
}

function workDone({ actions, input }: Conversation): string[] {
  const edits = new Set(actions.filter((a) => a.kind === 'edit' && isDone(a)).map(({ target }) => target))
    .size
  const done = (kind: string): number =>
    actions.filter((action) => action.kind === kind && isDone(action)).length
  const lastTest = actions.findLast(({ kind }) => kind === 'test')
  const { lines_added, lines_deleted } = input.session
  const lines = lines_added + lines_deleted > 0 ? ` (+${lines_added} −${lines_deleted} lines)` : ''
  return [
    ...(edits > 0 ? [`changed ${counted(edits, 'file')}${lines}`] : []),
    ...(lastTest?.answer && !lastTest.isRejected
      ? [lastTest.isFailing ? 'left tests failing' : 'saw tests pass']
      : []),
    ...(done('commit') > 0 ? [`committed ${times(done('commit'))}`] : []),
    ...(done('push') > 0 ? ['pushed'] : []),
    ...(done('pull_request') > 0 ? [`opened ${counted(done('pull_request'), 'pull request')}`] : []),
  ]
}

const frictionWords: Readonly<Record<FrictionKind, string>> = {
  wrong_approach: 'wrong approach',
  misunderstood_request: 'misunderstood request',
  buggy_code: 'buggy code',
  tool_limitation: 'tool limitation',
  excessive_changes: 'excessive changes',
  user_rejected_action: 'rejected action',
  loop_detected: 'retry loop',
  environment_issue: 'environment issue',
  no_results: 'search without results',
}

/** Kinds, counts and where to look; null where nothing went wrong. */
export function frictionDetail({ counts, evidence }: Frictions): string | null {
  const parts = Object.entries(counts).map(([kind, count]) => {
    const ordinals = evidence.filter(({ value }) => value === kind).flatMap((item) => item.ordinals)
    const where = `message${ordinals.length > 1 ? 's' : ''} ${ordinals.slice(0, 3).join(', ')}${ordinals.length > 3 ? ', …' : ''}`
    return `${frictionWords[kind as FrictionKind]} ×${count} (${where})`
  })
  return parts.length > 0 ? parts.join('; ') : null
}

/** What made the session change course first. */
export function pivotTrigger(conversation: Conversation, corrections: Corrections): PivotTrigger | null {
  const [first] = corrections.messages
  if (!first) return null
  if (first.role === 'tool') return 'rejected_action'
  const prompt = conversation.prompts.find(({ message }) => message.ordinal === first.ordinal)
  return prompt?.followsStop ? 'interruption' : 'correction'
}

function times(count: number): string {
  return count === 1 ? 'once' : count === 2 ? 'twice' : `${count} times`
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

function listed(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`
}
