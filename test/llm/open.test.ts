import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { LlmSpec } from '../../pipeline/config.js'
import { defaultModels, openClient } from '../../pipeline/llm/open.js'
import { seedFile } from '../../pipeline/warehouse/read-sql.js'
import { createWorkspace } from '../support/workspace.js'

const nothing: LlmSpec = {
  provider: 'rules',
  model: null,
  base_url: null,
  api_key_env: null,
  timeout_seconds: 9,
}

const open = (
  spec: Partial<LlmSpec>,
  env: Record<string, string> = {},
  role: 'facets' | 'narrative' = 'facets',
) => openClient({ ...nothing, ...spec }, createWorkspace({ env }).ctx.config, role)

describe('a client', () => {
  it('of Anthropic needs a key, and has a model by what it is for', async () => {
    const env = { ANTHROPIC_API_KEY: 'sk-test' }
    expect((await open({ provider: 'anthropic' }, env)).model).toBe(defaultModels.facets)
    expect((await open({ provider: 'anthropic' }, env, 'narrative')).model).toBe(defaultModels.narrative)
    await expect(open({ provider: 'anthropic' })).rejects.toMatchObject({
      name: 'UserError',
      message: 'facets.provider anthropic needs a key, and the environment has no ANTHROPIC_API_KEY',
      hint: 'Set ANTHROPIC_API_KEY, or use facets.provider: rules, which needs none.',
    })
  })

  it('needs the key that the configuration names, and no other', async () => {
    const spec = { provider: 'anthropic', api_key_env: 'WORK_KEY' } as const
    await expect(open(spec, { ANTHROPIC_API_KEY: 'sk-test' })).rejects.toThrow('no WORK_KEY')
  })

  it('of a compatible server needs its address and a model', async () => {
    const spec = { provider: 'openai-compatible', base_url: 'http://127.0.0.1:9/v1' } as const
    await expect(open({ ...spec, base_url: null, model: 'm' }, {}, 'narrative')).rejects.toMatchObject({
      name: 'UserError',
      message: 'narrative.provider openai-compatible needs narrative.base_url',
    })
    await expect(open(spec)).rejects.toMatchObject({ name: 'UserError', hint: /facets\.model/ })
    expect(await open({ ...spec, model: 'm' })).toMatchObject({ name: 'openai-compatible', model: 'm' })
  })

  it('asks by default for models that the price table knows', () => {
    const known = readFileSync(seedFile('model_prices'), 'utf8')
      .split('\n')
      .map((line) => line.split(',')[0])
    for (const model of Object.values(defaultModels)) expect(known).toContain(model)
  })
})
