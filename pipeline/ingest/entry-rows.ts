// What entries come to in the raw tables: the same for every agent that is read by entries.
import {
  complaintPattern,
  correctionPattern,
  longestReactionChars,
  thanksPattern,
} from '../prompt-signals.js'
import { digestUuid } from './digest-uuid.js'
import { extractionOpening } from './formats/claude-code/prompt-text.js'
import type {
  LlmCallEntry,
  LogEntry,
  PromptEntry,
  SessionRef,
  SettingEntry,
  ToolCallEntry,
  ToolResultEntry,
} from './formats/entries.js'
import type { rawTables, Source } from './formats/format.js'
import { errorKindOf, toolFactsOf } from './tool-facts.js'

export type RawTable = (typeof rawTables)[number]
export type Row = Readonly<Record<string, string | number | boolean | null>>

/** Takes a row for a raw table, without its file_id. */
export type WriteRow = (table: RawTable, row: Row) => void

interface Course {
  working_directory: string | null
  git_branch: string | null
  agent_version: string | null
  entrypoint: string | null
}

interface Context extends Course {
  readonly session: SessionRef
  first_at: string
  last_at: string
  event_count: number
}

const correction = new RegExp(correctionPattern, 'i')
const thanks = new RegExp(thanksPattern, 'i')
const complaint = new RegExp(complaintPattern, 'i')

/** Turns the entries of one log into rows, in order; the contexts follow at the end. */
export class EntryRows {
  readonly #source: Source
  readonly #write: WriteRow
  readonly #courses = new Map<string, Course>()
  readonly #contexts = new Map<string, Context>()
  /** The id by which a call is known everywhere, by session and the id that tells it apart there. */
  readonly #callIds = new Map<string, string>()
  #ordinal = 0

  constructor(source: Source, write: WriteRow) {
    this.#source = source
    this.#write = write
  }

  add(session: SessionRef, entry: LogEntry): void {
    this.#ordinal += 1
    if (entry.kind === 'title') return
    if (entry.kind === 'setting') this.#set(session, entry)
    if (entry.at !== null) this.#seen(session, entry.at)
    switch (entry.kind) {
      case 'setting':
        break
      case 'llm_call':
        this.#addCall(session, entry)
        break
      case 'prompt':
        this.#addPrompt(session, entry)
        break
      case 'tool_call':
        this.#addToolCall(session, entry)
        break
      case 'tool_result':
        this.#addToolResult(session, entry)
        break
      case 'command':
        this.#addEvent(session, entry, 'command', entry.name)
        break
      default:
        this.#addEvent(session, entry, entry.kind, entry.id)
    }
  }

  finish(): void {
    for (const { session, ...context } of this.#contexts.values())
      this.#write('contexts', { session_id: session.id, parent_session_id: session.parentId, ...context })
  }

  #set(session: SessionRef, entry: SettingEntry): void {
    const before = this.#courseOf(session)
    this.#courses.set(session.id, {
      working_directory:
        entry.workingDirectory === undefined ? before.working_directory : entry.workingDirectory,
      git_branch: entry.gitBranch === undefined ? before.git_branch : entry.gitBranch,
      agent_version: entry.agentVersion === undefined ? before.agent_version : entry.agentVersion,
      entrypoint: entry.entrypoint === undefined ? before.entrypoint : entry.entrypoint,
    })
  }

  #courseOf({ id }: SessionRef): Course {
    return (
      this.#courses.get(id) ?? {
        working_directory: null,
        git_branch: null,
        agent_version: null,
        entrypoint: null,
      }
    )
  }

  #seen(session: SessionRef, at: string): void {
    const course = this.#courseOf(session)
    const key = JSON.stringify([session.id, session.parentId, ...Object.values(course)])
    const context = this.#contexts.get(key)
    if (context === undefined)
      this.#contexts.set(key, { session, ...course, first_at: at, last_at: at, event_count: 1 })
    else {
      if (at < context.first_at) context.first_at = at
      if (at > context.last_at) context.last_at = at
      context.event_count += 1
    }
  }

  #place(session: SessionRef): Row {
    return { ordinal: this.#ordinal, is_mirror: false, session_id: session.id }
  }

  #addEvent(
    session: SessionRef,
    entry: { at: string | null; id: string | null },
    kind: string,
    reference: string | null,
  ): void {
    if (entry.at === null) return
    this.#write('events', {
      ...this.#place(session),
      event_kind: kind,
      event_uuid: entry.id === null ? null : digestUuid(`${this.#source} ${kind} ${entry.id}`),
      happened_at: entry.at,
      reference,
      is_abandoned: false,
    })
  }

  #addPrompt(session: SessionRef, entry: PromptEntry): void {
    const { text, at, id, promptSource } = entry
    if (text.trimStart().startsWith(extractionOpening)) {
      this.#addEvent(session, entry, 'wrapper', 'debrief-extraction')
      return
    }
    this.#addEvent(session, entry, 'prompt', id)
    const isReaction = text.length <= longestReactionChars
    this.#write('prompts', {
      ordinal: this.#ordinal,
      session_id: session.id,
      prompt_uuid: id,
      prompted_at: at,
      prompt_source: promptSource,
      char_count: [...text].length,
      is_correction: isReaction && correction.test(text),
      is_thanks: isReaction && thanks.test(text),
      is_complaint: isReaction && complaint.test(text),
      is_abandoned: false,
    })
  }

  #addCall(session: SessionRef, entry: LlmCallEntry): void {
    this.#write('calls', {
      ...this.#place(session),
      advisor_number: 0,
      is_subagent: session.parentId !== null,
      message_id: entry.id,
      called_at: entry.at,
      model: entry.model,
      agent_version: this.#courseOf(session).agent_version,
      is_billed: true,
      input_tokens: entry.inputTokens,
      output_tokens: entry.outputTokens,
      cache_read_tokens: entry.cacheReadTokens,
      cache_write_5m_tokens: entry.cacheWriteTokens,
      cache_write_1h_tokens: entry.cacheWriteTokens === null ? null : 0,
      web_search_count: entry.webSearchCount,
      logged_cost_usd: entry.loggedCostUsd,
    })
  }

  #addToolCall(session: SessionRef, entry: ToolCallEntry): void {
    const { callId, toolName, input, delegatedAgent, at } = entry
    const place = `${session.id} ${callId}`
    const knownId = entry.id ?? (callId === null ? null : place)
    if (callId !== null && knownId !== null) this.#callIds.set(place, knownId)
    this.#addEvent(session, entry, 'tool_call', knownId)
    const facts = toolFactsOf(toolName, input, delegatedAgent)
    this.#write('tool_uses', {
      ...this.#place(session),
      block_number: 1,
      tool_call_id: knownId,
      tool_name: toolName,
      called_at: at,
      target: facts.target,
      delegated_agent: delegatedAgent,
      is_commit: facts.isCommit,
      is_test_run: facts.isTestRun,
      input_hash: facts.inputHash,
      input_line_count: facts.inputLineCount,
    })
  }

  #addToolResult(session: SessionRef, entry: ToolResultEntry): void {
    const { callId, at, isError, edit } = entry
    const place = `${session.id} ${callId}`
    const knownId = callId === null ? null : (this.#callIds.get(place) ?? place)
    this.#addEvent(session, entry, isError ? 'tool_error' : 'tool_result', knownId)
    this.#write('tool_results', {
      ...this.#place(session),
      block_number: 1,
      tool_call_id: knownId,
      answered_at: at,
      is_error: isError,
      error_kind: isError ? (entry.errorKind ?? errorKindOf(entry.text)) : null,
      edit_operation: isError ? null : (edit?.operation ?? null),
      lines_added: edit?.linesAdded ?? null,
      lines_deleted: edit?.linesDeleted ?? null,
      web_search_count: null,
    })
  }
}
