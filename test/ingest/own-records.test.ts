import { mkdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import { runSync } from '../../pipeline/run.js'
import { createWorkspace, queryMarts, type Workspace } from '../support/workspace.js'

const totals = { lastComputedDate: '2026-02-09', totalSessions: 4 }

/** A home with one log, last changed on 9 February 2026. */
function createHome(): Workspace {
  const workspace = createWorkspace()
  const line = { sessionId: 's1', type: 'user', uuid: 'u1', timestamp: '2026-02-09T10:00:00Z' }
  const log = join(workspace.home, '.claude/projects/p/s1.jsonl')
  writeAt(log, JSON.stringify({ ...line, message: { role: 'user', content: 'Go on.' } }))
  return workspace
}

function writeAt(file: string, text: string, time = '2026-02-09T10:00:00Z'): void {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
  utimesSync(file, new Date(time), new Date(time))
}

const cacheOf = ({ home }: Workspace) => join(home, '.claude/stats-cache.json')
const settingsOf = ({ home }: Workspace) => join(home, '.claude/settings.json')
const warningsOf = ({ events }: Workspace) => events.filter(({ action }) => action === 'warn')
const sessionsOf = ({ ctx }: Workspace) =>
  queryMarts(ctx.config, `select amount from agent_totals where measure = 'session_count'`)
const deletionOf = ({ ctx }: Workspace) => queryMarts(ctx.config, 'select kept_days, deletes_at from files')

it('the agent’s totals are kept, and outlive their file', async () => {
  const workspace = createHome()
  writeAt(cacheOf(workspace), JSON.stringify(totals))
  await runSync(workspace.ctx)
  expect(await sessionsOf(workspace)).toEqual([{ amount: 4 }])
  rmSync(cacheOf(workspace))
  await runSync(workspace.ctx)
  expect(await sessionsOf(workspace)).toEqual([{ amount: 4 }])
  expect(warningsOf(workspace)).toEqual([])
})

it('the totals are read again when their file has changed, and replace the earlier ones', async () => {
  const workspace = createHome()
  writeAt(cacheOf(workspace), JSON.stringify(totals))
  await runSync(workspace.ctx)
  writeAt(cacheOf(workspace), JSON.stringify({ ...totals, totalSessions: 5 }), '2026-02-10T10:00:00Z')
  await runSync(workspace.ctx)
  expect(await sessionsOf(workspace)).toEqual([{ amount: 5 }])
})

it('a sync with nothing new neither reads them nor rebuilds anything', async () => {
  const workspace = createHome()
  writeAt(cacheOf(workspace), JSON.stringify(totals))
  await runSync(workspace.ctx)
  // As long and as old as before: were it read, it would be refused.
  writeAt(cacheOf(workspace), 'x'.repeat(JSON.stringify(totals).length))
  expect((await runSync(workspace.ctx)).build.isRebuilt).toBe(false)
  expect(warningsOf(workspace)).toEqual([])
})

it('a broken file is a warning that names it, and what was read before stays', async () => {
  const workspace = createHome()
  writeAt(cacheOf(workspace), JSON.stringify(totals))
  await runSync(workspace.ctx)
  writeAt(cacheOf(workspace), '{"version": 1, "dailyAct', '2026-02-10T10:00:00Z')
  await runSync(workspace.ctx)
  expect(warningsOf(workspace)).toEqual([
    expect.objectContaining({
      subject: cacheOf(workspace),
      message: expect.stringMatching(
        /^expected the agent's own totals as JSON; .*Its earlier ones are kept$/,
      ),
    }),
  ])
  expect(await sessionsOf(workspace)).toEqual([{ amount: 4 }])
})

it('a log goes as many days after its last change as the settings say, and a change of them is seen', async () => {
  const workspace = createHome()
  await runSync(workspace.ctx)
  expect(await deletionOf(workspace)).toEqual([{ kept_days: 30, deletes_at: '2026-03-11T10:00:00.000Z' }])
  writeAt(settingsOf(workspace), '{"cleanupPeriodDays": 7}')
  await runSync(workspace.ctx)
  expect(await deletionOf(workspace)).toEqual([{ kept_days: 7, deletes_at: '2026-02-16T10:00:00.000Z' }])
})

it('logs in a folder of one’s own are cleaned up by nobody', async () => {
  const workspace = createHome()
  const paths = [join(workspace.home, '.claude/projects/p')]
  const sources = [{ source: 'claude-code', enabled: true, paths }]
  const ctx = { ...workspace.ctx, config: { ...workspace.ctx.config, sources } }
  await runSync(ctx)
  expect(await deletionOf(workspace)).toEqual([{ kept_days: null, deletes_at: null }])
})
