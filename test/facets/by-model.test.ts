import { expect, onTestFinished, test } from 'vitest'
import type { Answer } from '../../pipeline/facets/answer-shape.js'
import { modelProvider } from '../../pipeline/facets/by-model.js'
import { verifyEvidence } from '../../pipeline/facets/evidence.js'
import { openProvider } from '../../pipeline/facets/provider.js'
import { judgeByRules, rulesProvider } from '../../pipeline/facets/rules.js'
import { type Facets, facetsSchema } from '../../pipeline/facets/schema.js'
import { sumUsd } from '../../pipeline/facets/sum-usd.js'
import { openAnthropic } from '../../pipeline/llm/anthropic.js'
import { LlmError } from '../../pipeline/llm/client.js'
import { startAnthropicServer, testKey } from '../support/llm-servers.js'
import { answerOf, askerOver, config, requestCostUsd, startLoopback } from './asking.js'
import { agent, bash, call, edit, facts, human, inputOf, noContext, refused, talk } from './talk.js'

const transcript = talk(
  human('Fix the login form'), // 1
  ...edit('/home/kim/shop/login.ts'), // 2, 3
  agent('The form works and the tests pass.'), // 4
  human('no, keep the old label in /home/kim/shop/label.ts'), // 5
  ...refused('Bash', { command: 'git push' }, ' the user said:\nnot before the review'), // 6, 7
  ...bash('npm test', 'TypeError: label is undefined', true), // 8, 9
  ...bash('npm test', 'Tests: 9 passed'), // 10, 11
  human('thanks, great work. Use SQLite then'), // 12
  agent('Done, all committed.'), // 13
)
const input = inputOf(transcript, { session: facts({ session_id: 's1' }) })
const byRules = judgeByRules(input)

async function judge(changes: Partial<Answer>, given = input): Promise<Facets> {
  const { extract } = await startLoopback()
  const { facets } = await extract(given, () => answerOf(changes))
  return facetsSchema.parse(verifyEvidence(facets, given.transcript))
}

const evidenceOf = (facets: Facets, field: string) => facets.evidence.filter((item) => item.field === field)

test('what its evidence holds up is taken, with the words of the log', async () => {
  const facets = await judge({
    outcome: { value: 'mostly_achieved', n: 13, quote: '"Done,  all committed…"' },
    satisfaction: [{ kind: 'satisfied', n: 12, quote: 'thanks, great work' }],
    frictions: [{ kind: 'buggy_code', n: 9, quote: 'label is undefined' }],
    friction_detail: 'The label was lost.',
    corrections: [
      { n: 5, quote: 'keep the old label in ~/shop/label.ts' },
      { n: 7, quote: 'not before the review' },
    ],
    decisions: [12, 12, 99, 4],
  })
  expect(facets).toMatchObject({
    outcome: 'mostly_achieved',
    user_satisfaction_counts: { satisfied: 1 },
    friction_counts: { buggy_code: 1 },
    friction_detail: 'The label was lost.',
    course_corrections: 2,
    pivot_trigger: 'correction',
    decisions_made: 1,
    goal_categories: { fix_bug: 1 },
    completion_chain: { started: 1, completed: 1, abandoned: 0 },
    estimated_time_saved_minutes: 20,
    underlying_goal: 'Have a login form that works',
  })
  expect(facets.evidence.every(({ is_verified }) => is_verified)).toBe(true)
  expect(evidenceOf(facets, 'outcome')).toEqual([
    {
      field: 'outcome',
      value: 'mostly_achieved',
      ordinals: [13],
      quote: 'Done, all committed',
      is_verified: true,
    },
  ])
  // The home path was shortened in what the model saw: the longest piece that stands in the log is kept.
  expect(evidenceOf(facets, 'course_corrections').map(({ quote }) => quote)).toEqual([
    'keep the old label in',
    'not before the review',
  ])
})

test('what the log knows is not taken from the model', async () => {
  const facets = await judge({})
  for (const field of [
    'mcp_failures',
    'resumed_from',
    'initiated_by',
    'session_cut_short',
    'skills_used',
  ] as const)
    expect(facets[field]).toEqual(byRules[field])
  expect(facets.projects).toEqual(['garden-planner'])
})

test.each<[string, Answer['outcome']]>([
  ['was never said', { value: 'not_achieved', n: 13, quote: 'nothing works at all' }],
  ['stands in another message', { value: 'not_achieved', n: 12, quote: 'Done, all committed.' }],
  ['names a message that there is not', { value: 'not_achieved', n: 99, quote: 'Done, all committed.' }],
  ['is a crumb', { value: 'not_achieved', n: 13, quote: 'all' }],
  ['is empty', { value: 'not_achieved', n: 13, quote: '…' }],
  ['begins inside a word', { value: 'not_achieved', n: 13, quote: 'ne, all committed' }],
  [
    'comes from a file that was only read',
    { value: 'not_achieved', n: 3, quote: 'The file has been updated' },
  ],
])('an outcome whose quote %s is dropped, and the rules stand', async (_why, outcome) => {
  const facets = await judge({ outcome })
  expect(facets.outcome).toBe(byRules.outcome)
  expect(evidenceOf(facets, 'outcome').map(({ quote }) => quote)).toEqual(['Done, all committed.'])
})

test('each friction, correction and sign of satisfaction stands or falls alone', async () => {
  const facets = await judge({
    frictions: [
      { kind: 'environment_issue', n: 9, quote: 'network down' },
      { kind: 'buggy_code', n: 9, quote: 'label is undefined' },
      { kind: 'buggy_code', n: 9, quote: 'TypeError: label' },
      { kind: 'user_rejected_action', n: 13, quote: 'all committed' },
    ],
    corrections: [
      { n: 1, quote: 'Fix the login form' },
      { n: 5, quote: 'keep the old label' },
      { n: 13, quote: 'Done, all committed' },
    ],
    satisfaction: [
      { kind: 'frustrated', n: 13, quote: 'Done, all committed' },
      { kind: 'satisfied', n: 12, quote: 'great work' },
    ],
  })
  expect(facets.friction_counts).toEqual({ buggy_code: 1 })
  expect(facets.course_corrections).toBe(1)
  expect(facets.user_satisfaction_counts).toEqual({ satisfied: 1 })
})

test('where nothing of a list holds, the rules stand; an empty list says there was none', async () => {
  const invented = { n: 13, quote: 'never said by anybody' }
  const none = await judge({})
  const wrong = await judge({
    frictions: [{ kind: 'wrong_approach', ...invented }],
    friction_detail: 'It took a wrong way.',
    corrections: [invented],
    satisfaction: [{ kind: 'frustrated', ...invented }],
    retry_loops: [{ failures: [9, 9, 11, 13] }],
  })
  expect(none).toMatchObject({
    friction_counts: {},
    friction_detail: null,
    course_corrections: 0,
    retry_loops: 0,
  })
  expect(byRules.course_corrections).toBeGreaterThan(0)
  expect(wrong).toMatchObject({
    friction_counts: byRules.friction_counts,
    friction_detail: byRules.friction_detail,
    course_corrections: byRules.course_corrections,
    user_satisfaction_counts: byRules.user_satisfaction_counts,
    retry_loops: byRules.retry_loops,
  })
})

test('a retry loop is three failures in the log', async () => {
  const failing = talk(
    human('Run it'),
    ...['broken glass', 'torn cloth', 'lost key'].flatMap((text) => bash('run', text, true)),
    agent('It fails.'),
  )
  const loops = async (failures: number[]) =>
    (await judge({ retry_loops: [{ failures }] }, inputOf(failing))).evidence.filter(
      ({ field }) => field === 'retry_loops',
    )
  expect(await loops([3, 5, 7])).toMatchObject([{ ordinals: [3, 5, 7], is_verified: true }])
  expect(await loops([2, 4, 6])).toEqual([])
  expect(await loops([3, 5, 5])).toEqual([])
})

test('names that the user did not configure are dropped', async () => {
  const context = {
    businesses: [{ slug: 'nursery', name: 'Nursery', projects: [] }],
    priorities: [{ slug: 'spring-sale', name: 'Spring sale' }],
    skills: [{ name: 'label', handles: 'printing labels' }],
    people: [{ name: 'Dana Park' }, { name: 'Kim Roe' }],
    hourly_rate_usd: null,
  }
  const named = talk(human('Write to Dana Park about the sale'), agent('The form works and the tests pass.'))
  const facets = await judge(
    {
      businesses: ['nursery', 'acme'],
      priority: { alignment: 'aligned', matched: 'world-peace' },
      skills_missed: [
        { skill: '/label', n: 1 },
        { skill: '/other', n: 1 },
      ],
      people: [
        { name: 'dana park', n: 1 },
        { name: 'Kim Roe', n: 1 },
        { name: 'Eve', n: 1 },
      ],
      relationship_actions: [
        { person: 'Dana Park', action: 'wrote to her', n: 1, quote: 'Write to Dana Park' },
        { person: 'Kim Roe', action: 'wrote to him', n: 1, quote: 'Write to Dana Park' },
      ],
      outreach: 'proactive',
    },
    inputOf(named, { context }),
  )
  expect(facets).toMatchObject({
    businesses: ['nursery'],
    priority_alignment: 'aligned',
    priority_matched: null,
    skills_missed: ['/label'],
    people_mentioned: ['Dana Park'],
    relationship_actions: [{ person: 'Dana Park', action: 'wrote to her' }],
    outreach_type: 'proactive',
  })
  const without = await judge(
    { businesses: ['nursery'], people: [{ name: 'Dana Park', n: 1 }] },
    inputOf(named, { context: noContext }),
  )
  expect(without).toMatchObject({
    businesses: null,
    people_mentioned: null,
    priority_alignment: null,
    outreach_type: null,
  })
})

test('JSON is found in fences and among words, and foreign names are mapped', async () => {
  const { extract } = await startLoopback()
  const foreign = {
    ...answerOf(),
    session_type: 'quick_query',
    goals: [{ category: 'debugging', prompts: [1] }],
    frictions: [{ kind: 'bug', n: 9, quote: 'label is undefined' }],
    satisfaction: [{ kind: 'happy', n: 12, quote: 'great work' }],
    outcome: { value: 'success', n: 13, quote: 'all committed' },
  }
  for (const text of [
    `\`\`\`json\n${JSON.stringify(foreign, null, 2)}\n\`\`\``,
    `Here {it} is:\n${JSON.stringify(foreign)}\nI hope that helps.`,
  ]) {
    const { facets, costUsd } = await extract(input, () => text)
    expect(facets).toMatchObject({
      session_type: 'quick_question',
      goal_categories: { fix_bug: 1 },
      friction_counts: { buggy_code: 1 },
      user_satisfaction_counts: { satisfied: 1 },
      outcome: 'fully_achieved',
    })
    expect(costUsd).toBe(requestCostUsd)
  }
})

const broken = [
  ['broken JSON', '{"outcome": {"value": "fully_', /no whole JSON object/],
  ['words alone', 'I cannot tell.', /no whole JSON object/],
  ['a wrong value', JSON.stringify({ ...answerOf(), helpfulness: 'superb' }), /helpfulness: Invalid option/],
  ['a missing key', JSON.stringify({ ...answerOf(), outcome: undefined }), /outcome/],
  ['a wrong type', JSON.stringify({ ...answerOf(), decisions: 'two' }), /decisions/],
] as const

test.each(broken)('%s is repaired once, and both requests are paid for', async (_what, text, problem) => {
  const loopback = await startLoopback()
  const { facets, costUsd } = await loopback.extract(input, ({ user }) =>
    user.includes('<answer-') ? answerOf() : text,
  )
  expect(facets.outcome).toBe('fully_achieved')
  expect(costUsd).toBe('0.002460000000002')
  expect(loopback.matters).toEqual([
    { purpose: 'facets', subject: 's1' },
    { purpose: 'repair', subject: 's1' },
  ])
  expect(loopback.server.questions[1]!.system).toMatch(problem)
})

test.each(broken)('%s twice is unusable', async (_what, text, problem) => {
  const loopback = await startLoopback()
  const failed = await loopback.extract(input, () => text).catch((cause: unknown) => cause)
  expect(failed).toBeInstanceOf(LlmError)
  expect(failed).toMatchObject({ failure: 'unusable', message: expect.stringMatching(problem) })
  expect(loopback.server.questions).toHaveLength(2)
})

const long = talk(
  ...Array.from({ length: 12 }, (_, i) => [
    human(`Task ${i}: ${`step number ${i} `.repeat(60)}`),
    ...bash('make', `error in step ${i}`, true),
    agent(`Step ${i} is finished.`),
  ]).flat(),
)

test('a session too long for one request is summarised in parts, and judged from what is there', async () => {
  const loopback = await startLoopback()
  const given = inputOf(long)
  const { facets, costUsd } = await loopback.extract(
    given,
    ({ user, system }) => {
      if (!system.includes('items:')) {
        return answerOf({ outcome: { value: 'partially_achieved', n: 48, quote: 'Step 11 is finished' } })
      }
      const shown = [...user.matchAll(/^\{"n":(\d+),"from":"person","text":"(Task \d+)/gm)]
      const items = shown.map(([, n, words]) => ({
        n: Number(n),
        summary: `asks for ${words}`,
        quote: `${words}: step`,
      }))
      return JSON.stringify({
        items: [...items.slice(1), { n: 2, summary: 'All is perfect', quote: 'never said' }],
      })
    },
    6000,
  )
  const purposes = loopback.matters.map(({ purpose }) => purpose)
  expect(purposes.length).toBeGreaterThan(2)
  expect(purposes).toEqual([...purposes.slice(1).map(() => 'summary'), 'facets'])
  expect(costUsd).toBe(sumUsd(purposes.map(() => requestCostUsd)))
  const last = loopback.server.questions.at(-1)!.user
  expect(last.length).toBeLessThan(6500)
  const told = [...last.matchAll(/^\{"n":(\d+),"from":"person"/gm)].map(([, n]) => Number(n))
  expect(told).toEqual(long.messages.filter(({ role }) => role === 'human').map(({ ordinal }) => ordinal))
  expect(last).toContain('"summary":"asks for Task 4"')
  expect(last).not.toContain('All is perfect')
  expect(facets).toMatchObject({ outcome: 'partially_achieved' })
})

test('Anthropic is told the shape, the lists included, and what it answers is read', async () => {
  const server = await startAnthropicServer()
  onTestFinished(() => server.stop())
  const client = await openAnthropic({
    model: 'claude-haiku-4-5-20251001',
    baseUrl: server.baseUrl,
    key: testKey,
    timeoutMs: 20_000,
  })
  server.otherwise = () => ({
    kind: 'answer',
    text: JSON.stringify({ ...answerOf(), businesses: ['nursery'] }),
  })
  const context = { ...noContext, businesses: [{ slug: 'nursery', name: 'Nursery', projects: [] }] }
  const { facets } = await modelProvider(askerOver(client), config).extract({ ...input, context })
  expect(facets).toMatchObject({ outcome: 'fully_achieved', businesses: ['nursery'] })
  expect(server.questions[0]!.schema).toMatchObject({ properties: { businesses: {}, outcome: {} } })
})

test('a refusal is passed on as what it is, without a repair', async () => {
  const loopback = await startLoopback()
  loopback.server.replies.push({ kind: 'answer', text: '', stop: 'refusal' })
  const failed = await loopback.extract(input, () => answerOf()).catch((cause: unknown) => cause)
  expect(failed).toMatchObject({ name: 'LlmError', failure: 'refused' })
  expect(loopback.server.questions).toHaveLength(1)
})

test('in a batch there is one request a session, none for a long one, and a bad answer is unusable', async () => {
  const { asker } = await startLoopback()
  const batches = { submit: async () => 'b1', collect: async () => null }
  const { inBatches } = modelProvider({ ...asker, batches }, config, 6000)
  expect(inBatches!.request(inputOf(long))).toBeNull()
  expect(inBatches!.request(input)!.user).toContain('Fix the login form')
  expect(inBatches!.read(input, JSON.stringify(answerOf())).outcome).toBe('fully_achieved')
  expect(() => inBatches!.read(input, 'no')).toThrow(LlmError)
  expect(modelProvider(asker, config).inBatches).toBeNull()
})

test('the provider goes by the name and model of whoever is asked; rules ask nobody', async () => {
  const { asker } = await startLoopback()
  const asked = { ...config, facets: { ...config.facets, provider: 'anthropic' as const } }
  expect(await openProvider(asked, asker)).toMatchObject({ name: 'openai-compatible', model: 'loopback-1' })
  expect(await openProvider(config)).toBe(rulesProvider)
  await expect(openProvider(asked)).rejects.toThrow('expected somebody to ask')
})

test('money is added exactly', () => {
  expect(sumUsd([])).toBe('0')
  expect(sumUsd(['0.1', '0.2', null])).toBe('0.3')
  expect(sumUsd(['1', '0.000000000000000001'])).toBe('1.000000000000000001')
  expect(() => sumUsd(['1e-7'])).toThrow('expected an amount such as 0.0125, got 1e-7')
})

test('what an agent calls and reads leaves no file contents in the request', async () => {
  const { extract, server } = await startLoopback()
  const content = 'inner words of a file. '.repeat(200)
  const written = talk(
    human('Write it'),
    call('Write', { file_path: 'a.md', content }, 'ok'),
    call('Read', { file_path: 'a.md' }, content),
  )
  await extract(inputOf(written), () => answerOf())
  expect(server.requests[0]!.bodyText).not.toContain('inner words')
})
