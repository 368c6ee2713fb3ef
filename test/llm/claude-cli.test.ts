import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { claudeCliFolder, claudeCliMissing } from '../support/claude-cli.js'
import { testKey } from '../support/llm-servers.js'
import { llmErrorFrom, matter, openRoom, question } from './llm-room.js'

const provider = 'claude-cli'
const title = `the claude command${claudeCliMissing === null ? '' : ' (skipped: needs CLAUDE_CLI)'}`

describe.skipIf(claudeCliMissing !== null)(title, () => {
  it('writes no transcript, and sends nothing of what it finds on the machine', async () => {
    const { asker, server, workspace } = await openRoom(provider)
    const settings = join(workspace.home, '.claude')
    mkdirSync(settings, { recursive: true })
    writeFileSync(join(settings, 'CLAUDE.md'), 'Always mention the heron.')
    writeFileSync(
      join(settings, 'settings.json'),
      JSON.stringify({ env: { ANTHROPIC_CUSTOM_HEADERS: 'x-heron: 1' } }),
    )
    await asker.ask({ ...question, schema: null }, matter)
    expect(existsSync(join(settings, 'projects'))).toBe(false)
    const posted = server.requests.filter(({ method }) => method === 'POST')
    expect(posted).toHaveLength(1)
    expect(posted[0]?.body).toMatchObject({ tools: [], thinking: { type: 'disabled' } })
    expect(JSON.stringify(posted[0])).not.toContain('heron')
    expect(posted[0]?.bodyText.length).toBeLessThan(1500)
  })

  it('leaves no folder behind, answered or not', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'debrief-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    vi.stubEnv('TMPDIR', folder)
    onTestFinished(() => void vi.unstubAllEnvs())
    await (await openRoom(provider)).asker.ask(question, matter)
    const { asker, server } = await openRoom(provider, { spec: { timeout_seconds: 2 } })
    server.otherwise = () => ({ kind: 'hang' })
    await llmErrorFrom(asker.ask(question, matter))
    expect(readdirSync(folder).filter((name) => name.startsWith('debrief-claude-'))).toEqual([])
  })

  it('is told the schema in words, and asked once', async () => {
    const { asker, server } = await openRoom(provider)
    server.replies.push({ kind: 'answer', text: 'No JSON at all.' })
    expect(await asker.ask(question, matter)).toMatchObject({ text: 'No JSON at all.' })
    expect(server.questions).toHaveLength(1)
    expect(server.questions[0]?.system).toContain('"verdict"')
  })

  it('uses the subscription, though the environment has a key, unless the configuration names that', async () => {
    const env = {
      ANTHROPIC_AUTH_TOKEN: testKey,
      ANTHROPIC_API_KEY: 'sk-ant-api03-of-another-account',
      DISCORD_WEBHOOK_URL: 'https://discord.com/api/webhooks/1/2',
      PATH: `${claudeCliFolder}:${process.env.PATH ?? ''}`,
    }
    const { asker, server } = await openRoom(provider, { env })
    await asker.ask(question, matter)
    const sent = JSON.stringify(server.requests.map(({ headers }) => headers))
    expect(sent).toContain(testKey)
    expect(sent).not.toContain('of-another-account')
    const { PATH } = env
    const keyed = await openRoom(provider, {
      env: { PATH, OPENAI_API_KEY: testKey },
      spec: { api_key_env: 'OPENAI_API_KEY' },
    })
    await keyed.asker.ask(question, matter)
    expect(keyed.server.requests.at(-1)?.headers['x-api-key']).toBe(testKey)
  })
})

describe('the claude command where it is not', () => {
  it('is misconfigured, and says what was looked for', async () => {
    const { asker } = await openRoom(provider, { env: { PATH: '/nowhere' } })
    expect(await llmErrorFrom(asker.ask(question, matter))).toMatchObject({
      failure: 'misconfigured',
      message: 'claude cannot be started: there is no such command on the PATH',
    })
  })
})
