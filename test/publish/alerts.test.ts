import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { defaultEffects } from '../../pipeline/publish/effects.js'
import { alertsCode, runAlerts, runWatch } from '../../pipeline/run/alerts.js'
import { Secret } from '../../pipeline/secret.js'
import { openLedger } from '../../pipeline/warehouse/ledger.js'
import { undrawn } from '../forget/small-logs.js'
import { type DiscordServer, startDiscordServer } from '../support/discord-server.js'
import { createWorkspace, queryFile, type Workspace } from '../support/workspace.js'
import { writeWeeks } from '../tips/correction-logs.js'

const effects = { ...undrawn, publish: { ...defaultEffects, sleep: async () => {} } }
let server: DiscordServer
beforeAll(async () => {
  server = await startDiscordServer()
})
afterAll(() => server?.stop())

/** A week in progress, whose budget is passed. */
function overBudget(change: Partial<{ alerts: boolean }> = {}): Workspace {
  const workspace = createWorkspace({
    now: '2026-01-14T12:00:00Z',
    change: (config) => ({
      ...config,
      secrets: { DISCORD_WEBHOOK_URL: new Secret(server.webhookUrl) },
      budget: { week_usd: 0.000001, month_usd: null },
      discord: [
        {
          kind: 'webhook',
          url_env: 'DISCORD_WEBHOOK_URL',
          thread_id: null,
          thread_name: null,
          api_base_url: server.baseUrl,
          digests: ['weekly', 'monthly'],
          alerts: true,
          ...change,
        },
      ],
    }),
  })
  writeWeeks(workspace.home, { '2026-01-12': 8 })
  return workspace
}
const said = () => [...server.messages.values()].map(({ body }) => body.content)

describe('an alert', () => {
  test('is posted once, with the scheduled sync, and not again by the next', async () => {
    server.messages.clear()
    const { ctx } = overBudget()
    const first = await runWatch(ctx, effects)
    expect(first.deliveries).toMatchObject([{ status: 'delivered' }])
    expect(said()).toHaveLength(1)
    expect(said()[0]).toMatch(/^⚠ The budget of \$0\.00 for 2026-W03 is passed: /)
    expect(said()[0]).toMatch(/\n-# Debrief · alert 2026-01-14 · tester on bench$/)
    const second = await runWatch(ctx, effects)
    expect(second).toEqual({ alerts: [], deliveries: [] })
    expect(said()).toHaveLength(1)
    const rows = await queryFile(
      ctx.config.paths.ledger,
      "select period_kind, period, status from state.deliveries where target <> 's3'",
    )
    expect(rows).toEqual([
      { period_kind: 'alert', period: 'budget/2026-W03/passed/2026-01-14', status: 'delivered' },
    ])
  })

  test('that could not be sent is sent by the next run, and the command says so', async () => {
    server.messages.clear()
    const { ctx } = overBudget()
    server.troubles.push({ kind: 'status', status: 403 })
    const failed = await runWatch(ctx, effects)
    expect(failed.deliveries.map(({ status }) => status)).toEqual(['failed'])
    expect(alertsCode(failed)).toBe(3)
    expect((await runAlerts(ctx, { isDryRun: false }, effects)).deliveries).toMatchObject([
      { status: 'delivered' },
    ])
    expect(said()).toHaveLength(1)
  })

  test('is not posted where the target does not want it, nor in a dry run', async () => {
    server.messages.clear()
    const { ctx } = overBudget({ alerts: false })
    expect((await runWatch(ctx, effects)).alerts).toHaveLength(1)
    const dry = await runAlerts(overBudgetAgain(ctx), { isDryRun: true }, effects)
    expect(dry.alerts.map(({ kind }) => kind)).toEqual(['budget'])
    expect(said()).toEqual([])
  })

  test('tells of a run that failed before it syncs, since the sync may fail too', async () => {
    server.messages.clear()
    const { ctx } = overBudget()
    const ledger = await openLedger(ctx.config.paths.ledger)
    await ledger.run(`insert into state.runs (run_id, command, started_at, ended_at, exit_code)
      values ('r1', 'weekly', timestamp '2026-01-13 06:00:00', timestamp '2026-01-13 06:01:00', 4)`)
    ledger.close()
    await runWatch(ctx, effects)
    expect(said()[0]).toContain('failed a check, so nothing was published')
    expect(said()).toHaveLength(2)
  })
})

function overBudgetAgain(ctx: Workspace['ctx']): Workspace['ctx'] {
  return { ...ctx, run: { ...ctx.run, id: `${ctx.run.id}-dry` } }
}
