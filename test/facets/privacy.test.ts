import { readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { expect, test } from 'vitest'
import { verifyEvidence } from '../../pipeline/facets/evidence.js'
import { limitFacets } from '../../pipeline/facets/privacy.js'
import { judgeByRules } from '../../pipeline/facets/rules.js'
import * as lists from '../../pipeline/facets/schema.js'
import { readTranscript } from '../../pipeline/ingest/formats/claude-code/transcript.js'
import { agent, edit, human, inputOf, noContext, talk } from './talk.js'

const transcript = talk(
  human('Fix the login in /home/kim/shop, password=hunter22'),
  edit('/home/kim/shop/login.ts'),
  agent('Fixed.'),
  human('no, keep the token=abc123 line in /home/kim/shop/login.ts'),
  edit('/home/kim/shop/login.ts'),
  agent('Done.'),
)
const context = { ...noContext, people: [{ name: 'Kim' }] }
const facets = verifyEvidence(judgeByRules(inputOf(transcript, { context })), transcript)

const config = (content: 'none' | 'summaries', redact_paths = true) => ({
  home: '/home/kim',
  secrets: {},
  context: { ...noContext, people: [{ name: 'Kim' }] },
  privacy: { content, redact_paths, exclude: { projects: [], sessions: [] }, retention_days: null },
})

test('with summaries the words stay, without secrets and home paths', () => {
  const limited = limitFacets(facets, 'rules', config('summaries'))
  expect(limited.underlying_goal).toBe('Fix the login in ~/shop, password=[secret]')
  expect(limited.evidence.find(({ field }) => field === 'course_corrections')).toEqual({
    field: 'course_corrections',
    ordinals: [5],
    quote: 'no, keep the token=[secret] line in ~/shop/login.ts',
    is_verified: true,
  })
  expect(JSON.stringify(limited)).not.toMatch(/hunter22|abc123|\/home\/kim/)
})

test('home paths stay where the user wants them', () => {
  expect(limitFacets(facets, 'rules', config('summaries', false)).underlying_goal).toContain('/home/kim/shop')
})

test('with none no word of the session stays, ordinals and verification do', () => {
  const limited = limitFacets(facets, 'rules', config('none'))
  expect(JSON.stringify(limited)).not.toMatch(/login|Kim|keep|Done|hunter22/)
  expect(limited).toMatchObject({
    underlying_goal: null,
    people_mentioned: null,
    outcome: 'fully_achieved',
    friction_detail: 'wrong approach ×1 (message 5)',
  })
  expect(limited.evidence.every(({ quote, is_verified }) => quote === null && is_verified)).toBe(true)
})

test('with none the sentences of an extractor that words them freely go too', () => {
  const free = {
    ...facets,
    brief_summary: 'Kim mended it',
    primary_success: 'mended it',
    pivot_trigger: 'Kim said no',
  }
  const evidence = [
    { field: 'outcome', value: 'Kim liked it', ordinals: [1], quote: 'Fix', is_verified: true },
  ]
  expect(limitFacets({ ...free, evidence }, 'some-model', config('none'))).toMatchObject({
    brief_summary: null,
    friction_detail: null,
    primary_success: null,
    pivot_trigger: null,
    evidence: [{ field: 'outcome', ordinals: [1], quote: null, is_verified: true }],
  })
})

test('a quote that is not in the message it names is dropped and marked', () => {
  const evidence = [
    { field: 'outcome', ordinals: [4], quote: 'never said', is_verified: true },
    { field: 'outcome', ordinals: [99], quote: null, is_verified: true },
  ]
  expect(verifyEvidence({ ...facets, evidence }, transcript).evidence).toEqual([
    { field: 'outcome', ordinals: [4], quote: null, is_verified: false },
    { field: 'outcome', ordinals: [99], quote: null, is_verified: false },
  ])
})

test('with none each ground of a judgement stays as an enumeration, and what is said of people and skills goes', () => {
  const settings = {
    ...noContext,
    people: [{ name: 'Kim Ode' }],
    skills: [{ name: '/compose', handles: 'writing an email' }],
  }
  const told = talk(
    human('Write an email to Kim Ode about the hedge'),
    edit('notes/hedge.md'),
    agent('Drafted. The hedge photos were not verified.'),
    human('option 2, take the oak'),
    agent(`Oak it is. ${'The hedge stays. '.repeat(20)}Should I water it, or wait?`),
  )
  const judged = verifyEvidence(judgeByRules(inputOf(told, { context: settings })), told)
  expect(judged).toMatchObject({
    skills_missed: ['/compose'],
    outreach_type: 'proactive',
    knowledge_filed: 1,
  })
  const limited = limitFacets(judged, 'rules', { ...config('none'), context: settings })
  expect(JSON.stringify(limited)).not.toMatch(/hedge|Kim|oak|option 2|Drafted/i)
  expect(limited).toMatchObject({ relationship_actions: null, skills_missed: ['/compose'] })
  const grounds = limited.evidence.filter(({ field }) => field === 'outcome').map(({ value }) => value)
  expect(grounds).toEqual(['mostly_achieved', 'choice_open'])
})

const home = process.env.REAL_HOME
const missing = home ? '' : ' (skipped: needs REAL_HOME)'

test.skipIf(!home)(`with none no word of any real session stays${missing}`, async () => {
  const enumerations = Object.values(lists).flatMap((list) => (Array.isArray(list) ? list : []))
  const known = new Set<string>([...enumerations, ...Object.keys(lists.facetsSchema.shape), 'true', 'false'])
  const projects = join(home ?? '', '.claude', 'projects')
  const paths = readdirSync(projects, { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith('.jsonl'),
  )
  let checked = 0
  for (const path of paths) {
    const read = await readTranscript([join(projects, path)], basename(path, '.jsonl'))
    const whole = verifyEvidence(judgeByRules(inputOf(read)), read)
    const {
      brief_summary,
      friction_detail,
      projects: _named,
      ...limited
    } = limitFacets(whole, 'rules', config('none'))
    expect(textsIn(limited).filter((text) => !known.has(text))).toEqual([])
    const words = whole.evidence.flatMap(({ quote }) => (quote && quote.length > 15 ? [quote] : []))
    checked += words.length
    expect(words.filter((quote) => `${brief_summary} ${friction_detail}`.includes(quote))).toEqual([])
  }
  expect(checked).toBeGreaterThan(100)
})

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (value === null || typeof value !== 'object') return []
  return Object.values(value).flatMap(textsIn)
}
