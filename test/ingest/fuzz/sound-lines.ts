// Small valid lines of every kind that Claude Code writes, and of one that it may write some day.
import type { Random } from '../../../pipeline/demo/random.js'

export type Line = Record<string, unknown>

const sessionId = '00000000-0000-4000-8000-00000000f022'

export function makeSoundLine(random: Random): Line {
  return random.pick(kinds)(random)
}

const kinds: readonly ((random: Random) => Line)[] = [
  (random) =>
    asked(random, random.pick(['Fix the oven timer', 'no, "that" is {wrong}', '日本 – 😀', '\\ \n\t'])),
  (random) => asked(random, [{ type: 'text', text: 'Round it up' }]),
  (random) => ({ ...asked(random, '<system-reminder>x</system-reminder>'), isMeta: true }),
  (random) => ({ ...asked(random, 'This session is being continued'), isCompactSummary: true }),
  (random) => ({
    ...asked(random, [{ type: 'tool_result', tool_use_id: 't1', content: 'done' }]),
    toolUseResult: { type: 'update', structuredPatch: [{ lines: ['-a', '+b', ' c'] }] },
  }),
  (random) =>
    asked(random, [{ type: 'tool_result', tool_use_id: 't1', is_error: true, content: 'Exit code 1' }]),
  (random) => answered(random, [{ type: 'text', text: 'It is done.' }]),
  (random) =>
    answered(random, [{ type: 'tool_use', id: 't1', name: 'Bash', input: { command: 'npm test' } }]),
  (random) => ({ ...answered(random, []), isSidechain: true, agentId: random.hex(8) }),
  (random) => ({ ...answered(random, []), isApiErrorMessage: true }),
  (random) => timed(random, 'system', { subtype: 'compact_boundary', content: 'Compacted' }),
  (random) =>
    timed(random, 'attachment', {
      attachment: { type: 'queued_command', prompt: 'And the units', commandMode: 'prompt' },
    }),
  (random) => timed(random, 'progress', { data: { type: 'hook_progress' } }),
  (random) =>
    timed(random, 'progress', {
      data: { type: 'agent_progress', agentId: random.hex(8), message: answered(random, []) },
    }),
  (random) => ({ type: 'queue-operation', operation: 'enqueue', timestamp: instant(random), sessionId }),
  (random) => ({ type: 'summary', summary: 'The oven', leafUuid: random.uuid() }),
  (random) => ({
    type: 'file-history-snapshot',
    messageId: random.uuid(),
    snapshot: { trackedFileBackups: {} },
  }),
  (random) => timed(random, 'not-seen-yet', { weight: random.int(0, 9), nested: { list: [1, null, 'x'] } }),
]

function timed(random: Random, type: string, fields: Line): Line {
  return {
    parentUuid: null,
    isSidechain: false,
    cwd: '/home/dev/recipe-box',
    sessionId,
    version: '2.1.119',
    gitBranch: 'main',
    type,
    uuid: random.uuid(),
    timestamp: instant(random),
    ...fields,
  }
}

function asked(random: Random, content: unknown): Line {
  return timed(random, 'user', { message: { role: 'user', content } })
}

function answered(random: Random, content: unknown): Line {
  const count = (): number => random.int(0, 100_000)
  const [fiveMinutes, oneHour] = [count(), count()]
  return timed(random, 'assistant', {
    requestId: `req_${random.letters(12)}`,
    message: {
      id: `msg_${random.letters(12)}`,
      role: 'assistant',
      model: 'claude-opus-4-6',
      content,
      usage: {
        input_tokens: count(),
        output_tokens: count(),
        cache_read_input_tokens: count(),
        cache_creation_input_tokens: fiveMinutes + oneHour,
        cache_creation: { ephemeral_5m_input_tokens: fiveMinutes, ephemeral_1h_input_tokens: oneHour },
        server_tool_use: { web_search_requests: random.int(0, 3) },
        service_tier: 'standard',
      },
    },
  })
}

function instant(random: Random): string {
  return new Date(
    Date.UTC(2026, 1, random.int(1, 28), 10, random.int(0, 59), random.int(0, 59)),
  ).toISOString()
}
