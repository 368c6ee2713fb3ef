// Which language model answers: one factory for each provider that the configuration may name.
import type { Config, LlmSpec } from '../config.js'
import { UserError } from '../errors.js'
import type { LlmClient } from './client.js'

export type LlmRole = 'facets' | 'narrative'
export type LlmProvider = Exclude<LlmSpec['provider'], 'rules'>

/** Facets are many and small, the letter is one and is read by a person. */
export const defaultModels: Readonly<Record<LlmRole, string>> = {
  facets: 'claude-haiku-4-5-20251001',
  narrative: 'claude-sonnet-5',
}

interface Wanted {
  readonly spec: LlmSpec
  readonly config: Config
  readonly role: LlmRole
}

/** A provider without a factory does not compile. Each imports its SDK itself: most runs ask nobody. */
const factories: Readonly<Record<LlmProvider, (wanted: Wanted) => Promise<LlmClient>>> = {
  anthropic: async (wanted) => {
    const { openAnthropic } = await import('./anthropic.js')
    const key = keyOf(wanted, 'ANTHROPIC_API_KEY')
    if (key === null) throw missingKey(wanted, 'ANTHROPIC_API_KEY')
    const { model, base_url: baseUrl } = wanted.spec
    return openAnthropic({
      model: model ?? defaultModels[wanted.role],
      baseUrl,
      key,
      timeoutMs: timeoutOf(wanted),
    })
  },
  'openai-compatible': async (wanted) => {
    const { openOpenAiCompatible } = await import('./openai-compatible.js')
    const { spec, role } = wanted
    const baseUrl = spec.base_url ?? missing(role, 'base_url', 'such as http://localhost:11434/v1 for Ollama')
    const model = spec.model ?? missing(role, 'model', 'one that the server has')
    const key = keyOf(wanted, 'OPENAI_API_KEY')
    if (key === null && spec.api_key_env !== null) throw missingKey(wanted, spec.api_key_env)
    return openOpenAiCompatible({ model, baseUrl, key, timeoutMs: timeoutOf(wanted) })
  },
  'claude-cli': async (wanted) => {
    const { openClaudeCli } = await import('./claude-cli.js')
    const { spec, role } = wanted
    const key = keyOf(wanted, null)
    if (key === null && spec.api_key_env !== null) throw missingKey(wanted, spec.api_key_env)
    return openClaudeCli({
      model: spec.model ?? defaultModels[role],
      baseUrl: spec.base_url,
      key,
      timeoutMs: timeoutOf(wanted),
      env: environmentWithoutSecrets(wanted.config),
    })
  },
}

/** Throws UserError where a key, a model or an address is missing. Not for `rules`, which ask nobody. */
export async function openClient(spec: LlmSpec, config: Config, role: LlmRole): Promise<LlmClient> {
  if (spec.provider === 'rules') throw new Error('expected a provider that is asked, got rules')
  return factories[spec.provider]({ spec, config, role })
}

function timeoutOf({ spec }: Wanted): number {
  return spec.timeout_seconds * 1000
}

/** Revealed here, and handed on to the SDK alone. */
function keyOf({ spec, config }: Wanted, usual: string | null): string | null {
  const variable = spec.api_key_env ?? usual
  return variable === null ? null : (config.secrets[variable]?.reveal() ?? null)
}

function missingKey({ spec, role }: Wanted, usual: string): UserError {
  const variable = spec.api_key_env ?? usual
  return new UserError(
    `${role}.provider ${spec.provider} needs a key, and the environment has no ${variable}`,
    `Set ${variable}, or use ${role}.provider: rules, which needs none.`,
  )
}

function missing(role: LlmRole, key: 'model' | 'base_url', example: string): never {
  throw new UserError(
    `${role}.provider openai-compatible needs ${role}.${key}`,
    `Set ${role}.${key}: ${example}.`,
  )
}

/** Variables by which an agent's session tells the programs that it starts that they run inside it. */
const sessionVariables = /^(CLAUDECODE|CLAUDE_CODE_(ENTRYPOINT|SESSION_ID|SSE_PORT|CHILD_SESSION|EXECPATH))$/

/** With an API key in it, `claude` would bill that instead of the subscription; the other secrets are none of its business. */
function environmentWithoutSecrets({ commandEnv, secrets }: Config): Record<string, string | undefined> {
  const kept = Object.entries(commandEnv()).filter(
    ([name]) => !(name in secrets) && !sessionVariables.test(name),
  )
  return Object.fromEntries(kept)
}
