import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Config, readConfig } from '../../pipeline/config.js'
import type { PipelineEvent, StageContext } from '../../pipeline/events.js'
import {
  defaultFacetsEffects,
  type ExtractOptions,
  type ExtractResult,
  extractFacets,
  limitKeptFacets,
} from '../../pipeline/facets/extract.js'
import { type FacetProvider, openProvider, type SessionFacts } from '../../pipeline/facets/provider.js'
import { rulesProvider } from '../../pipeline/facets/rules.js'
import { packageRoot } from '../../pipeline/root.js'
import type { Transcript } from '../../pipeline/transcript.js'
import { type Database, openDatabase } from '../../pipeline/warehouse/db.js'
import { agent, edit, facts, human, talk } from './talk.js'

const transcript = talk(
  human('Fix the login form'),
  edit('login.ts'),
  agent('Fixed.'),
  human('ok'),
  agent('Done.'),
)
const sessions = [
  facts({
    session_id: 'old',
    started_at: '2026-02-01T08:00:00.000Z',
    local_date: '2026-02-01',
    content_key: 'a',
  }),
  facts({
    session_id: 'new',
    started_at: '2026-02-02T08:00:00.000Z',
    local_date: '2026-02-02',
    content_key: 'b',
  }),
]

let db: Database
let events: PipelineEvent[]
let readIds: string[]

beforeEach(async () => {
  db = await openDatabase(':memory:')
  await db.run(readFileSync(join(packageRoot, 'sql', 'ledger.sql'), 'utf8'))
  events = []
  readIds = []
})
afterEach(() => db.close())

interface Setting {
  readonly options?: ExtractOptions
  readonly candidates?: readonly SessionFacts[]
  readonly provider?: FacetProvider
  readonly content?: Config['privacy']['content']
  readonly read?: (sessionId: string) => Transcript | null
}

function contextOf({ content = 'summaries' }: Setting): StageContext<Config> {
  const defaults = readConfig({ cwd: '/nonexistent' }, { HOME: '/home/kim', USER: 'kim' })
  return {
    config: { ...defaults, privacy: { ...defaults.privacy, content } },
    emit: (event) => events.push(event),
    now: () => new Date('2026-02-03T04:05:06.789Z'),
  }
}

function extract(setting: Setting = {}): Promise<ExtractResult> {
  const { options = {}, candidates = sessions, provider } = setting
  const context = contextOf(setting)
  return extractFacets(context, options, db, candidates, {
    ...defaultFacetsEffects,
    openAsker: async () => null,
    openProvider: async () => provider ?? (await openProvider(context.config)),
    readTranscript: async (sessionId) => {
      readIds.push(sessionId)
      return setting.read ? setting.read(sessionId) : transcript
    },
  })
}

test('sessions are judged newest first and kept with who judged them and when', async () => {
  expect(await extract()).toMatchObject({ extracted: 2, unchanged: 0, skipped: [], costUsd: 0 })
  expect(readIds).toEqual(['new', 'old'])
  const [row] = await db.rows(
    `select session_id, extractor, model, prompt_version, extracted_at, cost_usd, length(content_sha256) as n,
      facets ->> 'outcome' as outcome from state.facets order by session_id`,
  )
  expect(row).toEqual({
    session_id: 'new',
    extractor: 'rules',
    model: null,
    prompt_version: rulesProvider.promptVersion,
    extracted_at: '2026-02-03T04:05:06.789Z',
    cost_usd: 0,
    n: 64,
    outcome: 'fully_achieved',
  })
})

test('a second run reads no log, a changed session is judged again', async () => {
  await extract()
  readIds = []
  expect(await extract()).toMatchObject({ extracted: 0, unchanged: 2 })
  expect(readIds).toEqual([])
  const changed = sessions.map((session) =>
    session.session_id === 'old' ? { ...session, content_key: 'c' } : session,
  )
  expect(await extract({ candidates: changed })).toMatchObject({ extracted: 1, unchanged: 1 })
  expect(readIds).toEqual(['old'])
})

test('a new prompt version or --force judges every session again, with the same bytes', async () => {
  await extract()
  const bytes = () =>
    db.rows('select session_id, cast(facets as varchar) as facets from state.facets order by 1')
  const before = await bytes()
  expect(await extract({ options: { force: true } })).toMatchObject({ extracted: 2 })
  expect(await bytes()).toEqual(before)
  expect(
    await extract({ provider: { ...rulesProvider, promptVersion: rulesProvider.promptVersion + 1 } }),
  ).toMatchObject({ extracted: 2 })
})

test('one session that fails is a warning with its id, the rest goes on', async () => {
  const result = await extract({ read: (id) => (id === 'new' ? null : transcript) })
  const reason = 'expected the session in a log file, but the file is gone'
  expect(result).toMatchObject({ extracted: 1, skipped: [{ session_id: 'new', reason }] })
  expect(events).toContainEqual({ step: 'facets', action: 'warn', subject: 'new', message: reason })
})

test('what does not fit the schema is not stored', async () => {
  const broken: FacetProvider = {
    ...rulesProvider,
    extract: async (input) => {
      const { facets } = await rulesProvider.extract(input)
      return { facets: { ...facets, course_corrections: -1 }, costUsd: 0 }
    },
  }
  const result = await extract({ provider: broken })
  expect(result.extracted).toBe(0)
  expect(result.skipped[0]?.reason).toContain('course_corrections')
  expect(await db.rows('select 1 from state.facets')).toEqual([])
})

test('id, dates and limit choose the sessions; a dry run reads and writes nothing', async () => {
  expect(await extract({ options: { dryRun: true } })).toMatchObject({ extracted: 2 })
  expect(readIds).toEqual([])
  await extract({ options: { limit: 1 } })
  await extract({ options: { since: '2026-02-01', until: '2026-02-01' } })
  expect(readIds).toEqual(['new', 'old'])
  await extract({ options: { sessionId: 'new', force: true } })
  expect(readIds).toEqual(['new', 'old', 'new'])
  await expect(extract({ options: { sessionId: 'nobody' } })).rejects.toThrow('got nobody')
})

test('costs are added exactly', async () => {
  const paid: FacetProvider = {
    ...rulesProvider,
    name: 'paid',
    model: 'm1',
    extract: async (input) => ({ ...(await rulesProvider.extract(input)), costUsd: '0.1' }),
  }
  const many = Array.from({ length: 3 }, (_, i) => facts({ session_id: `s${i}` }))
  expect(await extract({ provider: paid, candidates: many })).toMatchObject({ costUsd: 0.3 })
  expect(await db.rows('select model, sum(cost_usd) as cost from state.facets group by 1')).toEqual([
    { model: 'm1', cost: 0.3 },
  ])
})

test('turning privacy to none removes words already kept, even where the log is gone', async () => {
  await extract()
  await db.run(
    `insert into state.facets
     select * replace ('odd' as session_id, '{"said": "login"}' as facets) from state.facets limit 1`,
  )
  await limitKeptFacets(contextOf({ content: 'none' }), db)
  const rows = await db.rows<{ facets: string }>('select cast(facets as varchar) as facets from state.facets')
  expect(rows).toHaveLength(2)
  expect(rows.map(({ facets }) => facets).join()).not.toMatch(/login|Fixed/)
})

test('what a fork repeats from before it began is not judged', async () => {
  const late = facts({ session_id: 'fork', started_at: '2026-02-02T09:00:03.500Z' })
  await extract({ candidates: [late] })
  const [row] = await db.rows(
    `select facets ->> 'underlying_goal' as goal, facets ->> 'course_corrections' as n from state.facets`,
  )
  expect(row).toEqual({ goal: null, n: '0' })
})
