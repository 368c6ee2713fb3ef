// events.jsonl: what each event says.
import { type Fields, fieldsAt, flagAt, instantAt, isFields, type NoteEntry, textAt } from '../entries.js'
import { delegatedAgentIn } from './delegation.js'
import { editOf } from './edits.js'
import type { Message } from './messages.js'
import { OpenCalls } from './open-calls.js'
import { Repeats } from './repeats.js'
import type { Session } from './session.js'
import { usageIn } from './usage.js'

/** What the events have told, so that the transcript need not. */
export interface Seen {
  promptCount: number
  textCount: number
  readonly called: Set<string>
  readonly answered: Set<string>
  hasDenial: boolean
}

interface LoggedEvent {
  readonly type: string
  readonly at: string | null
  /** The time as logged, to the nanosecond where it is. */
  readonly stamp: string | null
  readonly fields: Fields
  readonly data: Fields
}

export class EventReader {
  readonly seen: Seen = {
    promptCount: 0,
    textCount: 0,
    called: new Set(),
    answered: new Set(),
    hasDenial: false,
  }
  readonly #session: Session
  readonly #asked: readonly Message[]
  readonly #calls = new OpenCalls()
  readonly #repeats = new Repeats()
  #model: string | null = null
  #isInterrupted = false
  #hasFailed = false
  #compactedAt: string | null = null

  /** @param asked the transcript's prompts, for those that the events have without their words. */
  constructor(session: Session, asked: readonly Message[]) {
    this.#session = session
    this.#asked = asked
  }

  take(fields: Fields): void {
    const type = textAt(fields, 'event') ?? textAt(fields, 'type')
    const read = type !== null && Object.hasOwn(this.#readers, type) ? this.#readers[type] : undefined
    if (type === null || read === undefined) return
    const data = fieldsAt(fields, 'data') ?? {}
    const event = { type, at: timeOf(fields), stamp: stampOf(fields), fields, data }
    const sessionId = textAt(fields, 'session_id') ?? textAt(data, 'session_id')
    this.#session.meet(sessionId, textAt(data, 'parent_id') ?? textAt(data, 'parent'))
    if (!this.#repeats.has(event)) read(event)
  }

  readonly #readers: Readonly<Record<string, (event: LoggedEvent) => void>> = {
    'session:start': (event) => this.#opened(event),
    'session:fork': (event) => this.#opened(event),
    'session:resume': (event) => this.#opened(event),
    'session:config': ({ at, data }) => {
      const raw = fieldsAt(data, 'raw') ?? {}
      const workingDirectory = textAt(raw, 'working_dir') ?? textAt(raw, 'project_dir')
      if (workingDirectory !== null) this.#session.set({ kind: 'setting', at, workingDirectory })
    },
    'session:end': (event) => this.#session.end(note('system', event, event.type)),
    'prompt:submit': (event) => this.#prompted(event),
    'provider:resolve': ({ data }) => this.#chose(data),
    'llm:request': ({ data }) => this.#chose(data),
    'llm:response': (event) => this.#answered(event),
    'content_block:end': (event) => this.#spoke(event),
    'tool:pre': (event) => this.#called(event),
    'tool:post': (event) => this.#returned(event),
    'tool:error': (event) => this.#broke(event),
    'provider:retry': (event) =>
      this.#session.say(note('api_retry', event, textAt(event.data, 'error_message'))),
    'provider:error': (event) => {
      if (!this.#hasFailed) this.#session.say(note('api_error', event, errorText(event)))
      this.#hasFailed = false
    },
    'context:compaction': (event) => this.#compacted(event),
    'context:post_compact': (event) => this.#compacted(event),
    'cancel:requested': (event) => this.#interrupted(event),
    'cancel:completed': (event) => this.#interrupted(event),
    'orchestrator:complete': (event) => {
      if (statusOf(event) === 'cancelled') this.#interrupted(event)
    },
    'approval:denied': () => {
      this.seen.hasDenial = true
    },
  }

  #opened(event: LoggedEvent): void {
    const workingDirectory = textAt(event.data, 'working_dir')
    if (workingDirectory !== null) this.#session.set({ kind: 'setting', at: event.at, workingDirectory })
    this.#session.open(note('system', event, event.type))
  }

  /** A sub-agent's instruction was written by an agent, not asked by a person. */
  #prompted(event: LoggedEvent): void {
    const { at, data } = event
    this.#isInterrupted = false
    if (this.#session.isSubagent) return
    const text = textAt(data, 'prompt') ?? this.#asked[this.seen.promptCount]?.text ?? ''
    this.seen.promptCount += 1
    this.#session.say({ kind: 'prompt', at, id: idOf(event, String(text.length)), text, promptSource: null })
  }

  #chose(data: Fields): void {
    this.#hasFailed = false
    this.#model = textAt(data, 'model') ?? this.#model
  }

  #answered(event: LoggedEvent): void {
    const { at, data } = event
    if (statusOf(event) === 'error') {
      this.#hasFailed = true
      this.#session.say(note('api_error', event, errorText(event)))
    }
    const usage = usageIn(data)
    if (usage === null) return
    const { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens } = usage
    const counts = [inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens].join('/')
    const replyId = textAt(fieldsAt(data, 'raw') ?? {}, 'id')
    const model = (textAt(data, 'model') ?? this.#model)?.replace(/^(anthropic|openai|google)\//, '') ?? null
    this.#session.say({ kind: 'llm_call', at, id: replyId ?? idOf(event, counts), model, ...usage })
  }

  #spoke(event: LoggedEvent): void {
    const block = fieldsAt(event.data, 'block') ?? {}
    const text = block.type === 'text' ? textAt(block, 'text') : null
    if (text === null || text.trim() === '') return
    this.seen.textCount += 1
    const id = idOf(event, String(text.length))
    this.#session.say({ kind: 'assistant', at: event.at, id, text })
  }

  #called(event: LoggedEvent): void {
    const { at, data, stamp } = event
    const toolName = textAt(data, 'tool_name') ?? 'unknown'
    const input = fieldsAt(data, 'tool_input') ?? {}
    const callId = textAt(data, 'tool_call_id') ?? this.#calls.open(groupOf(data, toolName), stamp)
    this.seen.called.add(callId)
    const delegatedAgent = delegatedAgentIn(toolName, input)
    this.#session.say({
      kind: 'tool_call',
      at,
      id: idOf(event, callId),
      callId,
      toolName,
      input,
      delegatedAgent,
    })
  }

  #returned(event: LoggedEvent): void {
    const result = event.data.result ?? event.data.tool_result ?? null
    const outcome = isFields(result) ? result : {}
    const isError = flagAt(outcome, 'success') === false
    const error = isError ? wordsOf(outcome.error) : ''
    const text = error !== '' ? error : wordsOf('output' in outcome ? outcome.output : result)
    const edit = isError ? null : editOf(textAt(event.data, 'tool_name'), event.data.tool_input)
    this.#close(event, { isError, text, edit })
  }

  #broke(event: LoggedEvent): void {
    const text = errorText(event)
    this.#close(event, { isError: true, text, edit: null })
  }

  #close(event: LoggedEvent, outcome: Pick<ToolOutcome, 'isError' | 'text' | 'edit'>): void {
    const { at, data } = event
    const toolName = textAt(data, 'tool_name') ?? 'unknown'
    const callId = textAt(data, 'tool_call_id') ?? this.#calls.close(groupOf(data, toolName))
    if (callId !== null) this.seen.answered.add(callId)
    const errorKind =
      outcome.isError && /^Error: Tool '.*' not found/.test(outcome.text) ? 'unknown_tool' : null
    const id = callId === null ? null : idOf(event, callId)
    this.#session.say({ kind: 'tool_result', at, id, callId, errorKind, ...outcome })
  }

  /** Before and after one compaction several events may be told. */
  #compacted(event: LoggedEvent): void {
    const isSame =
      event.at !== null &&
      this.#compactedAt !== null &&
      Date.parse(event.at) - Date.parse(this.#compactedAt) < 1_000
    this.#compactedAt = event.at
    if (!isSame) this.#session.say(note('compaction', event, null))
  }

  /** Asked for, carried out and reported: one interruption of a turn. */
  #interrupted(event: LoggedEvent): void {
    if (!this.#isInterrupted) this.#session.say(note('interruption', event, null))
    this.#isInterrupted = true
  }
}

interface ToolOutcome {
  readonly isError: boolean
  readonly text: string
  readonly edit: ReturnType<typeof editOf>
}

function timeOf(fields: Fields): string | null {
  return instantAt(fields, 'ts') ?? instantAt(fields, 'timestamp')
}

function stampOf(fields: Fields): string | null {
  const stamp = fields.ts ?? fields.timestamp
  return typeof stamp === 'string' ? stamp : timeOf(fields)
}

/** The same in a fork's copy, where only the session's id is another; parallel sessions share a millisecond. */
function idOf({ type, stamp }: LoggedEvent, detail: string): string | null {
  return stamp === null ? null : `${type} ${stamp} ${detail}`
}

function note(kind: NoteEntry['kind'], event: LoggedEvent, text: string | null): NoteEntry {
  return { kind, at: event.at, id: idOf(event, ''), text: text ?? '' }
}

/** One logger takes it out of the data, the other leaves it there. */
function statusOf({ fields, data }: LoggedEvent): string | null {
  return textAt(fields, 'status') ?? textAt(data, 'status')
}

function errorText({ fields, data }: LoggedEvent): string {
  return wordsOf(fields.error ?? data.error ?? data.error_message)
}

/** What people read in a result or an error: its message, or all of it. */
function wordsOf(value: unknown): string {
  if (typeof value === 'string') return value
  if (value === undefined || value === null) return ''
  const words = isFields(value) ? (value.msg ?? value.message) : undefined
  return typeof words === 'string' ? words : JSON.stringify(value)
}

function groupOf(data: Fields, toolName: string): string {
  return `${textAt(data, 'parallel_group_id') ?? ''} ${toolName}`
}
