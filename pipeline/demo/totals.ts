// What the generated logs hold, counted while they are made: the figures any reader must arrive at.
import { minuteMs, weekOf } from './weeks.js'

export interface TokenTotals {
  llmCalls: number
  inputTokens: number
  outputTokens: number
  cacheReadTokens: number
  cacheWrite5mTokens: number
  cacheWrite1hTokens: number
}

export interface WeekTotals extends TokenTotals {
  /** Main sessions that began in the week. */
  sessions: number
  prompts: number
  toolCalls: number
}

export interface GeneratedTotals extends TokenTotals {
  sessions: number
  subagentSessions: number
  prompts: number
  toolCalls: number
  /** Answers marked `is_error`, rejected ones included. */
  toolErrors: number
  rejections: number
  interruptions: number
  /** Replies of `<synthetic>` that tell of a failed request. */
  apiErrors: number
  compactions: number
  files: number
  lines: number
  /** Lines that hold no whole object. */
  badLines: number
  /** Lines that hold two objects. */
  gluedLines: number
  bytes: number
  models: Record<string, TokenTotals>
  weeks: Record<string, WeekTotals>
}

export interface Usage {
  readonly inputTokens: number
  readonly outputTokens: number
  readonly cacheReadTokens: number
  readonly cacheWrite5mTokens: number
  readonly cacheWrite1hTokens: number
}

type Counter =
  | 'toolErrors'
  | 'rejections'
  | 'interruptions'
  | 'apiErrors'
  | 'compactions'
  | 'badLines'
  | 'gluedLines'

export class Tally {
  readonly totals: GeneratedTotals = {
    ...noTokens(),
    sessions: 0,
    subagentSessions: 0,
    prompts: 0,
    toolCalls: 0,
    toolErrors: 0,
    rejections: 0,
    interruptions: 0,
    apiErrors: 0,
    compactions: 0,
    files: 0,
    lines: 0,
    badLines: 0,
    gluedLines: 0,
    bytes: 0,
    models: {},
    weeks: {},
  }

  constructor(private readonly utcOffsetMinutes: number) {}

  call(model: string, usage: Usage, atMs: number): void {
    this.totals.models[model] ??= noTokens()
    for (const totals of [this.totals, this.totals.models[model], this.week(atMs)]) addCall(totals, usage)
  }

  count(counter: Counter): void {
    this.totals[counter]++
  }

  inWeek(counter: 'sessions' | 'prompts' | 'toolCalls', atMs: number): void {
    this.totals[counter]++
    this.week(atMs)[counter]++
  }

  subagentSession(): void {
    this.totals.subagentSessions++
  }

  file(lines: number, bytes: number): void {
    this.totals.files++
    this.totals.lines += lines
    this.totals.bytes += bytes
  }

  private week(atMs: number): WeekTotals {
    const week = weekOf(atMs + this.utcOffsetMinutes * minuteMs)
    this.totals.weeks[week] ??= { ...noTokens(), sessions: 0, prompts: 0, toolCalls: 0 }
    return this.totals.weeks[week]
  }
}

function noTokens(): TokenTotals {
  return {
    llmCalls: 0,
    inputTokens: 0,
    outputTokens: 0,
    cacheReadTokens: 0,
    cacheWrite5mTokens: 0,
    cacheWrite1hTokens: 0,
  }
}

function addCall(totals: TokenTotals, usage: Usage): void {
  totals.llmCalls++
  totals.inputTokens += usage.inputTokens
  totals.outputTokens += usage.outputTokens
  totals.cacheReadTokens += usage.cacheReadTokens
  totals.cacheWrite5mTokens += usage.cacheWrite5mTokens
  totals.cacheWrite1hTokens += usage.cacheWrite1hTokens
}
