// Whether the language models that the configuration names can be asked, found out at no cost: none of them is asked.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Config, LlmSpec } from '../config.js'
import { type Probe, probe, probeTimeoutMs, statusOf } from '../probe.js'
import { defaultModels, type LlmProvider, type LlmRole } from './open.js'

/** By the list of models, or the version of the command: both are free. */
export async function probeModels(config: Config): Promise<Probe[]> {
  return Promise.all((['facets', 'narrative'] as const).flatMap((role) => probeRole(config, role)))
}

function probeRole(config: Config, role: LlmRole): Promise<Probe>[] {
  const spec = config[role]
  if (spec.provider === 'rules') return []
  const { provider } = spec
  const advice = `Mend ${role} in the configuration; until then rules stand in.`
  return [probe({ part: role, subject: provider, advice }, () => looks[provider](spec, config, role))]
}

type Look = (spec: LlmSpec, config: Config, role: LlmRole) => Promise<string>

const looks: Readonly<Record<LlmProvider, Look>> = {
  anthropic: async (spec, config, role) => {
    const key = requireKey(spec, config, 'ANTHROPIC_API_KEY')
    const model = spec.model ?? defaultModels[role]
    const base = (spec.base_url ?? 'https://api.anthropic.com').replace(/\/+$/, '')
    const status = await statusOf(`${base}/v1/models/${encodeURIComponent(model)}`, {
      'x-api-key': key,
      'anthropic-version': '2023-06-01',
    })
    return explain(status, model)
  },
  'openai-compatible': async (spec, config) => {
    if (spec.base_url === null || spec.model === null) throw new Error('it needs base_url and model')
    const variable = spec.api_key_env ?? 'OPENAI_API_KEY'
    const key =
      spec.api_key_env === null ? config.secrets[variable]?.reveal() : requireKey(spec, config, variable)
    const headers: Record<string, string> = key === undefined ? {} : { authorization: `Bearer ${key}` }
    return explain(await statusOf(`${spec.base_url.replace(/\/+$/, '')}/models`, headers), spec.model)
  },
  'claude-cli': async (_, { commandEnv }) => {
    const { PATH, HOME } = commandEnv()
    const { stdout } = await promisify(execFile)('claude', ['--version'], {
      env: { PATH, HOME },
      timeout: probeTimeoutMs,
    })
    return `claude ${stdout.trim()}`
  },
}

function requireKey(spec: LlmSpec, { secrets }: Config, usual: string): string {
  const variable = spec.api_key_env ?? usual
  const key = secrets[variable]?.reveal()
  if (key === undefined) throw new Error(`the environment has no ${variable}`)
  return key
}

function explain(status: number, model: string): string {
  if (status === 401 || status === 403) throw new Error(`the key is not accepted (${status})`)
  if (status === 404) throw new Error(`there is no model ${model}, or no such address (404)`)
  if (status !== 200) throw new Error(`the server answered ${status}`)
  return `it answers; ${model}`
}
