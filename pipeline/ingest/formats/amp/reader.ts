// Metrics to entries: each line is a typed event of a session's iteration.
import {
  countAt,
  type EmitEntry,
  type EntryReader,
  FieldError,
  type Fields,
  fieldsAt,
  flagAt,
  instantAt,
  textAt,
} from '../entries.js'
import { createEventIds, iterationKey, type MetricEvent } from './event-ids.js'
import { type Call, emitIteration, type Iteration, isCall } from './iteration.js'

/** Adds what an event says to its iteration; `nextId` is told what names the event beside its time. */
type TakeEvent = (iteration: Iteration, event: MetricEvent, fields: Fields, nextId: NextId) => void
type NextId = (name: string) => string

const events: Readonly<Record<string, TakeEvent>> = {
  iteration_start: takeStart,
  iteration_end: takeEnd,
  user_message: takePrompt,
  streaming_tool_start: takeBegunCall,
  tool_call: takeCall,
  file_edit: takeEdit,
  llm_usage: takeUsage,
}

export function openMetrics(emit: EmitEntry): EntryReader {
  const ids = createEventIds()
  const open = new Map<string, Iteration>()
  const close = (key: string): void => {
    const iteration = open.get(key)
    open.delete(key)
    if (iteration !== undefined) emitIteration(iteration, emit)
  }
  return {
    take: ({ fields }) => {
      const type = textAt(fields, 'type') ?? ''
      const takeEvent = Object.hasOwn(events, type) ? events[type] : undefined
      if (takeEvent === undefined) return
      const event = eventOf(type, fields)
      const key = iterationKey(event)
      if (type === 'iteration_start') {
        close(key)
        ids.beginIteration(event)
      }
      const iteration = open.get(key) ?? { session: sessionOf(event), said: [], edits: [] }
      takeEvent(iteration, event, fields, (name) => ids.idOf(event, name))
      open.set(key, iteration)
      if (type === 'iteration_end') close(key)
    },
    finish: () => {
      for (const key of [...open.keys()]) close(key) // Many iterations never end.
    },
  }
}

function eventOf(type: string, fields: Fields): MetricEvent {
  const sessionId = textAt(fields, 'sessionId')
  if (!sessionId) throw new FieldError('expected text in sessionId')
  const at = instantAt(fields, 'timestamp')
  return { type, sessionId, iterationId: textAt(fields, 'iterationId'), at }
}

/** What Debrief wrote out itself may hold sub-agents; the session manager knows none. */
function sessionOf({ sessionId }: MetricEvent): Iteration['session'] {
  const end = sessionId.indexOf('/')
  return { id: sessionId, parentId: end > 0 ? sessionId.slice(0, end) : null }
}

function takeStart(iteration: Iteration, event: MetricEvent, _fields: Fields, nextId: NextId): void {
  iteration.said.push({ kind: 'system', id: nextId(''), at: event.at, text: '' })
}

/** The agent's last word is not logged, only that it came: without it each session would look abandoned. */
function takeEnd(iteration: Iteration, event: MetricEvent, fields: Fields, nextId: NextId): void {
  const status = textAt(fields, 'data', 'status') ?? ''
  const kind = endKinds.get(status) ?? 'system'
  iteration.said.push({ kind, id: nextId(''), at: event.at, text: `iteration ended: ${status}` })
}

const endKinds: ReadonlyMap<string, 'assistant' | 'api_error'> = new Map([
  ['success', 'assistant'],
  ['awaiting-input', 'assistant'],
  ['failed', 'api_error'],
])

function takePrompt(iteration: Iteration, event: MetricEvent, fields: Fields, nextId: NextId): void {
  const text = textAt(fields, 'data', 'message') ?? ''
  iteration.said.push({ kind: 'prompt', id: nextId(''), at: event.at, text, promptSource: null })
}

/** Logged as the call begins, with all arguments. */
function takeBegunCall(iteration: Iteration, event: MetricEvent, fields: Fields, nextId: NextId): void {
  const call = callOf(toolNameOf(fields), inputOf(fields), event.at, nextId)
  iteration.said.push({ ...call, isOnlyBegun: true })
}

/** Logged again when the iteration ends, mostly without arguments; or only then. */
function takeCall(iteration: Iteration, event: MetricEvent, fields: Fields, nextId: NextId): void {
  const toolName = toolNameOf(fields)
  const input = inputOf(fields)
  const durationMs = countAt(fields, 'data', 'durationMs')
  const startedAt = instantAt(fields, 'data', 'startTime') ?? before(event.at, durationMs ?? 0)
  const endedAt = instantAt(fields, 'data', 'endTime') ?? event.at
  const isSuccess = flagAt(fields, 'data', 'success')
  const text = textAt(fields, 'data', 'errorMessage') ?? ''
  // A duration of 0 is what is written where none was taken.
  const answer = isSuccess === null ? null : { at: durationMs ? endedAt : null, isError: !isSuccess, text }
  const begun = iteration.said.find(
    (item): item is Call => isCall(item) && item.isOnlyBegun && item.entry.toolName === toolName,
  )
  if (begun === undefined) iteration.said.push({ ...callOf(toolName, input, startedAt, nextId), answer })
  else {
    begun.isOnlyBegun = false
    begun.answer = answer
    begun.entry = { ...begun.entry, input: { ...input, ...begun.entry.input } }
  }
}

function callOf(toolName: string, input: Fields, at: string | null, nextId: NextId): Call {
  const id = nextId(toolName)
  const delegatedAgent = typeof input.subagent_type === 'string' ? input.subagent_type : null
  return {
    entry: { kind: 'tool_call', id, callId: id, at, toolName, input, delegatedAgent },
    isOnlyBegun: false,
    answer: null,
    edit: null,
  }
}

function toolNameOf(fields: Fields): string {
  const toolName = textAt(fields, 'data', 'toolName')
  if (toolName === null) throw new FieldError('expected text in data.toolName')
  return toolName
}

/** Arguments taken from the agent's prose come with its backticks. */
function inputOf(fields: Fields): Fields {
  const args = fieldsAt(fields, 'data', 'args') ?? {}
  return typeof args.path === 'string' ? { ...args, path: args.path.replace(/^`(.*)`$/, '$1') } : args
}

function takeEdit(iteration: Iteration, event: MetricEvent, fields: Fields): void {
  const path = textAt(fields, 'data', 'path')
  if (path === null) throw new FieldError('expected text in data.path')
  const linesAdded = countAt(fields, 'data', 'linesAdded')
  const linesDeleted = countAt(fields, 'data', 'linesDeleted')
  const operation = textAt(fields, 'data', 'operation') === 'create' ? 'create' : 'update'
  iteration.edits.push({ path, at: event.at, edit: { operation, linesAdded, linesDeleted } })
}

/** The session manager writes no cache fields; Debrief does, as parts of `promptTokens`. */
function takeUsage(iteration: Iteration, event: MetricEvent, fields: Fields, nextId: NextId): void {
  const model = textAt(fields, 'data', 'model')
  const promptTokens = countAt(fields, 'data', 'promptTokens')
  const cacheReadTokens = countAt(fields, 'data', 'cacheReadTokens')
  const cacheWriteTokens = countAt(fields, 'data', 'cacheWriteTokens')
  const cached = (cacheReadTokens ?? 0) + (cacheWriteTokens ?? 0)
  if (promptTokens !== null && cached > promptTokens)
    throw new FieldError('expected cached tokens within data.promptTokens')
  const outputTokens = countAt(fields, 'data', 'completionTokens')
  const loggedCostUsd = costAt(fields)
  iteration.said.push({
    kind: 'llm_call',
    id: nextId(model ?? ''),
    at: event.at,
    model,
    inputTokens: promptTokens === null ? null : promptTokens - cached,
    outputTokens,
    cacheReadTokens,
    cacheWriteTokens,
    webSearchCount: 0,
    loggedCostUsd,
  })
}

/** An amount as it was logged, with no exponent. */
function costAt(fields: Fields): string | null {
  const value = fieldsAt(fields, 'data')?.costUsd ?? null
  if (value === null) return null
  if (typeof value !== 'number' || value < 0) throw new FieldError('expected an amount in data.costUsd')
  const text = String(value)
  return text.includes('e') ? value.toFixed(20) : text
}

function before(at: string | null, milliseconds: number): string | null {
  return at === null ? null : new Date(Date.parse(at) - milliseconds).toISOString()
}
