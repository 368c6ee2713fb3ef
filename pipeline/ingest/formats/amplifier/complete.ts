// What the transcript adds to the events: everything of a kind that they do not have at all, and answers they miss.
import { delegatedAgentIn } from './delegation.js'
import type { Seen } from './events.js'
import { isAsked, type Message } from './messages.js'
import type { Session } from './session.js'

/** How the agent words the answer of a call that failed or was not allowed. */
const failure = /^(Error\b|Internal error\b|Denied by hook\b|Tool execution denied\b)/
const denial = /^(Denied by hook|Tool execution denied)\b/

export function completeFrom(messages: readonly Message[], session: Session, seen: Seen): void {
  const without = {
    prompts: seen.promptCount === 0 && !session.isSubagent,
    words: seen.textCount === 0,
    calls: seen.called.size === 0,
  }
  let turn = 0
  let { startedAt: at } = session
  const { lastAt } = session
  for (const logged of messages) {
    // What has no time came with what was said before it, at the earliest with the session's start.
    at = logged.at ?? at
    const message = { ...logged, at }
    if (isAsked(message)) turn += 1
    // What a fork copied is the other session's.
    if (session.copiedTurnCount > 0 && turn <= session.copiedTurnCount) continue
    if (without.prompts && isAsked(message)) sayPrompt(message, session)
    if (without.words && message.role === 'assistant') sayText(message, session)
    if (without.calls) sayCalls(message, session, seen)
    // An answer's borrowed time would make a duration of its call.
    if (message.role === 'tool') sayAnswer(logged, session, seen)
  }
  // Where all that has a place in its course has a borrowed time, it would end as it began.
  if (messages.length > 0 && without.prompts && lastAt !== null && at !== null && lastAt > at)
    session.say({ kind: 'system', at: lastAt, id: null, text: 'last event' })
}

function sayPrompt({ at, text }: Message, session: Session): void {
  session.say({ kind: 'prompt', at, id: null, text, promptSource: null })
}

function sayText({ at, text }: Message, session: Session): void {
  if (text.trim() !== '') session.say({ kind: 'assistant', at, id: null, text })
}

function sayCalls(message: Message, session: Session, seen: Seen): void {
  // An answer may be all that is left of a call.
  const { at, callId, toolName } = message
  const left = message.role === 'tool' && callId !== null && !seen.called.has(callId)
  const calls = left ? [{ id: callId, name: toolName ?? 'unknown', input: {} }] : message.calls
  for (const { id, name, input } of calls) {
    if (id !== null) seen.called.add(id)
    const delegatedAgent = delegatedAgentIn(name, input)
    session.say({ kind: 'tool_call', at, id: null, callId: id, toolName: name, input, delegatedAgent })
  }
}

function sayAnswer({ at, callId, text }: Message, session: Session, seen: Seen): void {
  if (callId === null || !seen.called.has(callId) || seen.answered.has(callId)) return
  seen.answered.add(callId)
  const refused = seen.hasDenial ? 'rejected' : 'permission_denied'
  session.say({
    kind: 'tool_result',
    at,
    id: null,
    callId,
    isError: failure.test(text),
    errorKind: denial.test(text) ? refused : null,
    text,
    edit: null,
  })
}
