// Conversations for tests, written as they would be told: who says what, which tool answers how.
import type { FacetInput, SessionFacts } from '../../pipeline/facets/provider.js'
import type { Transcript, TranscriptMessage, TranscriptToolCall } from '../../pipeline/transcript.js'

type Line = Omit<TranscriptMessage, 'ordinal' | 'at'>

let callNumber = 0

export function human(text: string): Line {
  return { role: 'human', text, toolCalls: [] }
}

export function agent(text: string): Line {
  return { role: 'assistant', text, toolCalls: [] }
}

export function note(text: string): Line {
  return { role: 'note', text, toolCalls: [] }
}

export const stop: Line = note('[Request interrupted by user]')

/** A tool call and its answer; without an answer the log ends before it. */
export function call(
  name: string,
  input: TranscriptToolCall['input'],
  answer?: string,
  isError = false,
): Line[] {
  callNumber += 1
  const id = `call-${callNumber}`
  const asked: Line = { role: 'assistant', text: '', toolCalls: [{ id, name, input, isError: false }] }
  if (answer === undefined) return [asked]
  return [asked, { role: 'tool', text: answer, toolCalls: [{ id, name, input: {}, isError }] }]
}

export const edit = (path: string): Line[] => call('Edit', { file_path: path }, 'The file has been updated.')
export const bash = (command: string, answer: string, isError = false): Line[] =>
  call('Bash', { command }, answer, isError)
export const refused = (name: string, input: TranscriptToolCall['input'], reason = ''): Line[] =>
  call(name, input, `The user doesn't want to proceed with this tool use.${reason}`, true)

export function talk(...lines: readonly (Line | readonly Line[])[]): Transcript {
  const messages = lines.flat().map((line, i) => ({
    ...line,
    ordinal: i + 1,
    at: new Date(Date.UTC(2026, 1, 2, 9, 0, i)).toISOString(),
  }))
  return { sessionId: 's1', title: null, messages }
}

export function facts(changes: Partial<SessionFacts> = {}): SessionFacts {
  return {
    session_id: 's1',
    source: 'claude-code',
    project: '/home/dev/garden-planner',
    started_at: '2026-02-02T09:00:00.000Z',
    ended_at: '2026-02-02T10:00:00.000Z',
    local_date: '2026-02-02',
    prompt_count: 2,
    turn_count: 2,
    tool_call_count: 4,
    error_count: 0,
    interruption_count: 0,
    files_touched_count: 1,
    lines_added: 12,
    lines_deleted: 3,
    completion_status: 'completed',
    primary_task_category: null,
    is_subagent: false,
    entrypoint: 'cli',
    content_key: 'k1',
    ...changes,
  }
}

export const noContext: FacetInput['context'] = {
  businesses: [],
  priorities: [],
  skills: [],
  people: [],
  hourly_rate_usd: null,
}

export function inputOf(transcript: Transcript, changes: Partial<FacetInput> = {}): FacetInput {
  return { session: facts(), transcript, context: noContext, privacy: 'summaries', ...changes }
}
