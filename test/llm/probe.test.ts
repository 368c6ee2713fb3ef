import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Config, readConfig } from '../../pipeline/config.js'
import { probeModels } from '../../pipeline/llm/probe.js'
import { createWorkspace } from '../support/workspace.js'

const key = 'key-that-is-quite-a-secret'
let server: Server
let baseUrl: string
const asked: string[] = []
// The two lists of models, as Anthropic and OpenAI answer them.
beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`)
    const { 'x-api-key': own, authorization } = request.headers
    const isKnown = own === key || authorization === `Bearer ${key}`
    const isModel = ['/v1/models/claude-haiku-4-5-20251001', '/v1/models'].includes(request.url ?? '')
    response.writeHead(!isKnown ? 401 : isModel ? 200 : 404, { 'content-type': 'application/json' }).end('{}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => void server.close())

function look(facets: Partial<Config['facets']>, env: Record<string, string> = {}) {
  const { folder } = createWorkspace()
  const config = readConfig({ cwd: folder }, { HOME: folder, PATH: '/nowhere', ...env })
  return probeModels({ ...config, facets: { ...config.facets, ...facets } })
}

test('a look at a model asks for no answer that costs, and says whether key and model are known', async () => {
  const anthropic = { provider: 'anthropic', base_url: baseUrl } as const
  const [seen] = await look(anthropic, { ANTHROPIC_API_KEY: key })
  expect(seen).toMatchObject({
    part: 'facets',
    is_ok: true,
    message: 'it answers; claude-haiku-4-5-20251001',
  })
  const [unknown] = await look({ ...anthropic, model: 'no-such' }, { ANTHROPIC_API_KEY: key })
  expect(unknown?.message).toBe('there is no model no-such, or no such address (404)')
  const [refused] = await look(anthropic, { ANTHROPIC_API_KEY: 'another-secret-key' })
  expect([refused?.is_ok, refused?.message]).toEqual([false, 'the key is not accepted (401)'])
  const [keyless] = await look(anthropic)
  expect(keyless?.message).toBe('the environment has no ANTHROPIC_API_KEY')
  const local = { provider: 'openai-compatible', base_url: `${baseUrl}/v1`, model: 'qwen' } as const
  expect((await look(local, { OPENAI_API_KEY: key }))[0]).toMatchObject({
    is_ok: true,
    message: 'it answers; qwen',
  })
  expect(asked.every((request) => request.startsWith('GET /v1/models'))).toBe(true)
  expect(JSON.stringify([seen, unknown, refused])).not.toMatch(/secret/)
})

test('of a command that is not installed, and of rules', async () => {
  expect((await look({ provider: 'claude-cli' }))[0]).toMatchObject({ is_ok: false, subject: 'claude-cli' })
  expect(await look({})).toEqual([])
})
