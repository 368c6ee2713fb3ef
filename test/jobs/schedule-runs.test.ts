import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { readHistory } from '../../pipeline/schedule/ledger-runs.js'
import { type DiscordServer, startDiscordServer } from '../support/discord-server.js'
import { createMachine, endOf, type Machine, writeLog } from './debrief-command.js'

const dayMs = 86_400_000

describe('debrief schedule', () => {
  let machine: Machine
  beforeEach(() => {
    machine = createMachine()
  })
  afterEach(() => machine.remove())

  it('runs what is due, goes on after a job that fails, and stops when it is told to', async () => {
    workLastWeek()
    const refused = 'publish: {s3: {endpoint: "http://127.0.0.1:9", bucket: b, access: public}}'
    schedule('sync: "* * * * * *", weekly: "* * * * * *"', `privacy: {content: summaries}\n${refused}`)
    const child = machine.start('schedule')
    const ended = endOf(child)
    await until(() => ['sync', 'weekly'].every((job) => journalsOf(job).length >= 2))
    child.kill('SIGTERM')
    const { code, stdout, stderr } = await ended
    expect([code, stdout]).toEqual([0, 'Stopped.\n'])
    expect(stderr).toContain('✗ weekly')
    expect(exitCodesOf('sync')).toEqual([0])
    expect(exitCodesOf('weekly')).toEqual([2])
  })

  it('reports a week without a session without an error, and posts no digest of it', async () => {
    const discord = await openDiscord()
    schedule('weekly: "* * * * * *"', channel(discord))
    const child = startWith(discord)
    const ended = endOf(child)
    await until(() => journalsOf('weekly').length >= 1)
    child.kill('SIGTERM')
    const { code, stderr } = await ended
    expect(code).toBe(0)
    expect(exitCodesOf('weekly')).toEqual([0])
    expect(stderr).toContain('holds no session, so that nothing is sent')
    expect(discord.requests).toEqual([])
  })

  it('lets the running job finish at the first signal', async () => {
    const discord = await openDiscord({ kind: 'rate-limit', retryAfterSeconds: 1 })
    workLastWeek()
    schedule('weekly: "* * * * * *"', channel(discord))
    const child = startWith(discord)
    const ended = endOf(child)
    await until(() => discord.requests.length === 1)
    child.kill('SIGTERM')
    const { code, stdout } = await ended
    expect([code, stdout]).toEqual([0, 'Stopped.\n'])
    expect(discord.messages.size).toBe(1)
    expect(exitCodesOf('weekly')).toEqual([0])
  })

  it('stops at once at the second signal, and knows then that the run was cut off', async () => {
    const discord = await openDiscord({ kind: 'hang' })
    workLastWeek()
    schedule('weekly: "* * * * * *"', channel(discord))
    const child = startWith(discord)
    const ended = endOf(child)
    const isWarned = new Promise<void>((resolve) =>
      child.stderr?.on('data', (chunk: Buffer) => {
        if (String(chunk).includes('A second signal stops at once')) resolve()
      }),
    )
    await until(() => discord.messages.size === 1)
    child.kill('SIGTERM')
    await isWarned
    child.kill('SIGTERM')
    await ended
    expect(child.signalCode).toBe('SIGTERM')
    expect(journalsOf('weekly')).toEqual([])
    const { stdout } = await machine.debrief('schedule', 'list', '--json')
    expect(JSON.parse(stdout)[0].last_run).toMatchObject({ ended_at: null, is_running: false })
  })

  it('--once runs what was missed and ends; called again it finds nothing to do', async () => {
    const discord = await openDiscord()
    workLastWeek()
    // Not due again within this test, unless it is midnight.
    schedule('sync: "0 0 * * *", weekly: "0 0 * * *", monthly: "0 0 1 * *"', channel(discord))
    mkdirSync(machine.out)
    await readHistory(join(machine.out, 'ledger.duckdb'), new Date(Date.now() - 3 * dayMs))
    const first = await once(discord)
    expect(first).toMatchObject({ code: 0, stdout: '' })
    expect([journalsOf('sync').length, journalsOf('weekly').length, discord.messages.size]).toEqual([1, 1, 1])
    const requestCount = discord.requests.length
    expect(await once(discord)).toEqual({ code: 0, stdout: '', stderr: '' })
    expect([journalsOf('sync').length, journalsOf('weekly').length]).toEqual([1, 1])
    expect(discord.requests.length).toBe(requestCount)
    expect(journalsOf('schedule')).toEqual([])
  })

  const once = (discord: DiscordServer) => endOf(startWith(discord, '--once'))

  function startWith(discord: DiscordServer, ...args: readonly string[]) {
    return machine.startWith({ TEAM_WEBHOOK: discord.webhookUrl }, 'schedule', ...args)
  }

  /** Only these jobs. */
  function schedule(jobs: string, more: string): void {
    const off = ['sync', 'facets', 'snapshot', 'weekly', 'monthly']
      .filter((job) => !jobs.includes(`${job}:`))
      .map((job) => `${job}: null`)
    machine.configure(`schedule: {${[jobs, ...off].join(', ')}}\nexplore: false\n${more}\n`)
  }

  /** A session of a week ago, whatever the day is today. */
  function workLastWeek(): void {
    const at = (minutes: number) => new Date(Date.now() - 7 * dayMs + minutes * 60_000).toISOString()
    const common = { sessionId: 's1', version: '2.1.119', cwd: '/home/sam/a', isSidechain: false }
    const prompt = {
      ...common,
      type: 'user',
      uuid: '11111111-1111-4111-8111-111111111111',
      timestamp: at(0),
      message: { role: 'user', content: 'Mend the oven timer.' },
    }
    const reply = {
      ...common,
      type: 'assistant',
      uuid: '22222222-2222-4222-8222-222222222222',
      parentUuid: prompt.uuid,
      timestamp: at(1),
      requestId: 'req_1',
      message: {
        id: 'msg_1',
        role: 'assistant',
        model: 'claude-sonnet-4-5',
        content: [{ type: 'text', text: 'Done.' }],
        usage: { input_tokens: 10, output_tokens: 20 },
      },
    }
    writeLog(machine, 's1.jsonl', `${JSON.stringify(prompt)}\n${JSON.stringify(reply)}\n`)
  }

  function journalsOf(job: string): { exit_code: number }[] {
    const runs = join(machine.out, 'runs')
    const files = existsSync(runs) ? readdirSync(runs) : []
    return files
      .filter((file) => file.includes(`-${job}-`) && file.endsWith('.json'))
      .map((file) => JSON.parse(readFileSync(join(runs, file), 'utf8')) as { exit_code: number })
  }

  function exitCodesOf(job: string): number[] {
    return [...new Set(journalsOf(job).map(({ exit_code }) => exit_code))]
  }
})

async function openDiscord(...troubles: DiscordServer['troubles']): Promise<DiscordServer> {
  const discord = await startDiscordServer()
  onTestFinished(() => discord.stop())
  discord.troubles.push(...troubles)
  return discord
}

function channel({ baseUrl }: DiscordServer): string {
  return `discord: [{url_env: TEAM_WEBHOOK, api_base_url: "${baseUrl}"}]`
}

/** Fails where it does not come true within 40 seconds. */
async function until(isTrue: () => boolean): Promise<void> {
  for (let i = 0; i < 800 && !isTrue(); i += 1) await sleep(50)
  expect(isTrue()).toBe(true)
}
