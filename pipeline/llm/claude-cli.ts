// The user's own subscription: `claude -p`, started anew for each question, with nothing of its own about it.
import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as z from '../zod.js'
import { type LlmAnswer, type LlmClient, LlmError, type LlmRequest } from './client.js'
import { failureOf } from './http-failures.js'
import { schemaInWords } from './json-schema.js'

export interface ClaudeCliOptions {
  readonly model: string
  /** Another address for the command to ask; null for its own. */
  readonly baseUrl: string | null
  /** Null for the subscription that the command is logged in with. */
  readonly key: string | null
  readonly timeoutMs: number
  /** What the command finds in its environment, PATH among it. */
  readonly env: Readonly<Record<string, string | undefined>>
}

const name = 'claude-cli'
const command = 'claude'

const count = z.number().nonnegative().default(0)
const envelopeSchema = z.object({
  type: z.literal('result'),
  // `subtype` says "success" of failures too.
  is_error: z.boolean(),
  result: z.string().default(''),
  api_error_status: z.number().nullable().default(null),
  stop_reason: z.string().nullable().default(null),
  total_cost_usd: z.number().nonnegative().nullable().default(null),
  usage: z
    .object({
      input_tokens: count,
      output_tokens: count,
      cache_read_input_tokens: count,
      cache_creation_input_tokens: count,
    })
    .prefault({}),
  modelUsage: z.record(z.string(), z.object({ outputTokens: count })).default({}),
})
type Envelope = z.output<typeof envelopeSchema>

export function openClaudeCli(options: ClaudeCliOptions): LlmClient {
  return {
    name,
    model: options.model,
    ask: (request, onLost = () => {}) => ask(options, request, onLost),
    batches: null,
  }
}

async function ask(options: ClaudeCliOptions, request: LlmRequest, onLost: () => void): Promise<LlmAnswer> {
  // Empty, so that no project's instructions are found; and the system prompt does not stand in the list of processes.
  const folder = await mkdtemp(join(tmpdir(), 'debrief-claude-'))
  try {
    const systemFile = join(folder, 'system-prompt.txt')
    const inWords = request.schema === null ? '' : `\n\n${schemaInWords(request.schema)}`
    await writeFile(systemFile, request.system + inWords, { mode: 0o600 })
    const output = await runCommand(options, request, { folder, systemFile }, onLost)
    return readEnvelope(options.model, request, output, onLost)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** No tools, no settings, no servers, no skills; above all no transcript, which would be read as a session of the user's. */
function argumentsFor(model: string, systemFile: string): string[] {
  return [
    ...['-p', '--output-format', 'json', '--model', model, '--system-prompt-file', systemFile],
    ...['--tools', '', '--setting-sources', '', '--strict-mcp-config', '--disable-slash-commands'],
    '--no-session-persistence',
  ]
}

/** The command's environment: a key is in it only where the configuration names one for this provider. */
function environmentFor({ env, baseUrl, key }: ClaudeCliOptions, maxOutputTokens: number): NodeJS.ProcessEnv {
  return {
    ...env,
    ...(baseUrl === null ? {} : { ANTHROPIC_BASE_URL: baseUrl }),
    ...(key === null ? {} : { ANTHROPIC_API_KEY: key }),
    MAX_THINKING_TOKENS: '0',
    CLAUDE_CODE_MAX_OUTPUT_TOKENS: String(maxOutputTokens),
    CLAUDE_CODE_MAX_RETRIES: '3',
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    DISABLE_AUTOUPDATER: '1',
  }
}

interface Place {
  readonly folder: string
  readonly systemFile: string
}

function runCommand(
  options: ClaudeCliOptions,
  request: LlmRequest,
  { folder, systemFile }: Place,
  onLost: () => void,
): Promise<string> {
  const child = spawn(command, argumentsFor(options.model, systemFile), {
    cwd: folder,
    env: environmentFor(options, request.maxOutputTokens),
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    const timer = setTimeout(() => {
      child.kill('SIGKILL')
      onLost()
      reject(new LlmError('unavailable', `${command} gave no answer within ${options.timeoutMs / 1000} s`))
    }, options.timeoutMs)
    const settle = (work: () => void) => {
      clearTimeout(timer)
      work()
    }
    child.on('error', (error) => settle(() => reject(cannotStart(error))))
    child.stdout.on('data', (chunk: Buffer) => void chunks.push(chunk))
    child.on('close', () => settle(() => resolve(Buffer.concat(chunks).toString('utf8'))))
    child.stdin.on('error', () => {}) // It ended before it had read all; its output says why.
    child.stdin.end(request.user)
  })
}

function cannotStart(error: NodeJS.ErrnoException): LlmError {
  const reason =
    error.code === 'ENOENT' ? 'there is no such command on the PATH' : (error.code ?? 'it failed')
  return new LlmError('misconfigured', `${command} cannot be started: ${reason}`, null, { cause: error })
}

function readEnvelope(asked: string, request: LlmRequest, output: string, onLost: () => void): LlmAnswer {
  const envelope = parseEnvelope(output)
  if (envelope === null) {
    onLost()
    throw new LlmError(
      'unavailable',
      `expected one JSON result from ${command}, got ${output.length} characters`,
    )
  }
  const { usage, total_cost_usd: costUsd, stop_reason: stopReason } = envelope
  const billed = {
    model: modelOf(envelope) ?? asked,
    usage: {
      inputTokens: usage.input_tokens,
      outputTokens: usage.output_tokens,
      cacheReadTokens: usage.cache_read_input_tokens,
      cacheWriteTokens: usage.cache_creation_input_tokens,
    },
    reportedCostUsd: costUsd === null ? null : costUsd.toFixed(12),
  }
  if (stopReason === 'refusal') throw new LlmError('refused', `${billed.model} refused to answer`, billed)
  // Cut off at its limit, it asks for the rest by itself, and gives only the last part or none.
  if (usage.output_tokens > request.maxOutputTokens)
    throw new LlmError('unusable', `the answer of ${billed.model} was cut off at its limit of tokens`, billed)
  if (envelope.is_error) {
    const { failure, message } = failureIn(asked, envelope, onLost)
    throw new LlmError(failure, message, costUsd ? billed : null)
  }
  if (envelope.result.trim() === '')
    throw new LlmError('unusable', `the answer of ${billed.model} is empty`, billed)
  return { text: envelope.result, ...billed }
}

function parseEnvelope(output: string): Envelope | null {
  try {
    return envelopeSchema.safeParse(JSON.parse(output)).data ?? null
  } catch {
    return null
  }
}

/** The one that wrote the answer: the command may ask a smaller one beside it. */
function modelOf({ modelUsage }: Envelope): string | undefined {
  return Object.entries(modelUsage).sort(([, a], [, b]) => b.outputTokens - a.outputTokens)[0]?.[0]
}

/** The command has retried by itself. */
function failureIn(
  model: string,
  { api_error_status: status, result }: Envelope,
  onLost: () => void,
): LlmError {
  if (status === 401 || status === 403)
    return new LlmError('misconfigured', `${command} is not logged in, or may not use ${model}`)
  if (status === null) {
    onLost()
    return new LlmError('unavailable', `${command} lost the connection, or could not make one`)
  }
  const failure = failureOf(command, model, { status, message: result, retryAfter: null })
  return failure instanceof LlmError ? failure : new LlmError('unavailable', failure.message)
}
