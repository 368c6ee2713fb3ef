// One session's file as the agent writes it: a clock, a chain of uuids, a growing context, line by line.
import type { LogFile } from './log-file.js'
import type { Random } from './random.js'
import type { Tally, Usage } from './totals.js'
import type { AgentVersion } from './versions.js'
import { hourMs, minuteMs } from './weeks.js'

export type Line = Record<string, unknown>
export type Block = Record<string, unknown>

export interface LogIdentity {
  readonly sessionId: string
  /** Set on a sub-agent's log; its lines carry the parent's session id. */
  readonly agentId: string | null
  readonly cwd: string
  readonly gitBranch: string
  readonly version: AgentVersion
  readonly model: string
}

export class SessionLog {
  /** The prompt that is being answered, by its own id. */
  promptId: string
  private parentUuid: string | null = null
  private contextTokens = 0
  private lastCallMs = 0

  constructor(
    readonly identity: LogIdentity,
    readonly file: LogFile,
    readonly random: Random,
    readonly tally: Tally,
    public nowMs: number,
    private readonly onLine: (line: Line) => void = () => {},
  ) {
    this.promptId = random.uuid()
  }

  get version(): AgentVersion {
    return this.identity.version
  }

  get needsCompaction(): boolean {
    return this.contextTokens > 150_000
  }

  /** Tokens in the context so far. */
  get context(): number {
    return this.contextTokens
  }

  wait(leastSeconds: number, mostSeconds: number): void {
    this.nowMs += this.random.int(leastSeconds * 1000, mostSeconds * 1000)
  }

  /** Text that a human typed. */
  human(content: string | Block[]): void {
    this.promptId = this.random.uuid()
    this.tally.inWeek('prompts', this.nowMs)
    this.user(content, this.version.hasAttachments ? { permissionMode: 'default' } : {})
  }

  /** A line of type user; whoever calls knows whether a human stands behind it. */
  user(content: string | Block[], fields: Line = {}): void {
    const promptId = this.version.hasPromptIds ? { promptId: this.promptId } : {}
    this.line('user', { ...promptId, message: { role: 'user', content }, ...fields })
  }

  /** One model call, written as one line per block, as streaming does. */
  reply(blocks: readonly Block[]): void {
    const { random, identity, version } = this
    const usage = this.nextUsage()
    this.tally.call(identity.model, usage, this.nowMs)
    const id = `msg_01${random.letters(22)}`
    const requestId = `req_011C${random.letters(20)}`
    blocks.forEach((block, i) => {
      if (i > 0) this.nowMs += random.int(200, 2500)
      if (block.type === 'tool_use') this.tally.inWeek('toolCalls', this.nowMs)
      const isLast = i === blocks.length - 1
      const isFinal = isLast || version.finalOutputOn === 'every'
      const stopReason = isFinal ? (blocks.at(-1)?.type === 'tool_use' ? 'tool_use' : 'end_turn') : null
      const shown = isFinal ? usage : { ...usage, outputTokens: Math.min(usage.outputTokens, 1 + i) }
      this.line('assistant', {
        message: {
          model: identity.model,
          id,
          type: 'message',
          role: 'assistant',
          content: [block],
          stop_reason: stopReason,
          stop_sequence: null,
          usage: this.loggedUsage(shown),
        },
        requestId,
      })
    })
  }

  /** A line in the chain: it carries the envelope and names the line before it. */
  line(type: string, fields: Line): void {
    const { identity, version } = this
    const uuid = this.random.uuid()
    const line: Line = {
      parentUuid: this.parentUuid,
      isSidechain: identity.agentId !== null,
      userType: 'external',
      ...(version.hasPromptIds ? { entrypoint: 'cli' } : {}),
      cwd: identity.cwd,
      sessionId: identity.sessionId,
      version: version.version,
      ...(version.hasGitBranch ? { gitBranch: identity.gitBranch } : {}),
      ...(identity.agentId === null ? {} : { agentId: identity.agentId }),
      type,
      ...fields,
      uuid,
      timestamp: this.timestamp,
    }
    this.file.write(JSON.stringify(line))
    this.parentUuid = uuid
    this.onLine(line)
  }

  /** A line outside the chain, such as a title or a snapshot. */
  bare(line: Line): void {
    this.file.write(JSON.stringify(line))
  }

  get timestamp(): string {
    return new Date(this.nowMs).toISOString()
  }

  /** The conversation starts again from its summary. */
  compact(): void {
    const preTokens = this.contextTokens
    this.tally.count('compactions')
    this.contextTokens = 0
    this.line('system', {
      parentUuid: null,
      logicalParentUuid: this.parentUuid,
      subtype: 'compact_boundary',
      content: 'Conversation compacted',
      isMeta: false,
      level: 'info',
      compactMetadata: { trigger: 'auto', preTokens },
    })
    this.user(
      'This session is being continued from a previous conversation that ran out of context. ' +
        'The conversation is summarized below: the change is half done, the tests pass.',
      { isVisibleInTranscriptOnly: true, isCompactSummary: true },
    )
  }

  private nextUsage(): Usage {
    const { random } = this
    const isFirst = this.contextTokens === 0
    const growth = isFirst ? random.int(14_000, 24_000) : random.int(300, 4_800)
    const isExpired = this.nowMs - this.lastCallMs > (this.writesHourCache ? hourMs : 5 * minuteMs)
    const written = isExpired ? this.contextTokens + growth : growth
    const read = isExpired ? 0 : this.contextTokens
    this.contextTokens += growth
    this.lastCallMs = this.nowMs
    return {
      inputTokens: random.int(1, 12),
      outputTokens: 40 + Math.round(random.fraction() ** 2 * 1_400),
      cacheReadTokens: read,
      cacheWrite5mTokens: this.writesHourCache ? 0 : written,
      cacheWrite1hTokens: this.writesHourCache ? written : 0,
    }
  }

  private get writesHourCache(): boolean {
    return this.identity.agentId === null && (this.version.mirrorsSubagents || this.version.hasAttachments)
  }

  private loggedUsage(usage: Usage): Line {
    return {
      input_tokens: usage.inputTokens,
      cache_creation_input_tokens: usage.cacheWrite5mTokens + usage.cacheWrite1hTokens,
      cache_read_input_tokens: usage.cacheReadTokens,
      ...(this.version.hasCacheTiers
        ? {
            cache_creation: {
              ephemeral_5m_input_tokens: usage.cacheWrite5mTokens,
              ephemeral_1h_input_tokens: usage.cacheWrite1hTokens,
            },
          }
        : {}),
      output_tokens: usage.outputTokens,
      service_tier: 'standard',
    }
  }
}
