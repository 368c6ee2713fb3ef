// Reads one rollout: header, turns, and what was said and done in them.
import {
  type EmitEntry,
  type EntryReader,
  type Fields,
  fieldsAt,
  isFields,
  type LogEntry,
  type LogObject,
  listAt,
  type PromptEntry,
  type SettingEntry,
  textAt,
} from '../entries.js'
import { type Header, headerOf } from './header.js'
import { OpenCalls } from './open-calls.js'
import { editOfChanges } from './patch.js'
import { humanText, humanTextOf, PromptWindow } from './prompts.js'
import { type CodexRecord, readRecord, shortHash } from './record.js'
import { Replay } from './replay.js'
import { type CodexCall, callOf, commandInput, editCall, namedCall } from './tool-calls.js'
import { UsageMeter } from './usage.js'

const noPayload: Fields = {}

export class CodexReader implements EntryReader {
  readonly #path: string
  readonly #emit: EmitEntry
  readonly #usage = new UsageMeter()
  readonly #prompts = new PromptWindow<PromptEntry>()
  readonly #calls = new OpenCalls()
  /** Headers are kept until what follows them comes: a sub-agent's parent may stand in the second. */
  #headers: CodexRecord[] = []
  #header: Header | null = null
  #replay: Replay | null = null
  #isCopied = false
  #lastAt: string | null = null
  #lineNumber = 0
  #model: string | null = null
  #workingDirectory: string | null = null

  constructor(path: string, emit: EmitEntry) {
    this.#path = path
    this.#emit = emit
  }

  take({ fields, lineNumber }: LogObject): void {
    const record = readRecord(fields, this.#lastAt)
    this.#lastAt = record.at
    this.#lineNumber = lineNumber
    if (this.#header === null && record.type === 'session_meta') {
      // Read now, so that what is wrong with it is said of its own line.
      headerOf(record.payload, [], this.#path)
      settingOf(record)
      this.#headers.push(record)
      return
    }
    if (this.#header === null) this.#begin()
    this.#isCopied = this.#replay?.isCopied(record) ?? false
    this.#takeRecord(record)
  }

  finish(): void {
    if (this.#header === null && this.#headers.length > 0) this.#begin()
    this.#endPrompts()
  }

  #begin(): void {
    const [own, ...others] = this.#headers
    this.#headers = []
    const ids = others.flatMap(({ payload }) => textAt(payload, 'id') ?? [])
    this.#header = headerOf(own?.payload ?? noPayload, ids, this.#path)
    if (own === undefined) return
    this.#replay = new Replay(own)
    for (const other of others) this.#replay.isCopied(other)
    this.#set({ ...settingOf(own), entrypoint: this.#header.entrypoint })
  }

  #takeRecord(record: CodexRecord): void {
    switch (record.type) {
      case 'session_meta':
        if (!this.#isCopied) this.#set({ at: record.at, agentVersion: textAt(record.payload, 'cli_version') })
        break
      case 'turn_context':
        this.#takeTurn(record, record.payload)
        break
      case 'event_msg':
        this.#takeEvent(record)
        break
      case 'response_item':
        this.#takeItem(record)
        break
      case 'token_usage_record':
        this.#tell(this.#usage.takeRecord(record, this.#model))
        break
      case 'compacted':
        this.#tell(this.#usage.takeCompaction(record))
        this.#note(record, 'compaction', textAt(record.payload, 'message') || 'Conversation compacted')
        break
    }
  }

  #takeTurn({ at }: CodexRecord, settings: Fields): void {
    this.#model = textAt(settings, 'model') ?? this.#model
    const directory = textAt(settings, 'cwd')
    if (directory !== null && directory !== this.#workingDirectory && !this.#isCopied)
      this.#set({ at, workingDirectory: directory })
  }

  #takeEvent(record: CodexRecord): void {
    const { payload } = record
    switch (payload.type) {
      case 'token_count':
        this.#tell(this.#usage.takeCount(record, this.#model))
        break
      case 'user_message':
        this.#takeTyped(record, 'event', eventText(payload))
        break
      case 'item_completed':
        this.#takeCompleted(record, fieldsAt(payload, 'item') ?? noPayload)
        break
      case 'exec_command_end':
      case 'mcp_tool_call_end':
      case 'patch_apply_end':
        this.#calls.end(textAt(payload, 'call_id'), payload)
        break
      case 'turn_aborted':
        if (textAt(payload, 'reason') === 'interrupted')
          this.#note(record, 'interruption', 'Interrupted by the user', textAt(payload, 'turn_id'))
        break
      case 'error':
        this.#note(record, 'api_error', textAt(payload, 'message') ?? '')
        break
      case 'stream_error':
        this.#note(record, 'api_retry', textAt(payload, 'message') ?? '')
        break
      case 'thread_name_updated':
        this.#takeTitle(payload)
        break
      case 'thread_settings_applied':
        this.#takeTurn(record, fieldsAt(payload, 'thread_settings') ?? noPayload)
        break
    }
  }

  #takeItem(record: CodexRecord): void {
    const { payload } = record
    const call = callOf(payload, this.#workingDirectory)
    if (call !== null) {
      this.#call(record, call)
      if (payload.type === 'web_search_call' && payload.status === 'failed') this.#answer(record, call.callId)
    } else if (payload.type === 'message' && payload.role === 'user') this.#takeInput(record)
    else if (payload.type === 'message' && payload.role === 'assistant') this.#takeAssistant(record)
    else if (typeof payload.type === 'string' && /_call_output$/.test(payload.type))
      this.#answer(record, textAt(payload, 'call_id'))
    else if (payload.type === 'tool_search_output') this.#answer(record, textAt(payload, 'call_id'))
  }

  #takeInput(record: CodexRecord): void {
    const text = humanTextOf(listAt(record.payload, 'content'))
    if (text !== null && !this.#isCopied && !this.#header?.isSubagent)
      this.#prompts.input(this.#promptOf(record, text))
  }

  #takeTyped(record: CodexRecord, told: 'event' | 'item', text: string | null): void {
    if (text === null || this.#isCopied || this.#header?.isSubagent) return
    if (this.#prompts.isNew(told)) this.#tell(this.#promptOf(record, text))
  }

  #promptOf(record: CodexRecord, text: string): PromptEntry {
    const promptSource = this.#header?.isHeadless ? 'headless' : this.#header?.isTyped ? 'typed' : null
    return { kind: 'prompt', at: record.at, id: this.#idOf(record, text), text, promptSource }
  }

  #takeAssistant(record: CodexRecord): void {
    this.#endPrompts()
    const texts = listAt(record.payload, 'content').filter(isFields)
    const text = texts.flatMap((item) => (typeof item.text === 'string' ? [item.text] : [])).join('\n')
    if (text !== '') this.#tell({ kind: 'assistant', at: record.at, id: this.#idOf(record, text), text })
  }

  /** Newer versions tell of what is done as items; a script that the model runs calls tools that stand only there. */
  #takeCompleted(record: CodexRecord, item: Fields): void {
    if (item.type === 'UserMessage') {
      this.#takeTyped(record, 'item', humanTextOf(listAt(item, 'content')))
      return
    }
    const isCall = item.type === 'FileChange' || item.type === 'CommandExecution'
    if (isCall && this.#calls.endItem(item)) this.#takeNested(record, item)
  }

  #takeNested(record: CodexRecord, item: Fields): void {
    const edit = editOfChanges(fieldsAt(item, 'changes') ?? noPayload)
    if (item.type === 'FileChange' && edit === null) return
    const callId = textAt(item, 'id') ?? this.#idOf(record, JSON.stringify(item))
    this.#call(
      record,
      edit === null
        ? namedCall(callId, 'exec_command', commandInput(item), this.#workingDirectory)
        : editCall(callId, {}, edit, this.#workingDirectory),
    )
    this.#calls.end(callId, item)
    this.#answer(record, callId)
  }

  #call(record: CodexRecord, call: CodexCall): void {
    this.#endPrompts()
    const { edit: _, ...told } = call
    if (record.payload.type !== 'web_search_call') this.#calls.open(call, this.#isCopied)
    const id = this.#callIdOf(record, call.callId, `${call.toolName} ${JSON.stringify(call.input)}`)
    this.#tell({ kind: 'tool_call', at: record.at, id, ...told })
  }

  #answer(record: CodexRecord, callId: string | null): void {
    const closed = this.#calls.close(callId, record.payload)
    if (closed === null) return
    const id = this.#callIdOf(record, callId, closed.text)
    this.#tell({ kind: 'tool_result', at: record.at, id, callId, ...closed })
  }

  #takeTitle(payload: Fields): void {
    const title = textAt(payload, 'thread_name')
    const threadId = textAt(payload, 'thread_id')
    if (title && (threadId === null || this.#header?.session.id.endsWith(threadId)))
      this.#tell({ kind: 'title', text: title })
  }

  #note(
    record: CodexRecord,
    kind: 'interruption' | 'compaction' | 'api_error' | 'api_retry',
    text: string,
    id: string | null = null,
  ): void {
    this.#tell({ kind, at: record.at, id: id ?? this.#idOf(record, `${kind} ${text}`), text })
  }

  #set(setting: Omit<SettingEntry, 'kind'>): void {
    if (setting.workingDirectory !== undefined) this.#workingDirectory = setting.workingDirectory
    this.#tell({ kind: 'setting', ...setting })
  }

  #endPrompts(): void {
    for (const prompt of this.#prompts.close()) this.#tell(prompt)
  }

  /** What was copied is told where it was said. */
  #tell(entry: LogEntry | null): void {
    if (entry !== null && !this.#isCopied && this.#header !== null) this.#emit(this.#header.session, entry)
  }

  /** The same in a file that was moved, and in a copy that kept its times. */
  #idOf(record: CodexRecord, text: string): string {
    const place = record.hasOwnTime ? record.at : `${this.#header?.session.id}/${this.#lineNumber}`
    return `${place}/${shortHash(text)}`
  }

  /** Some models number their calls anew in each session: only long random ids are unique. */
  #callIdOf(record: CodexRecord, callId: string | null, text: string): string {
    if (callId === null) return this.#idOf(record, text)
    return /[A-Za-z\d-]{16}/.test(callId) ? callId : `${this.#header?.session.id}/${callId}`
  }
}

function settingOf({ at, payload }: CodexRecord): Omit<SettingEntry, 'kind'> {
  return {
    at,
    workingDirectory: textAt(payload, 'cwd'),
    gitBranch: textAt(payload, 'git', 'branch'),
    agentVersion: textAt(payload, 'cli_version'),
  }
}

/** Versions of 2025 told of injected context in the same event, by another `kind`. */
function eventText(payload: Fields): string | null {
  const kind = textAt(payload, 'kind')
  if (kind !== null && kind !== 'plain') return null
  const message = textAt(payload, 'message') ?? ''
  if (message.trim() !== '') return humanText(message)
  return listAt(payload, 'images').length + listAt(payload, 'local_images').length > 0 ? '' : null
}
