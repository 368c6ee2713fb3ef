// A session's conversation as every format's reader gives it, and as facets, letter and replay take it.

export interface TranscriptMessage {
  /** Position in the conversation, from 1; evidence refers to it. */
  readonly ordinal: number
  /** `human` is what a person asked; `tool` is a tool's answer; `note` is an interruption or compaction. */
  readonly role: 'human' | 'assistant' | 'tool' | 'note'
  readonly text: string
  /** ISO 8601 in UTC, or null where the log has none. */
  readonly at: string | null
  /** On `assistant`: the tools it called. On `tool`: the one call answered. */
  readonly toolCalls: readonly TranscriptToolCall[]
}

export interface TranscriptToolCall {
  readonly id: string
  readonly name: string
  /** What it was called with, as logged; {} on an answer. */
  readonly input: Readonly<Record<string, unknown>>
  /** On an answer: whether it failed. */
  readonly isError: boolean
}

export interface Transcript {
  readonly sessionId: string
  /** The title the agent or the user gave the session, if the log has one. */
  readonly title: string | null
  readonly messages: readonly TranscriptMessage[]
}
