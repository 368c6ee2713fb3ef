// What the events of a Copilot CLI session say.
import { basename, dirname } from 'node:path'
import {
  countAt,
  type EmitEntry,
  type EntryReader,
  FieldError,
  type Fields,
  fieldsAt,
  flagAt,
  instantAt,
  type LogEntry,
  type NoteEntry,
  type SessionRef,
  type SettingEntry,
  type ToolCallEntry,
  type ToolErrorKind,
  textAt,
} from '../entries.js'
import type { OpenedLog } from '../format.js'
import { HeldEntries } from './held-entries.js'
import { refusalOf, toolCallOf, toolResultOf } from './tools.js'
import { startUsageMeter, type UsageMeter } from './usage.js'

interface LoggedEvent {
  readonly id: string | null
  readonly at: string | null
  readonly data: Fields
  readonly isSubagent: boolean
  /** Whose event it is: the main session's, or that of a sub-agent. */
  readonly session: SessionRef
}

/** What is known of the log so far. */
interface Course {
  main: SessionRef
  settings: SettingEntry
  readonly usage: UsageMeter
  /** The last event that told of cost. */
  costEvent: Pick<LoggedEvent, 'id' | 'at'>
  /** By session. */
  readonly models: Map<string, string>
  readonly knownSubagents: Set<string>
  /** By call id. */
  readonly calls: Map<string, ToolCallEntry>
  readonly refusals: Map<string, ToolErrorKind>
  /** Call ids by the id of the request for permission. */
  readonly askedCalls: Map<string, string>
  readonly held: HeldEntries
}

export function openCopilotLog(log: OpenedLog, emit: EmitEntry): EntryReader {
  const course: Course = {
    main: { id: sessionIdOf(log.path), parentId: null },
    settings: { kind: 'setting', at: null },
    usage: startUsageMeter(),
    costEvent: { id: null, at: null },
    models: new Map(),
    knownSubagents: new Set(),
    calls: new Map(),
    refusals: new Map(),
    askedCalls: new Map(),
    held: new HeldEntries(),
  }
  return {
    take({ fields }) {
      const handle = handlers.get(textAt(fields, 'type') ?? '')
      if (handle === undefined) return
      const event = eventOf(fields, course)
      enterSubagent(event, course)
      handle(event, course)
    },
    finish() {
      const { costEvent, held, main, models, usage } = course
      const nanoAiu = usage.nanoAiuLeft()
      if (nanoAiu > 0) held.addCost(main, costEvent, models.get(main.id) ?? null, nanoAiu)
      held.emitTo(emit)
    },
  }
}

/** Old versions wrote `<session id>.jsonl`, later ones `<session id>/events.jsonl`. */
function sessionIdOf(path: string): string {
  const name = basename(path, '.jsonl')
  return name === 'events' ? basename(dirname(path)) : name
}

function eventOf(fields: Fields, { main }: Course): LoggedEvent {
  const data = fieldsAt(fields, 'data')
  if (data === undefined) throw new FieldError('expected an object in data')
  const agentId = textAt(fields, 'agentId') ?? textAt(data, 'parentToolCallId')
  return {
    id: textAt(fields, 'id'),
    at: instantAt(fields, 'timestamp'),
    data,
    isSubagent: agentId !== null,
    session: agentId === null ? main : { id: `${main.id}/${agentId}`, parentId: main.id },
  }
}

/** A sub-agent works where its session does. */
function enterSubagent({ at, isSubagent, session }: LoggedEvent, course: Course): void {
  if (!isSubagent || course.knownSubagents.has(session.id)) return
  course.knownSubagents.add(session.id)
  course.held.add(session, { ...course.settings, at })
}

function say({ session }: LoggedEvent, { held }: Course, entry: LogEntry): void {
  held.add(session, entry)
}

type Handler = (event: LoggedEvent, course: Course) => void

const handlers: ReadonlyMap<string, Handler> = new Map<string, Handler>([
  ['session.start', takeStart],
  ['session.resume', takeContext('context')],
  ['session.context_changed', takeContext()],
  ['session.model_change', (event, course) => noteModel(event, course, textAt(event.data, 'newModel'))],
  ['subagent.started', takeSubagent],
  ['user.message', takeUserMessage],
  ['assistant.message', takeAssistantMessage],
  ['tool.execution_start', takeToolStart],
  ['tool.execution_complete', takeToolEnd],
  ['permission.requested', takePermissionRequest],
  ['permission.completed', takePermission],
  ['session.compaction_complete', takeCompaction],
  ['abort', takeNote('interruption', 'reason')],
  ['session.error', takeNote('api_error', 'message')],
  ['session.usage_checkpoint', takeCheckpoint],
  ['session.shutdown', takeShutdown],
])

function takeStart(event: LoggedEvent, course: Course): void {
  const { data } = event
  const id = textAt(data, 'sessionId') ?? course.main.id
  const settings = contextOf(event, fieldsAt(data, 'context') ?? {})
  const agentVersion = textAt(data, 'copilotVersion')
  const session = { id, parentId: null }
  noteModel({ ...event, session }, course, textAt(data, 'selectedModel'))
  course.main = session
  course.settings = { ...settings, agentVersion }
  course.held.add(session, course.settings)
}

function takeContext(...path: readonly string[]): Handler {
  return (event, course) => {
    const context = contextOf(event, fieldsAt(event.data, ...path) ?? {})
    noteModel(event, course, textAt(event.data, 'selectedModel'))
    course.settings = { ...course.settings, ...context }
    say(event, course, course.settings)
  }
}

/** Its model is that of the sub-agent, where the event is marked as the sub-agent's own. */
function takeSubagent(event: LoggedEvent, course: Course): void {
  if (event.isSubagent) noteModel(event, course, textAt(event.data, 'model'))
}

function takeUserMessage(event: LoggedEvent, course: Course): void {
  const text = promptOf(event)
  const promptSource = textAt(event.data, 'delivery') === 'queued' ? 'queued' : null
  if (text !== null) say(event, course, { kind: 'prompt', ...saidBy(event), text, promptSource })
}

function takeAssistantMessage(event: LoggedEvent, course: Course): void {
  const { at, data, id, session } = event
  const text = textAt(data, 'content') ?? ''
  const outputTokens = countAt(data, 'outputTokens')
  const messageId = textAt(data, 'messageId') ?? id
  noteModel(event, course, textAt(data, 'model'))
  if (text.trim() !== '') say(event, course, { kind: 'assistant', at, id, text })
  const model = course.models.get(session.id) ?? null
  if (messageId !== null) course.held.addReply(session, messageId, { at, id: messageId, model, outputTokens })
}

function takeToolStart(event: LoggedEvent, course: Course): void {
  const call = toolCallOf(saidBy(event), event.data)
  if (call.callId !== null) course.calls.set(call.callId, call)
  say(event, course, call)
}

function takeToolEnd(event: LoggedEvent, course: Course): void {
  const callId = textAt(event.data, 'toolCallId') ?? ''
  const call = course.calls.get(callId)
  const result = toolResultOf(saidBy(event), event.data, call, course.refusals.get(callId))
  noteModel(event, course, textAt(event.data, 'model'))
  say(event, course, result)
}

function takePermissionRequest({ data }: LoggedEvent, { askedCalls }: Course): void {
  const requestId = textAt(data, 'requestId')
  const callId = textAt(data, 'permissionRequest', 'toolCallId')
  if (requestId !== null && callId !== null) askedCalls.set(requestId, callId)
}

function takePermission({ data }: LoggedEvent, { askedCalls, refusals }: Course): void {
  const callId = textAt(data, 'toolCallId') ?? askedCalls.get(textAt(data, 'requestId') ?? '')
  const refusal = refusalOf(textAt(data, 'result', 'kind') ?? '')
  if (callId !== undefined && refusal !== undefined) refusals.set(callId, refusal)
}

function takeCompaction(event: LoggedEvent, course: Course): void {
  if (flagAt(event.data, 'success') !== false) takeNote('compaction', 'summaryContent')(event, course)
}

function takeNote(kind: NoteEntry['kind'], key: string): Handler {
  return (event, course) =>
    say(event, course, { kind, ...saidBy(event), text: textAt(event.data, key) ?? '' })
}

function takeCheckpoint(event: LoggedEvent, course: Course): void {
  course.usage.addCheckpoint(event.data)
  course.costEvent = saidBy(event)
}

/** Totals are of the whole session, its sub-agents included. */
function takeShutdown(event: LoggedEvent, course: Course): void {
  for (const added of course.usage.addShutdown(event.data))
    course.held.addUsage(course.main, saidBy(event), added)
  course.costEvent = saidBy(event)
}

function noteModel({ session }: LoggedEvent, { models }: Course, model: string | null): void {
  if (model !== null) models.set(session.id, model)
}

function saidBy({ at, id }: LoggedEvent): { at: string | null; id: string | null } {
  return { at, id }
}

function contextOf({ at }: LoggedEvent, context: Fields): SettingEntry {
  return {
    kind: 'setting',
    at,
    workingDirectory: textAt(context, 'cwd'),
    gitBranch: textAt(context, 'branch'),
  }
}

/** What a person asked; null for what skills, other agents and the agent itself put in their mouth. */
function promptOf({ data, isSubagent }: LoggedEvent): string | null {
  const source = textAt(data, 'source') ?? 'user'
  const typed = textAt(data, 'content') ?? ''
  const text = typed.trim() === '' ? withoutWrappers(textAt(data, 'transformedContent') ?? '') : typed
  const isOwn = isSubagent || source !== 'user' || flagAt(data, 'isAutopilotContinuation') === true
  return isOwn || text === '' ? null : text
}

function withoutWrappers(text: string): string {
  return text.replace(/<([a-z][\w-]*)[^<>]*>[\s\S]*?<\/\1>/g, '').trim()
}
