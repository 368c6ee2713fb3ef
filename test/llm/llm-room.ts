// What the tests of language models share: a loopback server, a ledger, and an asker of the provider under test.
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { z } from 'zod'
import type { Config, LlmSpec } from '../../pipeline/config.js'
import { openAsker } from '../../pipeline/llm/asker.js'
import type { CostCaps } from '../../pipeline/llm/budget.js'
import type { Asker, LlmClient, LlmMatter, LlmRequest } from '../../pipeline/llm/client.js'
import { LlmError } from '../../pipeline/llm/client.js'
import { openClient } from '../../pipeline/llm/open.js'
import type { Database, Row } from '../../pipeline/warehouse/db.js'
import { openLedger } from '../../pipeline/warehouse/ledger.js'
import { claudeCliFolder } from '../support/claude-cli.js'
import { type LlmServer, startAnthropicServer, startOpenAiServer, testKey } from '../support/llm-servers.js'
import { createWorkspace, type Workspace } from '../support/workspace.js'

export type Provider = 'anthropic' | 'openai-compatible' | 'claude-cli'

export const usualModels: Readonly<Record<Provider, string>> = {
  anthropic: 'claude-haiku-4-5-20251001',
  'openai-compatible': 'gpt-5-mini',
  'claude-cli': 'claude-haiku-4-5-20251001',
}

export interface LlmRoom {
  readonly workspace: Workspace
  readonly server: LlmServer
  readonly client: LlmClient
  readonly ledger: Database
  readonly asker: Asker
  /** Another asker of the same client, as another run has it. */
  openAsker(caps?: CostCaps, change?: { runId?: string; now?: string; timezone?: string }): Promise<Asker>
  /** state.model_requests, in order. */
  requests(): Promise<Row[]>
}

export interface RoomOptions {
  readonly spec?: Partial<LlmSpec>
  readonly env?: Record<string, string>
  readonly caps?: CostCaps
  readonly server?: LlmServer
  readonly change?: (config: Config) => Config
}

export const noCaps: CostCaps = { run: null, month: null }

const environments: Readonly<Record<Provider, Record<string, string>>> = {
  anthropic: { ANTHROPIC_API_KEY: testKey },
  'openai-compatible': { OPENAI_API_KEY: testKey },
  'claude-cli': {
    ANTHROPIC_AUTH_TOKEN: testKey,
    PATH: `${claudeCliFolder}:${process.env.PATH ?? ''}`,
  },
}

export async function openRoom(provider: Provider, options: RoomOptions = {}): Promise<LlmRoom> {
  const server =
    options.server ??
    (await (provider === 'openai-compatible' ? startOpenAiServer() : startAnthropicServer()))
  const workspace = createWorkspace({
    now: '2026-03-10T12:00:00Z',
    env: options.env ?? environments[provider],
    change: options.change ?? ((config) => config),
  })
  const { config } = workspace.ctx
  const spec: LlmSpec = {
    provider,
    model: usualModels[provider],
    base_url: server.baseUrl,
    api_key_env: null,
    timeout_seconds: 40,
    ...options.spec,
  }
  const client = await openClient(spec, config, 'facets')
  const ledger = await openLedger(join(workspace.folder, 'ledger.duckdb'))
  onTestFinished(async () => {
    ledger.close()
    await server.stop()
  })
  const open: LlmRoom['openAsker'] = (caps = noCaps, { runId, now, timezone } = {}) =>
    openAsker(
      client,
      ledger,
      {
        ...workspace.ctx,
        config: { ...config, timezone: timezone ?? config.timezone },
        run: { id: runId ?? 'run-1' },
        now: () => new Date(now ?? workspace.ctx.now()),
      },
      caps,
    )
  return {
    workspace,
    server,
    client,
    ledger,
    asker: await open(options.caps),
    openAsker: open,
    requests: () => ledger.rows('select * exclude (request_id) from state.model_requests order by rowid'),
  }
}

export const matter: LlmMatter = { purpose: 'facets', subject: 'session-1' }

export const verdictSchema = z.strictObject({ verdict: z.enum(['good', 'bad']), reason: z.string().max(80) })

export const question: LlmRequest = {
  system: 'You judge conversations.',
  user: 'Was this one good?',
  schema: verdictSchema,
  maxOutputTokens: 777,
}

/** The LlmError that something ends in; anything else that is thrown, or nothing, fails the test. */
export async function llmErrorFrom(work: Promise<unknown>): Promise<LlmError> {
  const outcome = await work.catch((error: unknown) => error)
  if (outcome instanceof LlmError) return outcome
  throw new Error(`expected an LlmError, got ${String(outcome)}`, { cause: outcome })
}
