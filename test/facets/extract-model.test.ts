import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Config, readConfig } from '../../pipeline/config.js'
import type { PipelineEvent } from '../../pipeline/events.js'
import { defaultFacetsEffects, type ExtractOptions, extractFacets } from '../../pipeline/facets/extract.js'
import { openProvider, type SessionFacts } from '../../pipeline/facets/provider.js'
import type { FacetsEffects } from '../../pipeline/facets/work.js'
import { LlmError } from '../../pipeline/llm/client.js'
import { packageRoot } from '../../pipeline/root.js'
import { type Database, openDatabase } from '../../pipeline/warehouse/db.js'
import { type Script, type Scripted, scripted } from './scripted.js'
import { agent, edit, facts, human, talk } from './talk.js'

const transcript = talk(
  human('Fix the login form'),
  edit('login.ts'),
  agent('Fixed.'),
  human('ok'),
  agent('Done.'),
)
/** s1 is the newest. */
const sessions = [1, 2, 3, 4, 5].map((n) =>
  facts({ session_id: `s${n}`, started_at: `2026-02-0${7 - n}T08:00:00.000Z`, content_key: `k${n}` }),
)

let db: Database
let events: PipelineEvent[]
beforeEach(async () => {
  db = await openDatabase(':memory:')
  await db.run(readFileSync(join(packageRoot, 'sql', 'ledger.sql'), 'utf8'))
  events = []
})
afterEach(() => db.close())

interface Setting {
  readonly options?: ExtractOptions
  readonly candidates?: readonly SessionFacts[]
  readonly facets?: Partial<Config['facets']>
  readonly effects?: Partial<FacetsEffects>
}

/** One run with this judge; rules judge where it is null. */
function run(
  judge: Scripted | null,
  { options = {}, candidates = sessions, facets = {}, effects = {} }: Setting = {},
) {
  const defaults = readConfig({ cwd: '/nonexistent' }, { HOME: '/home/kim', USER: 'kim' })
  const config: Config = { ...defaults, facets: { ...defaults.facets, batch_from: null, ...facets } }
  const ctx = {
    config,
    emit: (event: PipelineEvent) => void events.push(event),
    now: () => new Date('2026-02-08'),
  }
  return extractFacets(ctx, options, db, candidates, {
    ...defaultFacetsEffects,
    openAsker: async () => judge?.asker ?? null,
    openProvider: async (_, asker) => {
      if (judge === null) return openProvider(config)
      return asker === null || asker === judge.asker ? judge.provider : judge.providerOver(asker)
    },
    readTranscript: async () => transcript,
    sleep: async () => {},
    batchPatienceMs: 0,
    ...effects,
  })
}

const stored = () =>
  db.rows(
    `select session_id as id, extractor, asked_extractor as asked, stand_in_reason as reason from state.facets order by 1`,
  )
const stoodIn = (id: string, reason: string) => ({ id, extractor: 'rules', asked: 'scripted', reason })
const judged = (id: string) => ({ id, extractor: 'scripted', asked: null, reason: null })
const warnings = () => events.filter(({ action }) => action === 'warn').map(({ message }) => message)

describe('where a provider has no answer', () => {
  test('rules stand in and say why; what may pass is asked again, a refusal is not', async () => {
    const failures: Script['failures'] = { s1: 'refused', s2: 'unusable', s3: 'unavailable' }
    const result = await run(scripted(db, { failures }))
    expect(result).toMatchObject({ extracted: 5, stand_ins: { refused: 1, unusable: 1, unavailable: 1 } })
    expect(result.costUsd).toBe(0.008)
    expect(await stored()).toEqual([
      stoodIn('s1', 'refused'),
      stoodIn('s2', 'unusable'),
      stoodIn('s3', 'unavailable'),
      judged('s4'),
      judged('s5'),
    ])
    const second = scripted(db, { failures: { s1: 'refused', s2: 'unusable' } })
    expect(await run(second)).toMatchObject({ extracted: 1, unchanged: 4 })
    expect(second.asked).toEqual(['s3'])
  })

  test('a refusal is asked about again once its content, the prompt or the model has changed', async () => {
    await run(scripted(db, { failures: { s1: 'refused' } }))
    const changed = sessions.map((session) => ({
      ...session,
      content_key: session.session_id === 's1' ? 'new' : session.content_key,
    }))
    for (const [script, candidates] of [
      [{}, changed],
      [{ promptVersion: 2, failures: { s1: 'refused' } }, changed],
      [{ promptVersion: 2, model: 'm2' }, changed],
    ] as const) {
      const next = scripted(db, script)
      await run(next, { candidates })
      expect(next.asked).toContain('s1')
    }
  })

  test('after three times unavailable in a row nobody is asked any more, and one line says so', async () => {
    const all = Object.fromEntries(sessions.map(({ session_id }) => [session_id, 'unavailable' as const]))
    const judge = scripted(db, { failures: all })
    await run(judge)
    expect(judge.asked).toEqual(['s1', 's2', 's3'])
    expect(await stored()).toEqual(sessions.map(({ session_id }) => stoodIn(session_id, 'unavailable')))
    expect(warnings()).toEqual([
      'unavailable as scripted, 3 times in a row; rules stand in for the 3 that are left',
    ])
  })

  test('one answer in between starts the count anew', async () => {
    const judge = scripted(db, { failures: { s1: 'unavailable', s2: 'unavailable', s4: 'unavailable' } })
    await run(judge)
    expect(judge.asked).toHaveLength(5)
  })

  test('once the budget is spent nobody is asked, and the next run asks again', async () => {
    const over = Object.fromEntries(['s3', 's4', 's5'].map((id) => [id, 'over_budget' as const]))
    expect(await run(scripted(db, { failures: over }))).toMatchObject({ stand_ins: { over_budget: 3 } })
    expect(warnings()).toEqual(['over_budget as scripted; rules stand in for the 3 that are left'])
    const next = scripted(db)
    await run(next)
    expect(next.asked).toEqual(['s3', 's4', 's5'])
    expect(await stored()).toEqual(sessions.map(({ session_id }) => judged(session_id)))
  })

  test('a model’s facets of the same content stay, and a lasting refusal by another is not paid for twice', async () => {
    await run(scripted(db))
    const next = () => scripted(db, { promptVersion: 2, failures: { s1: 'refused', s2: 'unavailable' } })
    await run(next())
    expect(
      await db.rows(
        `select session_id as id, facets ->> 'underlying_goal' as goal from state.facets where session_id < 's3' order by 1`,
      ),
    ).toEqual([
      { id: 's1', goal: 'as m1 says' },
      { id: 's2', goal: 'as m1 says' },
    ])
    const third = next()
    await run(third)
    expect(third.asked).toEqual(['s2'])
  })
})

describe('where a provider cannot be asked at all', () => {
  const openAsker = async () => {
    throw new LlmError('misconfigured', 'no key in the environment')
  }

  test('the command that asks for it ends, and nothing is written', async () => {
    const run1 = run(null, { effects: { openAsker }, options: { isAskedFor: true } })
    await expect(run1).rejects.toMatchObject({ name: 'UserError', message: 'no key in the environment' })
    expect(await stored()).toEqual([])
  })

  test('the main job goes on with rules, and the next one with a key asks', async () => {
    await run(null, { effects: { openAsker }, facets: { provider: 'anthropic' } })
    expect(warnings()[0]).toBe('no key in the environment; rules stand in')
    expect(await stored()).toEqual(
      sessions.map(({ session_id: id }) => ({ ...stoodIn(id, 'unavailable'), asked: 'anthropic' })),
    )
    const before = await db.rows('from state.facets order by 1')
    expect(await run(null, { effects: { openAsker }, facets: { provider: 'anthropic' } })).toMatchObject({
      extracted: 0,
    })
    expect(await db.rows('from state.facets order by 1')).toEqual(before)
    const judge = scripted(db)
    await run(judge)
    expect(judge.asked).toHaveLength(5)
  })

  test('a key that is turned away at the first question does the same', async () => {
    const judge = scripted(db, { failures: { s1: 'misconfigured' } })
    await expect(run(judge, { options: { isAskedFor: true } })).rejects.toMatchObject({ name: 'UserError' })
    expect(await run(judge)).toMatchObject({ stand_ins: { unavailable: 5 } })
  })
})

describe('a batch', () => {
  const batched = { facets: { batch_from: 3 } }

  test('holds the sessions that one request holds; the others are judged singly, and costs are halved', async () => {
    const judge = scripted(db, { hasBatches: true, longIds: ['s2'] })
    expect(await run(judge, batched)).toMatchObject({ extracted: 5, waiting: 0 })
    expect([...judge.batches.values()].map(({ size }) => size)).toEqual([4])
    expect(await stored()).toEqual(sessions.map(({ session_id }) => judged(session_id)))
    expect(
      await db.rows(
        'select cost_usd::varchar as cost, count(*) as n from state.facets group by 1 order by 1',
      ),
    ).toEqual([
      { cost: '0.001000', n: 4 },
      { cost: '0.002000', n: 1 },
    ])
  })

  test('is not made of fewer sessions than the setting says, nor where it says never', async () => {
    for (const batch_from of [6, null]) {
      const judge = scripted(db, { hasBatches: true })
      await run(judge, { facets: { batch_from }, options: { force: true } })
      expect(judge.batches.size).toBe(0)
    }
  })

  test('that is not answered in time is collected by the next run, and nothing in it is asked twice', async () => {
    const judge = scripted(db, { hasBatches: true })
    judge.areBatchesDone = false
    expect(await run(judge, batched)).toMatchObject({ extracted: 0, waiting: 5 })
    expect(events.at(-2)).toMatchObject({ message: '5 sessions wait in a batch; the next run collects them' })
    expect(await run(judge, batched)).toMatchObject({ extracted: 0, unchanged: 0, waiting: 5 })
    expect(await run(judge, { ...batched, options: { dryRun: true } })).toMatchObject({ extracted: 0 })
    judge.areBatchesDone = true
    expect(await run(judge, batched)).toMatchObject({ extracted: 5, unchanged: 0, waiting: 0 })
    expect(judge.asked).toHaveLength(5)
    expect(await run(judge, batched)).toMatchObject({ extracted: 0, unchanged: 5 })
  })

  test('waits with patience in the run that handed it in', async () => {
    const judge = scripted(db, { hasBatches: true })
    judge.areBatchesDone = false
    let looks = 0
    const sleep = async () => {
      looks += 1
      judge.areBatchesDone = looks === 2
    }
    const effects = { sleep, batchPatienceMs: 60_000, batchPollMs: 15_000 }
    expect(await run(judge, { ...batched, effects })).toMatchObject({ extracted: 5 })
    expect(looks).toBe(2)
  })

  test('whose requests fail: refused ones are over, expired ones due again, unusable ones asked once more', async () => {
    const failures: Script['failures'] = { s1: 'refused', s2: 'unavailable', s3: 'unusable' }
    const judge = scripted(db, { hasBatches: true, failures })
    expect(await run(judge, batched)).toMatchObject({
      stand_ins: { refused: 1, unavailable: 1, unusable: 1 },
    })
    expect(judge.asked.filter((id) => id === 's3')).toHaveLength(2)
    const next = scripted(db, { hasBatches: true, failures: {} })
    await run(next, batched)
    expect(next.asked).toEqual(['s2'])
  })

  test('that is over the budget as a whole is halved until it is not, and the rest is asked for singly', async () => {
    const over = Object.fromEntries(['s3', 's4', 's5'].map((id) => [id, 'over_budget' as const]))
    const judge = scripted(db, { hasBatches: true, batchLimit: 2, failures: over })
    expect(await run(judge, batched)).toMatchObject({ stand_ins: { over_budget: 3 } })
    expect(
      [...judge.batches.values()].map((requests) => [...requests.values()].map(({ user }) => user)),
    ).toEqual([['s1', 's2']])
  })

  test('that was being handed in when the run was cut off is said, and its sessions are asked about again', async () => {
    const judge = scripted(db, { hasBatches: true })
    const lost = {
      ...judge.asker,
      batches: { ...judge.asker.batches!, submit: () => Promise.reject(new Error('killed')) },
    }
    await expect(run({ ...judge, asker: lost }, batched)).rejects.toThrow('killed')
    // What a kill would leave: the rows stand, without an id.
    await db.run(
      `insert into state.batch_requests values ('unnamed', 'r1', 's1', 'scripted', 'm1', 1, 'x', '2026-02-08', null, null)`,
    )
    expect(await run(judge, batched)).toMatchObject({ extracted: 5 })
    expect(warnings()[0]).toContain('a batch of 1 was being handed in when a run was cut off')
    expect(
      await db.rows(`select count(*) as n from state.batch_requests where collected_at is null`),
    ).toEqual([{ n: 0 }])
  })

  test('of an earlier prompt is paid for, but its sessions are asked about in the new words', async () => {
    const judge = scripted(db, { hasBatches: true })
    judge.areBatchesDone = false
    await run(judge, batched)
    judge.areBatchesDone = true
    const next = scripted(db, { hasBatches: true, promptVersion: 2 })
    await run({ ...next, asker: judge.asker }, { facets: { batch_from: null } })
    expect(next.asked).toHaveLength(5)
    expect(await db.rows('select sum(cost_usd)::varchar as cost from state.model_requests')).toEqual([
      { cost: '0.020000' },
    ])
  })
})

describe('a dry run', () => {
  test('says what the requests would cost, singly and in a batch, and asks nobody', async () => {
    const judge = scripted(db, { hasBatches: true, longIds: ['s2'] })
    const dry = { options: { dryRun: true } }
    expect(await run(judge, dry)).toMatchObject({ extracted: 5, model: 'm1', estimatedCostUsd: 0.01 })
    expect(await run(judge, { ...dry, facets: { batch_from: 3 } })).toMatchObject({ estimatedCostUsd: 0.006 })
    expect(judge.asked).toEqual([])
    expect(await run(null, dry)).toMatchObject({ provider: 'rules', estimatedCostUsd: null })
  })
})

test('facets that were imported are enough for rules, and not for a model', async () => {
  await run(null)
  await db.run(`update state.facets set extractor = 'insights', prompt_version = 1`)
  expect(await run(null)).toMatchObject({ extracted: 0, unchanged: 5 })
  expect(await run(scripted(db))).toMatchObject({ extracted: 5 })
})

test('each answer that was paid for is in the ledger before the next is asked for', async () => {
  const judge = scripted(db)
  const counts: unknown[] = []
  const extract: typeof judge.provider.extract = async (input) => {
    counts.push((await db.rows('select count(*) as n from state.facets'))[0])
    return judge.provider.extract(input)
  }
  await run({ ...judge, provider: { ...judge.provider, extract } })
  expect(counts).toEqual([0, 1, 2, 3, 4].map((n) => ({ n })))
})
