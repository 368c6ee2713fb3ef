import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { runReport, runSync } from '../../pipeline/run.js'
import { undrawn, writeSession } from '../forget/small-logs.js'
import { startAnthropicServer, testKey } from '../support/llm-servers.js'
import { createWorkspace, queryMarts, type Workspace } from '../support/workspace.js'
import { writeWeeks } from '../tips/correction-logs.js'

const week = '2026-W03'

/** A week whose corrections are a tip, with a model for the letter and tips. */
async function loaded(env: Record<string, string>, baseUrl: string): Promise<Workspace> {
  const workspace = createWorkspace({
    now: '2026-03-04T00:00:00Z',
    env,
    change: (config) => ({
      ...config,
      narrative: { ...config.narrative, provider: 'anthropic', base_url: baseUrl },
    }),
  })
  writeWeeks(workspace.home, { '2026-01-12': 8 })
  // Below three sessions a letter has no sections, and nobody is asked for it.
  writeSession(workspace.home, {
    id: 'third',
    directory: join(workspace.home, 'work'),
    startedAt: '2026-01-14T10:00:00Z',
  })
  await runSync(workspace.ctx)
  return workspace
}

const report = ({ ctx }: Workspace) => runReport(ctx, { kind: 'weekly', label: week, isAll: false }, undrawn)
const page = ({ ctx }: Workspace) =>
  readFileSync(join(ctx.config.paths.site, 'weekly', week, 'report.md'), 'utf8')
const purposes = ({ ctx }: Workspace) =>
  queryMarts(ctx.config, 'select purpose, subject, status from marts.model_requests order by purpose')

test('a model writes the letter and the tips once; its own numbers are left out of both', async () => {
  const server = await startAnthropicServer()
  onTestFinished(() => server.stop())
  server.otherwise = ({ system }) => ({
    kind: 'answer',
    text: system.includes('tips')
      ? JSON.stringify({
          tips: [
            {
              rule: 'corrections',
              observation: 'You had to put things right rather often.',
              recommendation: 'Save $4,711 by saying less.',
              expected_benefit: 'Fewer rounds.',
            },
          ],
        })
      : '## At a glance\n\n- A calm week, told by a model.\n\n### Where your attention went\n\nMost of the time went into one place. It saved $4,711.\n',
  })
  const workspace = await loaded({ ANTHROPIC_API_KEY: testKey }, server.baseUrl)
  await report(workspace)
  const first = page(workspace)
  expect(first).toContain('A calm week, told by a model.')
  expect(first).toContain('You had to put things right rather often.')
  expect(first).not.toContain('4,711')
  expect(await queryMarts(workspace.ctx.config, 'select extractor from marts.tips')).toEqual([
    { extractor: 'anthropic' },
  ])
  await report(workspace)
  expect(page(workspace)).toBe(first)
  expect(await purposes(workspace)).toEqual([
    { purpose: 'letter', subject: `weekly/${week}`, status: 'answered' },
    { purpose: 'tips', subject: `weekly/${week}`, status: 'answered' },
  ])
  expect(server.questions).toHaveLength(2)
})

test('without a key the rules write, and a warning says why', async () => {
  const workspace = await loaded({}, 'http://127.0.0.1:9')
  await report(workspace)
  expect(page(workspace)).toContain('Written by rules, without a model.')
  const warnings = workspace.events.filter(({ action }) => action === 'warn')
  expect(warnings.map(({ step }) => step)).toEqual(['tips', 'letter'])
  expect(warnings[0]?.message).toContain('ANTHROPIC_API_KEY')
})
