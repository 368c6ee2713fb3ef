// A transcript as it may leave the machine: no secrets, no home paths, no invisible characters, each call on one line.
import { clearSecrets, shortenHomePaths } from '../clear.js'
import type { Config } from '../config.js'
import type { TranscriptMessage } from '../transcript.js'
import { instructionPassages, withoutInvisible } from './planted-instructions.js'
import type { FacetInput } from './provider.js'
import { type Action, actionsOf } from './rules/actions.js'

export type ClearingConfig = Pick<Config, 'home' | 'privacy' | 'secrets'>

export interface ClearedCall {
  readonly tool: string
  /** The file, command or query, on one line. */
  readonly target: string
  readonly end: 'ok' | 'failed' | 'refused' | 'open'
  /** Runs a command, so that its output says how it went. */
  readonly isRun: boolean
  readonly answerOrdinal: number | null
}

export interface ClearedMessage {
  readonly ordinal: number
  readonly role: TranscriptMessage['role']
  readonly text: string
  /** On `assistant`: what it called. */
  readonly calls: readonly ClearedCall[]
  /** On `tool`: the call that it answers, where the log has it. */
  readonly answers: ClearedCall | null
  /** What in it reads as an instruction to a model. */
  readonly passages: readonly string[]
}

export interface ClearedTranscript {
  readonly title: string | null
  /** The last part of its path. */
  readonly project: string | null
  readonly messages: readonly ClearedMessage[]
}

export function clearTranscript(
  { session, transcript }: FacetInput,
  config: ClearingConfig,
): ClearedTranscript {
  const clear = (text: string): string => clearText(text, config)
  // Cleared whole before anything is cut: half a secret looks like none.
  const messages = transcript.messages.map((message) => clearMessage(message, clear))
  const actions = actionsOf(messages)
  const calls = actions.map((action) => ({ by: action.call.ordinal, call: callOf(action, clear) }))
  const answered = new Map(calls.map(({ call }) => [call.answerOrdinal, call]))
  return {
    title: transcript.title === null ? null : clear(transcript.title),
    project: session.project === null ? null : (clear(session.project).split(/[/\\]/).at(-1) ?? null),
    messages: messages.map(({ ordinal, role, text }) => ({
      ordinal,
      role,
      text,
      calls: calls.flatMap(({ by, call }) => (by === ordinal ? [call] : [])),
      answers: role === 'tool' ? (answered.get(ordinal) ?? null) : null,
      passages: instructionPassages(text, role === 'human'),
    })),
  }
}

export function clearText(text: string, { home, privacy, secrets }: ClearingConfig): string {
  const safe = clearSecrets(withoutInvisible(text), Object.values(secrets))
  return privacy.redact_paths ? shortenHomePaths(safe, home) : safe
}

type Clear = (text: string) => string

function clearMessage(message: TranscriptMessage, clear: Clear): TranscriptMessage {
  return {
    ...message,
    text: clear(message.role === 'tool' ? withoutReminders(message.text) : message.text),
    toolCalls: message.toolCalls.map((call) => ({
      ...call,
      name: clear(call.name),
      input: clearValue(call.input, clear) as typeof call.input,
    })),
  }
}

/** What the agent's own program adds to an answer is no part of the work, and speaks to a model. */
function withoutReminders(text: string): string {
  return text.replaceAll(/<system-reminder>[\s\S]*?<\/system-reminder>/g, "[the agent's own reminder]")
}

function clearValue(value: unknown, clear: Clear): unknown {
  if (typeof value === 'string') return clear(value)
  if (Array.isArray(value)) return value.map((item) => clearValue(item, clear))
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [clear(key), clearValue(inner, clear)]),
  )
}

function callOf(action: Action, clear: Clear): ClearedCall {
  return {
    tool: action.tool,
    // Cleared once more: a name and its value may stand together only now.
    target: clear(action.target.replaceAll(/\s+/g, ' ').trim()),
    end: endOf(action),
    isRun: action.kind !== 'edit' && action.kind !== 'other',
    answerOrdinal: action.answer?.ordinal ?? null,
  }
}

function endOf(action: Action): ClearedCall['end'] {
  if (action.answer === null) return 'open'
  if (action.isRejected) return 'refused'
  return action.isError || action.isFailing ? 'failed' : 'ok'
}
