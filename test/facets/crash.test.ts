import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { writeSession } from '../forget/small-logs.js'
import { createMachine, endOf, type Machine } from '../jobs/debrief-command.js'
import { type LlmServer, startAnthropicServer, testKey } from '../support/llm-servers.js'
import { queryFile } from '../support/workspace.js'
import { answerOf } from './asking.js'

const env = { ANTHROPIC_API_KEY: testKey }
const sessionCount = 5

let server: LlmServer
let machine: Machine
beforeEach(async () => {
  server = await startAnthropicServer()
  server.otherwise = () => ({ kind: 'answer', text: JSON.stringify(answerOf()) })
  machine = createMachine()
  for (let n = 1; n <= sessionCount; n += 1)
    writeSession(machine.folder, {
      id: `session-${n}`,
      directory: join(machine.folder, 'work'),
      startedAt: `2026-02-0${n}T10:00:00Z`,
      turns: 3,
    })
  await machine.debrief('sync')
})
afterEach(async () => {
  await server.stop()
  machine.remove()
})

function configure(batchFrom: number | null): void {
  machine.configure(
    `wait_seconds: 0\nfacets: {provider: anthropic, base_url: "${server.baseUrl}", batch_from: ${batchFrom}, timeout_seconds: 60}\n`,
  )
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 20))
}

const ledger = () => join(machine.out, 'ledger.duckdb')
const judged = () =>
  queryFile(
    ledger(),
    'select extractor, count(*) as n, sum(cost_usd) > 0 as is_paid from state.facets group by 1',
  )
const requested = () =>
  queryFile(
    ledger(),
    `select status, count(*) as n, count(distinct subject) as subjects from state.model_requests group by 1 order by 1`,
  )

describe('killed while it waits for an answer', () => {
  test('a run leaves what was paid for, and the next one asks for the rest alone', async () => {
    configure(null)
    const answered = sessionCount - 2
    for (let n = 0; n < answered; n += 1) server.replies.push(server.otherwise({} as never))
    server.replies.push({ kind: 'hang' })
    const child = machine.startWith(env, 'facets')
    const ended = endOf(child)
    await until(() => server.questions.length > answered)

    const second = await machine.debriefWith(env, 'facets')
    expect(second).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('another debrief command is writing'),
    })

    child.kill('SIGKILL')
    await ended
    expect(await judged()).toEqual([{ extractor: 'anthropic', n: answered, is_paid: true }])
    const before = server.questions.length
    const next = await machine.debriefWith(env, 'facets')
    expect(next).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('5 of 5 eligible sessions have facets'),
    })
    expect(server.questions.length - before).toBe(sessionCount - answered)
    expect(await judged()).toEqual([{ extractor: 'anthropic', n: sessionCount, is_paid: true }])
    expect(await requested()).toEqual([{ status: 'answered', n: sessionCount, subjects: sessionCount }])
  })
})

describe('killed in the middle of a batch', () => {
  test('a run has handed it in once, and the next one collects it', async () => {
    configure(2)
    server.areBatchesDone = false
    const child = machine.startWith(env, 'facets')
    const ended = endOf(child)
    const looks = () =>
      server.requests.filter(({ method, path }) => method === 'GET' && path.includes('batches'))
    await until(() => looks().length > 0)
    child.kill('SIGKILL')
    await ended
    expect(await queryFile(ledger(), 'select count(*) as n from state.facets')).toEqual([{ n: 0 }])

    server.areBatchesDone = true
    const next = await machine.debriefWith(env, 'facets')
    expect(next).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('5 of 5 eligible sessions have facets'),
    })
    expect(server.questions).toHaveLength(sessionCount)
    expect(await judged()).toEqual([{ extractor: 'anthropic', n: sessionCount, is_paid: true }])
    expect(await requested()).toEqual([{ status: 'answered', n: sessionCount, subjects: sessionCount }])
  })

  test('while its answers are taken in, each is kept and counted once', async () => {
    configure(2)
    const broken = { kind: 'answer', text: 'no JSON at all' } as const
    server.replies.push(server.otherwise({} as never), broken, server.otherwise({} as never), broken, broken)
    // The batch is answered at once; what cannot be read is asked about singly, and there the run is killed.
    server.otherwise = () => ({ kind: 'hang' })
    const child = machine.startWith(env, 'facets')
    const ended = endOf(child)
    await until(() => server.questions.length > sessionCount)
    child.kill('SIGKILL')
    await ended
    expect(await judged()).toEqual([{ extractor: 'anthropic', n: 2, is_paid: true }])

    server.otherwise = () => ({ kind: 'answer', text: JSON.stringify(answerOf()) })
    configure(null)
    const before = server.questions.length
    await machine.debriefWith(env, 'facets')
    expect(server.questions.length - before).toBe(3)
    expect(await judged()).toEqual([{ extractor: 'anthropic', n: sessionCount, is_paid: true }])
    expect(await requested()).toEqual([{ status: 'answered', n: 5 + 3, subjects: sessionCount }])
  })
})

test('a missing key ends the command that asks for it, and is a warning in the main job', async () => {
  configure(null)
  const asked = await machine.debrief('facets')
  expect(asked).toMatchObject({ code: 2, stderr: expect.stringContaining('ANTHROPIC_API_KEY') })
  const run = await machine.debrief('run', 'weekly', '--no-publish')
  expect(run).toMatchObject({
    code: 0,
    stderr: expect.stringContaining('rules stand in'),
    stdout: expect.stringContaining('Rules stood in for anthropic in 5 sessions (5 unavailable)'),
  })
})

test('a budget that is spent ends the asking, with one line that says what was spent and what may be', async () => {
  machine.configure(
    `wait_seconds: 0\nfacets: {provider: anthropic, base_url: "${server.baseUrl}", batch_from: null, max_cost_usd: {run: 0.02}}\n`,
  )
  const usage = { inputTokens: 5000, outputTokens: 600 }
  server.otherwise = () => ({ kind: 'answer', text: JSON.stringify(answerOf()), usage })
  const { code, stderr, stdout } = await machine.debriefWith(env, 'facets')
  expect(code).toBe(0)
  expect(server.questions.length).toBeGreaterThan(0)
  expect(server.questions.length).toBeLessThan(sessionCount)
  const left = sessionCount - server.questions.length
  expect(stderr.match(/^!.*/gm)).toEqual([
    expect.stringMatching(
      /anthropic: a run may cost 0\.02\d* USD .* it has come to 0\.0\d+, .*; rules stand in for/,
    ),
  ])
  expect(stdout).toContain(`(${left} over budget)`)
  expect(stdout).toMatch(/This run cost \$0\.0\d of at most \$0\.02\./)
  expect(stdout).toMatch(/\d{4}-\d\d: \d sessions?, \d+k tokens, \$0\.0\d of \$10 with anthropic\./)
})
